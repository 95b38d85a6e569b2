#pragma once

#include "audit/unit_count.hpp"

/// How far the licenses of a pool are used up. Thread safety: free functions without state.
namespace allot {

enum class usage_status {
    exhausted, ///< no unit is left, or more are in use than there are
    nearly,    ///< 90 % or more are in use
    in_use,
    hardly, ///< 10 units or more, under 10 % of them in use
    empty,  ///< no units at all, and none in use
    unknown ///< the answers did not have the units
};

usage_status status_of(unit_count value) noexcept;

/// 1 is all. Without units: 0 when none is in use, else infinity. Never negative.
double used_share(unit_count value) noexcept;

/// Whether `left` is closer to exhaustion than `right`: the larger share in use, then the fewer units left.
/// Pools without any unit come last.
bool runs_out_before(unit_count left, unit_count right) noexcept;

}
