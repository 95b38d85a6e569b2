#pragma once

#include "audit/latency_histogram.hpp"
#include "audit/report/kept_rows.hpp"
#include "audit/report/rate_series.hpp"
#include "audit/report/usage.hpp"
#include "audit/row.hpp"
#include "audit/store/audit_reader.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What a report says, before it is a page.
namespace allot {

/// One allotment, with the units its last row shows.
struct report_pool {
    std::string id;                  ///< empty: the rows of a SKU whose answers named no allotment
    std::size_t sku = 0;             ///< in `report_data::skus`
    std::optional<unit_count> units; ///< not set: `$select` left them out
    std::uint64_t rows = 0;
    bool changed = false; ///< rows differ in its units
};

/// The allotments of one SKU, each counted once.
struct report_sku {
    std::string name;
    std::optional<unit_count> units; ///< of the allotments whose units are known
    std::uint64_t pools = 0;
    std::uint64_t pools_without_units = 0;
    std::uint64_t rows = 0;
};

/// Names a row so that a person finds it again.
struct row_example {
    std::uint64_t position = 0;
    assignment_scope scope = assignment_scope::admin;
    std::string principal_id;
    std::string assignment_id;
};

/// Rows that failed in the same way.
struct error_group {
    std::string code;
    std::string reason;
    int http_status = 0;
    audit_outcome outcome = audit_outcome::failed;
    std::uint64_t rows = 0;
    std::string message; ///< of the first
    row_example example; ///< the first
};

struct report_run {
    stored_run run;
    std::int64_t length_ms = 0; ///< until its end, or its last sample
};

struct report_data {
    std::optional<audit_identity> identity;
    std::string input_digest;
    audit_phase phase = audit_phase::reading;
    std::uint64_t inputs = 0;
    std::uint64_t distinct = 0;
    std::uint64_t rows = 0;
    std::array<std::uint64_t, 7> outcomes{};

    std::vector<report_sku> skus;   ///< the one that runs out first in front, those of unknown units last
    std::vector<report_pool> pools; ///< likewise
    std::vector<row_example> none;  ///< the first few
    std::vector<row_example> not_found;
    std::vector<error_group> errors; ///< the most frequent first

    latency_histogram latency; ///< of the rows that were asked for
    std::vector<report_run> runs;
    rate_series rate;
    std::vector<kept_row> table; ///< errors first, then findings, then the rest; by position within each
    bool table_is_complete = true;

    std::uint64_t of(audit_outcome value) const noexcept { return outcomes[static_cast<std::size_t>(value)]; }
    std::uint64_t error_rows() const noexcept;
    std::uint64_t named_pools() const noexcept;
};

/// Reads all of a stored audit once. Memory grows with the allotments and SKUs, and with the rows up to what
/// `limits` allow. Texts are cut to what a page can show. Errors: `store_error`.
report_data read_report_data(audit_reader& reader, kept_rows_limits const& limits = {});

}
