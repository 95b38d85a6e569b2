#include "protocol/throttle_gate_state.hpp"

#include <algorithm>
#include <cassert>

namespace allot {
namespace {

using namespace std::chrono;

constexpr milliseconds longest_blind_hold = minutes{5};

}

throttle_gate_state::throttle_gate_state(throttle_gate_params const& params) :
    params_(params),
    limit_(params.max_in_flight),
    ramp_(params.max_in_flight) {
    assert(params.max_in_flight > 0);
    if (params.max_rate)
        interval_ = ceil<nanoseconds>(duration<double>(1 / *params.max_rate));
}

std::optional<throttle_gate_state::ticket> throttle_gate_state::try_enter(time_point now) {
    if (!waiters_.empty() || !is_open(now))
        return std::nullopt;
    return enter(now);
}

void throttle_gate_state::wait(waiter_id waiter) {
    waiters_.push_back(waiter);
}

bool throttle_gate_state::cancel(waiter_id waiter) {
    auto const found = std::find(waiters_.begin(), waiters_.end(), waiter);
    if (found == waiters_.end())
        return false;
    waiters_.erase(found);
    return true;
}

std::optional<throttle_gate_state::admission> throttle_gate_state::admit_next(time_point now) {
    if (waiters_.empty() || !is_open(now))
        return std::nullopt;
    auto const waiter = waiters_.front();
    waiters_.pop_front();
    return admission{waiter, enter(std::max(next_slot_, now - interval_))};
}

std::optional<throttle_gate_state::time_point> throttle_gate_state::wake_at(time_point now) const {
    if (waiters_.empty() || !has_room())
        return std::nullopt;
    return std::max({now, hold_end_, next_slot_});
}

throttle_gate_state::ticket throttle_gate_state::enter(time_point slot) {
    ++in_flight_;
    ++entered_since_hold_;
    if (params_.max_rate)
        next_slot_ = slot + interval_;
    return {cuts_, holds_};
}

void throttle_gate_state::leave(time_point now, ticket const& entered, departure const& how) {
    assert(in_flight_ > 0);
    switch (how.kind) {
    case departure_kind::answered:
        grow(entered);
        break;
    case departure_kind::throttled:
        cut(entered);
        hold(now, entered, how.hint);
        break;
    case departure_kind::timed_out:
        cut(entered);
        break;
    case departure_kind::failed:
    case departure_kind::unused:
        break;
    }
    --in_flight_;
    if (entered.holds == holds_)
        --entered_since_hold_;
}

void throttle_gate_state::cut(ticket const& entered) {
    if (entered.cuts != cuts_)
        return;
    ++cuts_;
    limit_ = std::max<std::size_t>(limit_ * 9 / 10, 1);
}

void throttle_gate_state::hold(time_point now, ticket const& entered, std::optional<milliseconds> hint) {
    // Who entered before the last hold only confirms the block that others have reported.
    if (entered.holds == holds_ || blind_delay_ == milliseconds{0}) {
        auto const next = blind_delay_ == milliseconds{0} ? params_.throttled_delay : blind_delay_ * 2;
        blind_delay_ = std::min(next, longest_blind_hold);
    }
    if (!held(now)) {
        held_before_ += hold_end_ - hold_begin_;
        hold_begin_ = now;
        hold_end_ = now;
    }
    hold_end_ = std::max<time_point>(hold_end_, now + hint.value_or(blind_delay_));
    ++holds_;
    ramp_ = 1;
    entered_since_hold_ = 0;
}

void throttle_gate_state::grow(ticket const& entered) {
    if (entered.holds == holds_) {
        blind_delay_ = milliseconds{0};
        ramp_ = std::min(ramp_ * 2, params_.max_in_flight);
    }
    // A request from before the last cut was admitted under the limit that proved too high.
    if (entered.cuts == cuts_ && in_flight_ * 2 >= limit_)
        limit_ = std::min(limit_ + 1, params_.max_in_flight);
}

std::optional<throttle_gate_state::time_point> throttle_gate_state::held_until(time_point now) const {
    return held(now) ? std::optional(hold_end_) : std::nullopt;
}

std::optional<throttle_gate_state::time_point> throttle_gate_state::parked_until(time_point now) const {
    return hold_end_ > now + params_.max_wait ? std::optional(hold_end_) : std::nullopt;
}

nanoseconds throttle_gate_state::held_total(time_point now) const {
    return held_before_ + (std::min(now, hold_end_) - hold_begin_);
}

}
