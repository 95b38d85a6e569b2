#include "protocol/throttle_gate_state.hpp"

#include <algorithm>
#include <cassert>

namespace allot {
namespace {

/// What was answered is summed over a minute for it.
constexpr std::chrono::milliseconds discovery_interval{1};

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

std::optional<throttle_gate_state::ticket>
throttle_gate_state::try_enter(time_point now, lane_id lane, std::uint32_t calls) {
    if (!is_open(now) || !lanes_.admits(lane, now))
        return std::nullopt;
    lanes_.enter(lane, now, calls);
    return enter(now, lane, calls);
}

std::optional<throttle_gate_state::admission> throttle_gate_state::admit_next(time_point now) {
    if (!lanes_.has_waiters() || !is_open(now))
        return std::nullopt;
    auto const first = lanes_.next(now);
    if (!first)
        return std::nullopt;
    lanes_.take(*first, now);
    return admission{first->waiter, enter(now, first->lane, first->calls), first->arrival};
}

void throttle_gate_state::put_back(admission const& given) {
    auto const& unused = given.ticket;
    concurrency_.leave(unused.seen, unused.calls);
    lanes_.put_back({unused.lane, given.waiter, given.arrival, unused.calls});
}

std::optional<throttle_gate_state::time_point> throttle_gate_state::wake_at(time_point now) const {
    if (!lanes_.has_waiters())
        return std::nullopt;
    auto const given_back = lanes_.next_silent_at(now);
    auto const slot = lanes_.next_at(now);
    if (!slot)
        return given_back;
    auto const at =
        std::max({concurrency_.room_at(now), hold_.end(), *slot, rate_.next(std::max(now, hold_.end()))});
    return std::min(at, given_back.value_or(at));
}

throttle_gate_state::ticket throttle_gate_state::enter(time_point now, lane_id lane, std::size_t calls) {
    rate_.charge(now, calls);
    return {concurrency_.enter(now, calls), lane, static_cast<std::uint32_t>(calls)};
}

void throttle_gate_state::leave(time_point now, ticket const& entered, departure const& how) {
    on_ended(now, entered, how);
    concurrency_.leave(entered.seen, entered.calls);
    lanes_.leave(entered.lane);
}

void throttle_gate_state::settle(time_point now, ticket& entered, departure const& how, std::uint32_t calls) {
    assert(calls <= entered.calls);
    auto part = entered;
    part.calls = calls;
    on_ended(now, part, how);
    concurrency_.end_calls(entered.seen, calls);
    entered.calls -= calls;
}

void throttle_gate_state::on_ended(time_point now, ticket const& entered, departure const& how) {
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
    on_hints(now, entered, how);
}

void throttle_gate_state::pass(
    time_point now, lane_id lane, throttle_concurrency::mark const& seen, passage const& sum) {
    if (sum.in != 0 && rate_.has_not_begun())
        rate_.charge(now);
    concurrency_.pass(now, seen, sum.in, sum.out);
    lanes_.pass(lane, sum.in, sum.out);
    if (sum.out == 0)
        return;
    if (seen.holds == concurrency_.holds())
        hold_.on_good();
    auto const sent = now - sum.latencies / static_cast<std::int64_t>(sum.out);
    rate_.on_granted(now, sent, sum.units, false, sum.out);
    discover(now, drift_.slower());
}

void throttle_gate_state::on_latencies(
    time_point now, std::size_t answers, std::chrono::nanoseconds shortest) {
    drift_.on_answers(now, answers, shortest);
    if (drift_.slower())
        rate_.on_slower_answers(now);
}

void throttle_gate_state::discover(time_point now, bool slower) {
    if (!concurrency_.discovers() || now < discovered_at_ + discovery_interval)
        return;
    discovered_at_ = now;
    concurrency_.discover(rate_.lowest(now) / rate_.cost(), drift_.usual(), slower);
}

void throttle_gate_state::on_answered(time_point now, ticket const& entered, departure const& how) {
    if (!outdated(entered))
        hold_.on_good();
    if (how.latency)
        drift_.on_answers(now, 1, *how.latency);
    bool const slower = drift_.slower();
    if (slower)
        rate_.on_slower_answers(now);
    if (entered.calls != 0)
        rate_.on_granted(
            now, sent_at(now, how), how.units.value_or(entered.calls), lanes_.has_waiters(), entered.calls);
    concurrency_.grow(entered.seen);
    discover(now, slower);
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

void throttle_gate_state::on_hints(time_point now, ticket const& entered, departure const& how) {
    if (how.load) {
        rate_.on_load(now, *how.load);
        if (rate_.known())
            concurrency_.end_discovery();
    }
    if (how.remaining)
        rate_.on_remaining(
            now, *how.remaining, static_cast<double>(concurrency_.calls() - entered.calls) * rate_.cost());
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
