#include "io/throttle_gate.hpp"

#include "io/failures.hpp"

#include <utility>

namespace allot {

using clock = std::chrono::steady_clock;

throttle_gate::waiter::waiter(throttle_gate& gate) : owner(gate), spot(gate.executor_) {
    owner.state_.wait(id());
    owner.waiters_.push_back(*this);
}

throttle_gate::waiter::~waiter() {
    unlink();
    if (entered)
        owner.leave(*entered, {departure_kind::unused, std::nullopt});
    else if (owner.state_.cancel(id()))
        owner.pump();
}

throttle_gate::pass::pass(pass&& other) noexcept :
    gate_(std::exchange(other.gate_, nullptr)),
    ticket_(other.ticket_) {}

throttle_gate::pass& throttle_gate::pass::operator=(pass&& other) noexcept {
    std::swap(gate_, other.gate_);
    std::swap(ticket_, other.ticket_);
    return *this;
}

throttle_gate::pass::~pass() {
    leave({departure_kind::unused, std::nullopt});
}

void throttle_gate::pass::leave(departure const& how) {
    if (auto* const gate = std::exchange(gate_, nullptr))
        gate->leave(ticket_, how);
}

throttle_gate::throttle_gate(
    boost::asio::any_io_executor const& executor, throttle_gate_params const& params) :
    executor_(executor),
    state_(params),
    timer_(executor, [this] { pump(); }) {}

std::optional<throttle_gate::pass> throttle_gate::try_enter(time_point now) {
    if (auto const entered = state_.try_enter(now))
        return pass(*this, *entered);
    return std::nullopt;
}

boost::asio::awaitable<result<throttle_gate::pass>> throttle_gate::enter(std::optional<time_point> until) {
    auto const now = clock::now();
    if (auto const parked = state_.parked_until(now))
        co_return parked_failure(*parked);
    if (auto entered = try_enter(now))
        co_return std::move(*entered);

    waiter self(*this);
    pump();
    auto const outcome = self.entered ? parking_spot::outcome::woken : co_await self.spot.wait(until);
    switch (outcome) {
    case parking_spot::outcome::woken:
        if (self.parked)
            co_return parked_failure(*self.parked);
        co_return pass(*this, *std::exchange(self.entered, std::nullopt));
    case parking_spot::outcome::cancelled:
        co_return cancelled_failure();
    case parking_spot::outcome::expired:
        break;
    }
    co_return deadline_failure("the throttle gate");
}

void throttle_gate::leave(throttle_gate_state::ticket const& entered, departure const& how) {
    state_.leave(clock::now(), entered, how);
    if (!waiters_.empty())
        pump();
}

void throttle_gate::pump() {
    auto const now = clock::now();
    while (auto const admitted = state_.admit_next(now)) {
        auto& next = *reinterpret_cast<waiter*>(admitted->waiter);
        next.unlink();
        next.entered = admitted->ticket;
        next.spot.wake();
    }
    if (auto const parked = state_.parked_until(now)) {
        while (!waiters_.empty()) {
            auto& next = waiters_.front();
            next.unlink();
            state_.cancel(next.id());
            next.parked = parked;
            next.spot.wake();
        }
    }
    if (auto const at = state_.wake_at(now))
        timer_.set(*at);
    else
        timer_.clear();
}

}
