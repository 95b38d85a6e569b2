#pragma once

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
    std::optional<std::string> walk() override;
    std::string input_digest() override;
    audit_counts counts() override;
    std::vector<stored_run> runs() override;
    std::vector<run_sample> samples() override;
    std::vector<pending_reference> pending(std::uint64_t after, std::size_t most) override;
    std::unique_ptr<row_cursor> read_rows(row_order order) override;

private:
    std::shared_ptr<sqlite_database> database_;
    std::optional<sqlite_statement> pending_; ///< prepared by the first call, as the next
    std::optional<sqlite_statement> untouched_;
};

}
