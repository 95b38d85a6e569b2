#include "protocol/envelope_queue.hpp"

#include <algorithm>

namespace allot {

std::size_t envelope_queue::take(
    time_point now, std::size_t size, std::function<bool()> const& take_budget, std::vector<entry>& out) {
    bool budget = true;
    for (auto at = entries_.begin(); at != entries_.end() && at->first <= now && out.size() != size;) {
        auto const& each = at->second;
        bool const fits = each.most > out.size();
        if (fits && each.on_budget)
            budget = budget && take_budget();
        if (!fits || (each.on_budget && !budget)) {
            ++at;
            continue;
        }
        size = std::min(size, each.most);
        out.push_back(each);
        at = entries_.erase(at);
    }
    return size;
}

std::vector<envelope_queue::entry> envelope_queue::take_expired(time_point now) {
    std::vector<entry> out;
    for (auto at = entries_.begin(); at != entries_.end();) {
        bool const expired = at->second.deadline <= now;
        if (expired)
            out.push_back(at->second);
        at = expired ? entries_.erase(at) : std::next(at);
    }
    return out;
}

envelope_queue::time_point envelope_queue::next_deadline() const noexcept {
    auto first = time_point::max();
    for (auto const& [at, each] : entries_)
        first = std::min(first, each.deadline);
    return first;
}

std::vector<envelope_queue::entry> envelope_queue::take_all() {
    std::vector<entry> out;
    out.reserve(entries_.size());
    for (auto const& [at, each] : entries_)
        out.push_back(each);
    entries_.clear();
    return out;
}

}
