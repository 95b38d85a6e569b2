#include "audit/diff/allotment_units.hpp"

#include "audit/sku_name.hpp"

namespace allot {
struct allotment_units::sku_sums {
    std::array<sku_units, 2> sides;
    bool comparable = true;

    void add(std::size_t side, unit_count const& units) {
        auto& sum = sides[side];
        ++sum.allotments;
        sum.units.allotted += units.allotted;
        sum.units.consumed += units.consumed;
    }
};

void allotment_units::add(audit_side side, audit_row const& row, bool comparable) {
    auto found = allotments_.find(*row.allotment->id);
    if (found == allotments_.end())
        found = allotments_.try_emplace(*row.allotment->id).first;
    auto& at = found->second[static_cast<std::size_t>(side)];
    at.comparable = at.comparable || comparable;
    if (row.position <= at.position)
        return;
    at.position = row.position;
    at.sku = sku_name(*row.allotment);
    at.units = units_of(*row.allotment);
}

bool allotment_units::is_comparable(sides const& value) {
    auto const& [before, after] = value;
    if (before.position != 0 && after.position != 0)
        return true;
    return before.comparable || after.comparable;
}

void allotment_units::compare(change_sink& sink, diff_totals& totals) const {
    auto& counts = totals.of_allotments;
    std::map<std::string_view, sku_sums> skus;
    for (auto const& [id, both] : allotments_) {
        auto const& [before, after] = both;
        bool const had = before.position != 0;
        bool const has = after.position != 0;
        auto const& sku = has ? after.sku : before.sku;
        bool const has_units = (!had || before.units) && (!has || after.units);
        auto const comparable = is_comparable(both);
        if (comparable) {
            auto& sums = skus[sku];
            sums.comparable = sums.comparable && has_units;
            for (std::size_t side = 0; side != both.size(); ++side)
                if (both[side].units)
                    sums.add(side, *both[side].units);
        }
        if (!comparable || (had && has && !has_units)) {
            ++counts.not_comparable;
            continue;
        }
        if (had && has && before.units == after.units) {
            ++counts.same;
            continue;
        }
        auto const kind = !had   ? allotment_change::what::appeared
                          : !has ? allotment_change::what::disappeared
                                 : allotment_change::what::changed;
        ++(!had ? counts.appeared : !has ? counts.disappeared : counts.changed);
        sink.add(allotment_change{kind, id, sku, before.units, after.units});
    }
    for (auto const& [sku, sums] : skus) {
        auto const& [before, after] = sums.sides;
        if (!sums.comparable) {
            ++totals.of_skus.not_comparable;
            continue;
        }
        if (before == after) {
            ++totals.of_skus.same;
            continue;
        }
        sku_change change{sku, std::nullopt, std::nullopt};
        if (before.allotments != 0)
            change.before = before;
        if (after.allotments != 0)
            change.after = after;
        ++totals.of_skus.changed;
        totals.of_skus.became_exhausted += change.became_exhausted() ? 1U : 0U;
        totals.of_skus.became_available += change.became_available() ? 1U : 0U;
        sink.add(change);
    }
}

}
