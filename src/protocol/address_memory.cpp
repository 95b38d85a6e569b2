#include "protocol/address_memory.hpp"

#include <algorithm>
#include <iterator>

namespace allot {
namespace {

/// One of each in turn, then the rest of the longer one.
void append_alternating(
    std::vector<network_address>& out, std::vector<network_address> const& first,
    std::vector<network_address> const& second) {
    for (std::size_t i = 0; i != std::max(first.size(), second.size()); ++i)
        for (auto const* const each : {&first, &second})
            if (i < each->size())
                out.push_back((*each)[i]);
}

}

address_memory::entry const* address_memory::recent(time_point now, network_address const& address) const {
    auto const found = entries_.find(address.text);
    return found != entries_.end() && now - found->second.since < span ? &found->second : nullptr;
}

bool address_memory::has(
    time_point now, std::vector<network_address> const& resolved, bool v6, address_verdict verdict) const {
    return std::any_of(resolved.begin(), resolved.end(), [&](auto const& each) {
        auto const* const known = recent(now, each);
        return each.is_v6() == v6 && known && known->verdict == verdict;
    });
}

std::vector<network_address>
address_memory::good_ones(time_point now, std::vector<network_address> const& resolved, bool v6) const {
    std::vector<network_address> made;
    for (auto const& each : resolved) {
        auto const* const known = recent(now, each);
        if (each.is_v6() == v6 && !(known && known->verdict == address_verdict::failed))
            made.push_back(each);
    }
    if (made.empty())
        return made;
    auto const first = static_cast<std::ptrdiff_t>(turn_ % made.size());
    std::rotate(made.begin(), made.begin() + first, made.end());
    std::stable_partition(made.begin() + 1, made.end(), [&](auto const& each) { return recent(now, each); });
    return made;
}

std::vector<network_address>
address_memory::failed_ones(time_point now, std::vector<network_address> const& resolved, bool v6) const {
    std::vector<network_address> made;
    for (auto const& each : resolved) {
        auto const* const known = recent(now, each);
        if (each.is_v6() == v6 && known && known->verdict == address_verdict::failed)
            made.push_back(each);
    }
    std::stable_sort(made.begin(), made.end(), [&](auto const& one, auto const& other) {
        return recent(now, one)->since < recent(now, other)->since;
    });
    return made;
}

std::vector<network_address>
address_memory::order(time_point now, std::vector<network_address> const& resolved) {
    std::vector<network_address> made;
    if (resolved.empty())
        return made;
    bool first_family = resolved.front().is_v6();
    // Else each further address of a family without a way out would cost a delay of its own.
    if (has(now, resolved, first_family, address_verdict::failed) &&
        !has(now, resolved, first_family, address_verdict::worked) &&
        has(now, resolved, !first_family, address_verdict::worked))
        first_family = !first_family;
    append_alternating(made, good_ones(now, resolved, first_family), good_ones(now, resolved, !first_family));
    append_alternating(
        made, failed_ones(now, resolved, first_family), failed_ones(now, resolved, !first_family));
    ++turn_;
    return made;
}

void address_memory::note(time_point now, network_address const& address, address_verdict verdict) {
    if (verdict == address_verdict::none)
        return;
    std::erase_if(entries_, [now](auto const& each) { return now - each.second.since >= span; });
    entries_[address.text] = entry{verdict, now};
}

}
