#pragma once

#include "audit/diff/changes.hpp"
#include "audit/store/audit_reader.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace allot {

/// What two audits add up to when they are compared.
struct diff_totals {
    struct assignments {
        std::uint64_t same = 0;
        std::uint64_t added = 0;
        std::uint64_t gone = 0;
        std::uint64_t moved = 0;
        std::uint64_t not_comparable = 0;
    };
    struct allotments {
        std::uint64_t same = 0;
        std::uint64_t changed = 0;
        std::uint64_t appeared = 0;
        std::uint64_t disappeared = 0;
        std::uint64_t not_comparable = 0;
    };
    struct skus {
        std::uint64_t same = 0;
        std::uint64_t changed = 0;
        std::uint64_t became_exhausted = 0; ///< of those changed
        std::uint64_t became_available = 0;
        std::uint64_t not_comparable = 0;
    };

    assignments of_assignments;
    allotments of_allotments;
    skus of_skus;

    bool different() const noexcept;
};

/// Compares two audits, in memory that grows with the allotments alone.
///
/// An assignment is the same one where scope, principal and id are; one that stands in an input several times
/// counts once. It is not comparable where either audit has an error row for it, an allotment without an id,
/// or, while it is unfinished, no row.
/// The units of an allotment are those of its last row in the order of the input, repeats left out. An
/// allotment that one audit alone saw, and only through assignments that are not comparable, is not
/// comparable; neither is one without units. The units of a SKU are the sums over its allotments that are
/// comparable; a SKU with an allotment without units is not comparable. Errors: `store_error`; what the sink
/// throws.
diff_totals compare_audits(audit_reader& before, audit_reader& after, change_sink& sink);

/// Why the comparison may mislead, as sentences for people: audits of other tenants or hosts, with other
/// members asked for, not finished. The names are those of the stores.
std::vector<std::string> doubts(
    audit_reader& before, std::string const& name_before, audit_reader& after, std::string const& name_after);

}
