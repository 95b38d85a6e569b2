#pragma once

#include "audit/input.hpp"
#include "audit/ledger.hpp"
#include "audit/row_output.hpp"
#include "audit/row_writers.hpp"

#include <memory>
#include <vector>

namespace allot {

/// Keeps an audit's state in memory; rows are written as they come.
class memory_ledger final : public audit_ledger {
public:
    /// Writes the rows of invalid entries at once. Lifetimes: `output` outlives it.
    memory_ledger(audit_input input, row_format format, row_output& output, row_observer seen);

    std::uint64_t inputs() const override { return inputs_; }
    reference_source references() override;
    void write(batch_item const& item) override;
    bool has_room() override { return sink_->has_room(); }
    void tick(client_stats const& stats) override;
    void end(run_end const& how, client_stats const& stats) override;
    audit_summary const& summary() const override { return summary_; }
    std::string whereabouts() const override;
    std::string repeat_command() const override;

private:
    void write(audit_row const& row);

    audit_input input_;
    std::uint64_t inputs_;
    row_format format_;
    row_output& output_;
    std::unique_ptr<result_sink> sink_;
    row_observer seen_;
    audit_summary summary_;
};

}
