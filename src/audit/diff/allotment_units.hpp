#pragma once

#include "audit/diff/compare.hpp"
#include "audit/row.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

enum class audit_side { before, after };

/// The allotments that two audits saw, with their units. Thread safety: shared: unsafe.
class allotment_units {
public:
    /// A row with an allotment that has an id. `comparable`: its assignment is.
    void add(audit_side side, audit_row const& row, bool comparable);

    /// Gives all changes to `sink` and counts them. Nothing is added afterwards.
    void compare(change_sink& sink, diff_totals& totals) const;

private:
    struct seen {
        std::uint64_t position = 0; ///< of the last row; 0 for never
        bool comparable = false;
        std::string sku;
        std::optional<unit_count> units;
    };
    using sides = std::array<seen, 2>;
    struct sku_sums;

    static bool is_comparable(sides const& value);

    std::map<std::string, sides, std::less<>> allotments_;
};

}
