#include "protocol/throttle_gate_state.hpp"

#include <algorithm>

namespace allot {
namespace {

throttle_gate_state::time_point sent_at(throttle_gate_state::time_point now, departure const& how) {
    return now - how.latency.value_or(std::chrono::nanoseconds{0});
}

}

throttle_gate_state::lane_id throttle_gate_state::add_lane(throttle_gate_params const& params) {
    concurrency_.add_most(params.max_in_flight);
    return lanes_.add(params);
}

void throttle_gate_state::remove_lane(lane_id lane) {
    concurrency_.remove_most(lanes_.params(lane).max_in_flight);
    lanes_.remove(lane);
}

std::optional<throttle_gate_state::ticket> throttle_gate_state::try_enter(time_point now, lane_id lane) {
    if (!is_open(now) || !lanes_.admits(lane, now))
        return std::nullopt;
    lanes_.enter(lane, now);
    return enter(now, lane);
}

std::optional<throttle_gate_state::admission> throttle_gate_state::admit_next(time_point now) {
    if (!lanes_.has_waiters() || !is_open(now))
        return std::nullopt;
    auto const first = lanes_.next(now);
    if (!first)
        return std::nullopt;
    lanes_.take(*first, now);
    return admission{first->waiter, enter(now, first->lane)};
}

std::optional<throttle_gate_state::time_point> throttle_gate_state::wake_at(time_point now) const {
    if (!lanes_.has_waiters() || !concurrency_.has_room())
        return std::nullopt;
    auto const slot = lanes_.next_at();
    if (!slot)
        return std::nullopt;
    return std::max({now, hold_.end(), *slot, rate_.next(std::max(now, hold_.end()))});
}

throttle_gate_state::ticket throttle_gate_state::enter(time_point now, lane_id lane) {
    rate_.charge(now);
    return {concurrency_.enter(), lane};
}

void throttle_gate_state::leave(time_point now, ticket const& entered, departure const& how) {
    switch (how.kind) {
    case departure_kind::answered:
        on_answered(now, entered, how);
        break;
    case departure_kind::throttled:
        on_throttled(now, entered, how);
        break;
    case departure_kind::timed_out:
        concurrency_.cut(entered.seen);
        break;
    case departure_kind::failed:
    case departure_kind::unused:
        break;
    }
    on_hints(now, how);
    concurrency_.leave(entered.seen);
    lanes_.leave(entered.lane);
}

void throttle_gate_state::on_answered(time_point now, ticket const& entered, departure const& how) {
    if (!outdated(entered))
        hold_.on_good();
    if (how.latency)
        drift_.on_answer(now, *how.latency);
    bool const slower = drift_.slower();
    if (slower)
        rate_.on_slower_answers(now);
    rate_.on_granted(now, sent_at(now, how), how.units.value_or(1), lanes_.has_waiters());
    concurrency_.grow(entered.seen);
    if (concurrency_.discovers())
        concurrency_.discover(rate_.lowest(now) / rate_.cost(), drift_.usual(), slower);
}

void throttle_gate_state::on_throttled(time_point now, ticket const& entered, departure const& how) {
    bool const new_block = !outdated(entered);
    concurrency_.cut(entered.seen);
    if (new_block)
        rate_.on_block(now, sent_at(now, how));
    hold_.extend(now, new_block, how.hint, lanes_.params(entered.lane).throttled_delay);
    rate_.on_hold(hold_.begin(), hold_.end());
    concurrency_.on_hold();
    if (rate_.known())
        concurrency_.end_discovery();
}

void throttle_gate_state::on_hints(time_point now, departure const& how) {
    if (how.load) {
        rate_.on_load(now, *how.load);
        if (rate_.known())
            concurrency_.end_discovery();
    }
    if (how.remaining)
        rate_.on_remaining(now, *how.remaining, static_cast<double>(in_flight() - 1) * rate_.cost());
}

std::optional<throttle_gate_state::time_point> throttle_gate_state::held_until(time_point now) const {
    return hold_.active(now) ? std::optional(hold_.end()) : std::nullopt;
}

std::optional<throttle_gate_state::time_point>
throttle_gate_state::parked_until(time_point now, lane_id lane) const {
    return hold_.end() > now + lanes_.params(lane).max_wait ? std::optional(hold_.end()) : std::nullopt;
}

std::optional<throttle_gate_state::time_point> throttle_gate_state::throttled_until(time_point now) const {
    auto const at = std::max(hold_.end(), rate_.next(std::max(now, hold_.end())));
    return at > now ? std::optional(at) : std::nullopt;
}

}
