#include "simulator/fault_rules.hpp"

#include <algorithm>

namespace allot::simulation {

fault_rules::fault_rules(std::vector<rule> const& rules, std::uint64_t seed) :
    rules_(rules),
    seen_(rules.size()) {
    for (std::size_t at = 0; at != rules.size(); ++at)
        draws_.emplace_back(seed * 0x9e37'79b9'7f4a'7c15 + at);
}

std::optional<std::size_t>
fault_rules::match(endpoint of, std::string_view path, std::chrono::nanoseconds elapsed) {
    std::optional<std::size_t> first;
    // All rules look at every request, so that the counts of a rule do not depend on the rules before it.
    for (std::size_t at = 0; at != rules_.size(); ++at)
        if (matches(at, of, path, elapsed) && !first)
            first = at;
    return first;
}

bool fault_rules::matches(
    std::size_t at, endpoint of, std::string_view path, std::chrono::nanoseconds elapsed) {
    auto const& match = rules_[at].match;
    bool const item = of == endpoint::item;
    if (match.item.value_or(item) != item || (item && rules_[at].action.is_of_connection()))
        return false;
    if (!match.path && of == endpoint::token)
        return false;
    if (match.path && !match.path->found_in(path))
        return false;
    if (elapsed < match.after || (match.length && elapsed >= match.after + *match.length))
        return false;
    auto const count = ++seen_[at];
    if (!match.nth.empty() && !std::binary_search(match.nth.begin(), match.nth.end(), count))
        return false;
    if (match.every && count % *match.every != 0)
        return false;
    return !match.probability || draws_[at].chance(*match.probability);
}

}
