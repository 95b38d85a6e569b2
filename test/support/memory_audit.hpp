#pragma once

#include "audit/input.hpp"
#include "audit/store/audit_reader.hpp"

#include <allot/batch.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace allot::test {

/// A stored audit that never was stored. Rows are read in the order in which they stand here.
class memory_audit : public audit_reader {
public:
    using entry = std::variant<batch_item, invalid_entry>;

    std::optional<audit_identity> is = audit_identity{"ids.txt", {}};
    audit_phase at = audit_phase::complete;
    std::string digest;
    std::uint64_t more_inputs = 0; ///< without a row
    std::vector<entry> rows;
    std::vector<stored_run> had_runs;
    std::vector<run_sample> had_samples;

    std::optional<audit_identity> identity() override { return is; }
    audit_phase phase() override { return at; }
    std::string input_digest() override { return digest; }
    std::optional<std::string> walk() override { return std::nullopt; }
    std::vector<stored_run> runs() override { return had_runs; }
    std::vector<run_sample> samples() override { return had_samples; }

    audit_counts counts() override {
        audit_counts out;
        out.inputs = out.distinct = rows.size() + more_inputs;
        for_each_row(row_order::input, [&](audit_row const& row) {
            ++out.outcomes[static_cast<std::size_t>(row.outcome)];
        });
        return out;
    }

    std::vector<pending_reference> pending(std::uint64_t, std::size_t) override { return {}; }

    std::unique_ptr<row_cursor> read_rows(row_order) override { return std::make_unique<cursor>(rows); }

private:
    class cursor final : public row_cursor {
    public:
        explicit cursor(std::vector<entry> const& entries) noexcept : entries_(entries) {}

        audit_row const* next() override {
            if (at_ == entries_.size())
                return nullptr;
            auto const& each = entries_[at_++];
            if (auto const* const item = std::get_if<batch_item>(&each))
                row_ = make_row(item->position, *item);
            else
                row_ = make_row(std::get<invalid_entry>(each));
            return &row_;
        }

    private:
        std::vector<entry> const& entries_;
        std::size_t at_ = 0;
        audit_row row_;
    };
};

}
