#include "audit/unit_count.hpp"

namespace allot {

std::optional<unit_count> units_of(allotment const& value) {
    if (!value.allotted_units || !value.consumed_units)
        return std::nullopt;
    return unit_count{*value.allotted_units, *value.consumed_units};
}

}
