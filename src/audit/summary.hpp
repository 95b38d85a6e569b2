#pragma once

#include "audit/latency_histogram.hpp"
#include "audit/row.hpp"

#include <allot/client.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

namespace allot {

/// The allotments of one SKU among the rows, each counted once, with the units it had last.
struct sku_summary {
    std::string name; ///< its part number, else its GUID
    std::uint64_t allotments = 0;
    std::int64_t consumed = 0;
    std::int64_t allotted = 0;
};

/// What the rows of an audit add up to. Memory grows with the allotments seen, not with the rows.
/// Thread safety: shared: unsafe.
class audit_summary {
public:
    /// A row that stands for `times` lines of the input.
    void add(audit_row const& row, std::uint64_t times = 1);

    std::uint64_t rows() const noexcept { return rows_; }
    std::uint64_t count(audit_outcome value) const noexcept {
        return outcomes_[static_cast<std::size_t>(value)];
    }
    std::uint64_t error_rows() const noexcept;
    latency_histogram const& latency() const noexcept { return latency_; }

    /// Distinct allotments, by id; those without one (`$select` left it out) are not counted.
    std::size_t allotments() const noexcept { return allotments_.size(); }

    /// By consumed units, the most first.
    std::vector<sku_summary> skus() const;

private:
    struct seen_allotment {
        std::string sku;
        std::int64_t consumed = 0;
        std::int64_t allotted = 0;
    };

    std::array<std::uint64_t, 7> outcomes_{};
    std::uint64_t rows_ = 0;
    latency_histogram latency_;
    std::unordered_map<std::string, seen_allotment> allotments_;
};

/// How a table is drawn.
struct table_style {
    std::size_t width = 80; ///< columns
    bool colours = false;
};

/// The summary as a table for people; no control characters but line ends and colours. Names are shortened
/// where the width demands it, numbers never: only for them a line may be longer. Error outcomes are marked.
std::string summary_table(
    audit_summary const& summary, std::uint64_t inputs, client_stats const& stats,
    std::chrono::nanoseconds elapsed, table_style const& style);

/// The same numbers as one JSON object, without a line end.
std::string summary_json(
    audit_summary const& summary, std::uint64_t inputs, client_stats const& stats,
    std::chrono::nanoseconds elapsed);

}
