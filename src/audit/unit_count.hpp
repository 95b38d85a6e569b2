#pragma once

#include <allot/model.hpp>

#include <cstdint>
#include <optional>

namespace allot {

/// The units of one pool, or of several added up. Graph's numbers have 32 bits, their sums 64.
struct unit_count {
    std::int64_t allotted = 0;
    std::int64_t consumed = 0; ///< may exceed `allotted`

    /// Negative: more in use than there are.
    std::int64_t left() const noexcept { return allotted - consumed; }
    friend bool operator==(unit_count const&, unit_count const&) = default;
};

/// Nothing when `$select` left one of the numbers out.
std::optional<unit_count> units_of(allotment const& value);

}
