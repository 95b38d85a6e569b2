#include "audit/summary.hpp"

#include "audit/sku_name.hpp"

#include <algorithm>
#include <utility>

namespace allot {

void audit_summary::add(audit_row const& row, std::uint64_t times) {
    rows_ += times;
    outcomes_[static_cast<std::size_t>(row.outcome)] += times;
    if (row.outcome != audit_outcome::invalid_input)
        latency_.add(row.duration, times);
    if (row.allotment == nullptr || !row.allotment->id)
        return;
    auto& seen = allotments_[*row.allotment->id];
    if (seen.sku.empty())
        seen.sku = sku_name(*row.allotment);
    seen.consumed = row.allotment->consumed_units.value_or(0);
    seen.allotted = row.allotment->allotted_units.value_or(0);
}

std::uint64_t audit_summary::error_rows() const noexcept {
    return rows_ - count(audit_outcome::ok) - count(audit_outcome::none) - count(audit_outcome::not_found);
}

std::vector<sku_summary> audit_summary::skus() const {
    std::map<std::string, sku_summary> by_name;
    for (auto const& [id, seen] : allotments_) {
        auto& sku = by_name[seen.sku];
        sku.name = seen.sku;
        ++sku.allotments;
        sku.consumed += seen.consumed;
        sku.allotted += seen.allotted;
    }
    std::vector<sku_summary> out;
    for (auto& [name, sku] : by_name)
        out.push_back(std::move(sku));
    std::stable_sort(out.begin(), out.end(), [](auto const& left, auto const& right) {
        return left.consumed > right.consumed;
    });
    return out;
}

}
