#include "protocol/throttle_lanes.hpp"

#include <algorithm>
#include <cassert>

namespace allot {

using namespace std::chrono;

throttle_lanes::lane_id throttle_lanes::add(throttle_gate_params const& params) {
    assert(params.max_in_flight > 0);
    auto free = std::find(lanes_.begin(), lanes_.end(), std::nullopt);
    if (free == lanes_.end())
        free = lanes_.insert(lanes_.end(), std::nullopt);
    auto& added = free->emplace();
    added.params = params;
    if (params.max_rate)
        added.interval = ceil<nanoseconds>(duration<double>(1 / *params.max_rate));
    return static_cast<lane_id>(free - lanes_.begin());
}

void throttle_lanes::remove(lane_id which) {
    assert(lanes_[which]->in_flight == 0);
    clear(which);
    lanes_[which].reset();
}

void throttle_lanes::clear(lane_id which) {
    waiting_ -= lanes_[which]->line.size();
    lanes_[which]->line.clear();
}

void throttle_lanes::client_lane::enter(time_point slot) {
    ++in_flight;
    if (params.max_rate)
        next_slot = slot + interval;
}

bool throttle_lanes::admits(lane_id which, time_point now) const {
    auto const& own = *lanes_[which];
    return own.line.empty() && own.open(now) && (waiting_ == 0 || !next(now));
}

void throttle_lanes::enter(lane_id which, time_point now) {
    lanes_[which]->enter(now);
}

void throttle_lanes::wait(lane_id which, waiter_id id) {
    lanes_[which]->line.push_back({id, ++arrivals_});
    ++waiting_;
}

bool throttle_lanes::cancel(waiter_id id) {
    for (auto& each : lanes_) {
        if (!each)
            continue;
        auto const has_id = [id](auto const& one) { return one.id == id; };
        auto const found = std::find_if(each->line.begin(), each->line.end(), has_id);
        if (found == each->line.end())
            continue;
        each->line.erase(found);
        --waiting_;
        return true;
    }
    return false;
}

std::optional<throttle_lanes::place> throttle_lanes::next(time_point now) const {
    std::optional<place> first;
    std::uint64_t arrival = 0;
    for (lane_id which = 0; waiting_ != 0 && which != lanes_.size(); ++which) {
        auto const& each = lanes_[which];
        if (!each || each->line.empty() || !each->open(now) ||
            (first && each->line.front().arrival > arrival))
            continue;
        first = place{which, each->line.front().id};
        arrival = each->line.front().arrival;
    }
    return first;
}

void throttle_lanes::take(place const& first, time_point now) {
    auto& from = *lanes_[first.lane];
    from.line.pop_front();
    --waiting_;
    // Admitted late, the next may follow so much sooner, by one interval at most.
    from.enter(std::max(from.next_slot, now - from.interval));
}

std::optional<throttle_lanes::time_point> throttle_lanes::next_at() const {
    std::optional<time_point> first;
    for (auto const& each : lanes_)
        if (each && !each->line.empty() && each->in_flight < each->params.max_in_flight)
            first = std::min(first.value_or(time_point::max()), each->next_slot);
    return first;
}

}
