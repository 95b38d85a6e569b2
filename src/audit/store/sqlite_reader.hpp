#pragma once

#include "audit/store/allotment_texts.hpp"
#include "audit/store/audit_reader.hpp"
#include "audit/store/sqlite_database.hpp"

#include <memory>
#include <utility>

namespace allot {

/// Reads a store. Thread safety: shared: unsafe, with all who use its database.
class sqlite_reader final : public audit_reader {
public:
    explicit sqlite_reader(std::shared_ptr<sqlite_database> database) noexcept :
        database_(std::move(database)) {}

    std::optional<audit_identity> identity() override;
    audit_phase phase() override;
    std::string input_digest() override;
    audit_counts counts() override;
    std::vector<stored_run> runs() override;
    std::vector<run_sample> samples() override;
    std::vector<pending_reference> pending(std::uint64_t after, std::size_t most) override;
    void for_each_row(row_order order, std::function<void(audit_row const&)> const& use) override;

private:
    stored_allotment const& allotment_of(std::int64_t key);

    std::shared_ptr<sqlite_database> database_;
    allotment_texts allotments_;
    std::optional<sqlite_statement> pending_; ///< prepared by the first call
    std::optional<sqlite_statement> allotment_;
};

}
