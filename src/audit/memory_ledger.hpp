#pragma once

#include "audit/caught_error.hpp"
#include "audit/kept_input.hpp"
#include "audit/ledger.hpp"
#include "audit/row_output.hpp"
#include "audit/row_writers.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace allot {

/// Keeps of an audit no more than is under way, but for references that repeat and, until it ends, those of a
/// walk; rows are written as they come.
class memory_ledger final : public audit_ledger {
public:
    /// Writes the rows of invalid entries at once. Lifetimes: `output` outlives it.
    memory_ledger(kept_input input, row_format format, row_output& output, row_observer seen);

    /// For an audit of what a list has.
    memory_ledger(row_format format, row_output& output, row_observer seen);

    std::uint64_t inputs() const override { return inputs_; }
    bool is_complete() const override { return !walk_ && summary_.rows() == inputs_; }
    std::optional<std::string> walk() const override { return walk_; }
    void take(assignment_page const& page, list_scope const& scope) override;
    void restart_walk() override;
    reference_source references() override;
    void write(batch_item const& item) override;
    bool has_room() override;
    void tick(client_stats const& stats) override;
    void end(run_end const& how, client_stats const& stats) override;
    audit_summary const& summary() const override { return summary_; }
    std::string whereabouts() const override;
    std::string repeat_command() const override;

private:
    /// The positions of a reference that was given and has no row yet.
    struct claim {
        std::uint64_t position = 0;
        std::vector<std::uint64_t> repeats{};
    };

    void write(audit_row const& row);
    std::optional<assignment_ref> next_reference();
    claim settle(std::uint64_t number);
    void check_source();

    kept_input input_;
    std::uint64_t inputs_;
    row_format format_;
    row_output& output_;
    std::unique_ptr<result_sink> sink_;
    row_observer seen_;
    audit_summary summary_;
    std::optional<std::string> walk_;
    std::unordered_set<assignment_ref> listed_; // while there is a walk

    std::mutex claims_mutex_; // references may be taken by other threads than that which writes
    std::unordered_map<std::uint64_t, claim> claims_; // by the number they were given as
    std::uint64_t given_ = 0;
    caught_error read_error_;
};

}
