#include "protocol/throttle_lanes.hpp"

#include <algorithm>
#include <cassert>

namespace allot {

namespace {

using namespace std::chrono;
using time_point = throttle_lanes::time_point;

}

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
    for (auto const& each : lanes_[which]->line)
        if (!each.gone)
            spots_.erase(each.id);
    lanes_[which]->line.clear();
}

void throttle_lanes::client_lane::enter(time_point slot, std::size_t calls) {
    ++in_flight;
    if (params.max_rate)
        next_slot = slot + interval * static_cast<std::int64_t>(calls);
}

void throttle_lanes::client_lane::drop_gone() {
    while (!line.empty() && line.front().gone)
        line.pop_front();
}

bool throttle_lanes::admits(lane_id which, time_point now) const {
    auto const& own = *lanes_[which];
    return own.line.empty() && own.open(now) && !next(now);
}

void throttle_lanes::enter(lane_id which, time_point now, std::size_t calls) {
    lanes_[which]->enter(now, calls);
}

void throttle_lanes::wait(lane_id which, waiter_id id, std::size_t calls) {
    lanes_[which]->line.push_back({id, ++arrivals_, calls});
    spots_.emplace(id, spot{which, arrivals_});
}

bool throttle_lanes::cancel(waiter_id id) {
    auto const known = spots_.find(id);
    if (known == spots_.end())
        return false;
    auto& from = *lanes_[known->second.lane];
    auto const earlier = [](waiter const& each, std::uint64_t arrival) { return each.arrival < arrival; };
    std::lower_bound(from.line.begin(), from.line.end(), known->second.arrival, earlier)->gone = true;
    spots_.erase(known);
    from.drop_gone();
    return true;
}

void throttle_lanes::put_back(place const& first) {
    auto& to = *lanes_[first.lane];
    --to.in_flight;
    auto const later = [](std::uint64_t arrival, waiter const& each) { return arrival < each.arrival; };
    to.line.insert(
        std::upper_bound(to.line.begin(), to.line.end(), first.arrival, later),
        {first.waiter, first.arrival, first.calls});
    spots_.emplace(first.waiter, spot{first.lane, first.arrival});
}

void throttle_lanes::on_called(lane_id which, time_point now) {
    auto& at = lanes_[which]->called_at;
    at = at.value_or(now);
}

std::optional<time_point> throttle_lanes::next_silent_at(time_point now) const {
    std::optional<time_point> first;
    for (auto const& each : lanes_)
        if (each && each->called_at && !each->silent(now))
            first = std::min(first.value_or(time_point::max()), *each->called_at + patience);
    return first;
}

std::optional<throttle_lanes::place> throttle_lanes::next(time_point now) const {
    std::optional<place> first;
    for (lane_id which = 0; has_waiters() && which != lanes_.size(); ++which) {
        auto const& each = lanes_[which];
        if (!each || each->line.empty() || !each->open(now))
            continue;
        auto const& own = each->line.front();
        if (!first || own.arrival < first->arrival)
            first = place{which, own.id, own.arrival, own.calls};
    }
    return first;
}

void throttle_lanes::take(place const& first, time_point now) {
    auto& from = *lanes_[first.lane];
    spots_.erase(first.waiter);
    from.line.pop_front();
    from.drop_gone();
    // Admitted late, the next may follow so much sooner, by one interval at most.
    from.enter(std::max(from.next_slot, now - from.interval), first.calls);
}

std::optional<time_point> throttle_lanes::next_at(time_point now) const {
    std::optional<time_point> first;
    for (auto const& each : lanes_)
        if (each && !each->line.empty() && each->in_flight < each->params.max_in_flight && !each->silent(now))
            first = std::min(first.value_or(time_point::max()), each->next_slot);
    return first;
}

}
