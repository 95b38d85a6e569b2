#include "audit/report/usage.hpp"

#include <algorithm>
#include <limits>

namespace allot {
namespace {

constexpr double nearly_from = 0.9;
constexpr double hardly_below = 0.1;
constexpr std::int64_t hardly_needs = 10;

bool is_empty(unit_count value) noexcept {
    return value.allotted <= 0 && value.consumed <= 0;
}

}

double used_share(unit_count value) noexcept {
    if (value.consumed <= 0)
        return 0;
    if (value.allotted <= 0)
        return std::numeric_limits<double>::infinity();
    return static_cast<double>(value.consumed) / static_cast<double>(value.allotted);
}

usage_status status_of(unit_count value) noexcept {
    if (is_empty(value))
        return usage_status::empty;
    if (value.left() <= 0)
        return usage_status::exhausted;
    auto const share = used_share(value);
    if (share >= nearly_from)
        return usage_status::nearly;
    return share < hardly_below && value.allotted >= hardly_needs ? usage_status::hardly
                                                                  : usage_status::in_use;
}

bool runs_out_before(unit_count left, unit_count right) noexcept {
    if (is_empty(left) != is_empty(right))
        return is_empty(right);
    auto const left_share = used_share(left);
    auto const right_share = used_share(right);
    return left_share != right_share ? left_share > right_share : left.left() < right.left();
}

}
