#include "io/throttle_gate.hpp"

#include "io/failures.hpp"

#include <utility>

namespace allot {

using clock = std::chrono::steady_clock;

throttle_gate::waiter::waiter(throttle_gate& gate) : owner(gate), spot(gate.executor_) {
    owner.waiters_.push_back(*this);
}

throttle_gate::waiter::~waiter() {
    unlink();
    if (entered)
        owner.shared_->give_back(clock::now(), *entered);
    else if (in_line)
        owner.shared_->cancel(clock::now(), owner.lane_, id());
}

throttle_gate::pass& throttle_gate::pass::operator=(pass&& other) noexcept {
    std::swap(gate_, other.gate_);
    std::swap(ticket_, other.ticket_);
    return *this;
}

throttle_gate::pass::~pass() {
    if (gate_)
        gate_->shared_->give_back(clock::now(), ticket_);
}

void throttle_gate::pass::leave(time_point now, departure const& how) {
    auto const gate = std::exchange(gate_, nullptr);
    if (!gate)
        return;
    if (auto const news = gate->shared_->leave(now, ticket_, how))
        gate->apply(*news);
}

throttle_gate::throttle_gate(
    boost::asio::any_io_executor const& executor, std::shared_ptr<shared_gate> shared) :
    executor_(executor),
    shared_(std::move(shared)),
    timer_(executor, [this] { gate_changed(); }) {}

std::shared_ptr<throttle_gate> throttle_gate::make(
    boost::asio::any_io_executor const& executor, std::shared_ptr<shared_gate> shared,
    throttle_gate_params const& params) {
    std::shared_ptr<throttle_gate> made(new throttle_gate(executor, std::move(shared)));
    made->held_before_ = made->shared_->read(clock::now()).held;
    made->lane_ = made->shared_->join(made, executor, params);
    return made;
}

throttle_gate::~throttle_gate() {
    shared_->part(lane_);
}

shared_gate::figures throttle_gate::read(time_point now) const {
    auto found = shared_->read(now);
    found.held -= held_before_;
    return found;
}

std::optional<throttle_gate::pass> throttle_gate::try_enter(time_point now) {
    if (auto const entered = shared_->try_enter(now, lane_))
        return pass(shared_from_this(), *entered);
    return std::nullopt;
}

boost::asio::awaitable<result<throttle_gate::pass>> throttle_gate::enter(std::optional<time_point> until) {
    for (;;) {
        auto const now = clock::now();
        if (auto const parked = shared_->parked_until(now, lane_))
            co_return parked_failure(*parked);
        if (auto entered = try_enter(now))
            co_return std::move(*entered);

        waiter self(*this);
        apply(shared_->wait(now, lane_, self.id()));
        auto outcome = parking_spot::outcome::woken;
        if (!self.entered && !self.parked)
            outcome = co_await self.spot.wait(until);
        switch (outcome) {
        case parking_spot::outcome::woken:
            if (self.parked)
                co_return parked_failure(*self.parked);
            // A hold may have begun between the admission and this moment.
            if (!shared_->outdated(*self.entered))
                co_return pass(shared_from_this(), *std::exchange(self.entered, std::nullopt));
            break;
        case parking_spot::outcome::cancelled:
            co_return cancelled_failure();
        case parking_spot::outcome::expired:
            co_return deadline_failure("the throttle gate");
        }
    }
}

void throttle_gate::gate_changed() {
    apply(shared_->look(clock::now(), lane_));
}

void throttle_gate::apply(shared_gate::news const& news) {
    for (auto const& admitted : news.admitted) {
        auto& next = *reinterpret_cast<waiter*>(admitted.waiter);
        next.unlink();
        next.in_line = false;
        next.entered = admitted.ticket;
        next.spot.wake();
    }
    if (news.parked) {
        while (!waiters_.empty()) {
            auto& next = waiters_.front();
            next.unlink();
            next.in_line = false;
            next.parked = news.parked;
            next.spot.wake();
        }
    }
    if (news.wake_at)
        timer_.set(*news.wake_at);
    else
        timer_.clear();
}

}
