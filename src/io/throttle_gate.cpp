#include "io/throttle_gate.hpp"

#include "io/failures.hpp"

#include <iterator>
#include <vector>

namespace allot {

using clock = std::chrono::steady_clock;

throttle_gate::waiter::waiter(throttle_gate& gate, std::uint32_t number) :
    owner(gate),
    spot(gate.executor_),
    calls(number) {
    owner.waiters_.push_back(*this);
    if (calls > 1)
        owner.mind_large(1);
}

throttle_gate::waiter::~waiter() {
    unlink();
    if (calls > 1)
        owner.mind_large(-1);
    if (in_line) {
        --owner.in_line_;
        owner.shared_->cancel(clock::now(), owner.lane_, id());
    }
    if (entered)
        owner.give_back(*entered);
}

throttle_gate::pass& throttle_gate::pass::operator=(pass&& other) noexcept {
    std::swap(gate_, other.gate_);
    std::swap(ticket_, other.ticket_);
    return *this;
}

throttle_gate::pass::~pass() {
    if (gate_)
        gate_->give_back(ticket_);
}

void throttle_gate::pass::leave(time_point now, departure const& how) {
    if (auto* const gate = std::exchange(gate_, nullptr))
        gate->leave(now, ticket_, how);
}

void throttle_gate::pass::settle(time_point now, departure const& how, std::uint32_t calls) {
    gate_->apply(gate_->shared_->settle(now, ticket_, how, calls));
    gate_->serve();
}

throttle_gate::throttle_gate(
    boost::asio::any_io_executor const& executor, std::shared_ptr<shared_gate> shared,
    throttle_gate_params const& params) :
    executor_(executor),
    shared_(std::move(shared)),
    params_(params),
    timer_(executor, [this] { gate_changed(); }) {}

std::shared_ptr<throttle_gate> throttle_gate::make(
    boost::asio::any_io_executor const& executor, std::shared_ptr<shared_gate> shared,
    throttle_gate_params const& params) {
    std::shared_ptr<throttle_gate> made(new throttle_gate(executor, std::move(shared), params));
    made->held_before_ = made->shared_->read(clock::now()).held;
    made->lane_ = made->shared_->join(made, executor, made->passage_, params);
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

void throttle_gate::count_in() {
    if (inside_++ == 0 && !kept_)
        kept_ = shared_from_this();
}

void throttle_gate::keep_while_used() {
    if (inside_ == 0)
        auto const last = std::move(kept_);
}

void throttle_gate::mind_large(int more) {
    large_ += more;
    passage_.want(large_ == 0 && !params_.max_rate);
}

std::optional<throttle_gate::pass> throttle_gate::try_enter(time_point now, std::uint32_t calls) {
    if (calls == 1 && is_open()) {
        if (inside_ >= params_.max_in_flight || !waiters_.empty())
            return std::nullopt;
        count_in();
        return pass(*this, passage_.enter(lane_));
    }
    // Who waits here comes first.
    if (in_line_ == 0 && !waiters_.empty())
        return std::nullopt;
    auto const entered = shared_->try_enter(now, lane_, calls);
    if (!entered)
        return std::nullopt;
    count_in();
    return pass(*this, *entered);
}

boost::asio::awaitable<result<throttle_gate::pass>>
throttle_gate::enter(std::optional<time_point> until, std::uint32_t calls) {
    for (;;) {
        auto const now = clock::now();
        if (auto entered = try_enter(now, calls))
            co_return std::move(*entered);
        if (!is_open())
            if (auto const parked = shared_->parked_until(now, lane_))
                co_return parked_failure(*parked);

        waiter self(*this, calls);
        if (calls > 1 || !is_open())
            look();
        auto outcome = parking_spot::outcome::woken;
        if (!self.entered && !self.parked)
            outcome = co_await self.spot.wait(until);
        switch (outcome) {
        case parking_spot::outcome::woken:
            if (self.parked)
                co_return parked_failure(*self.parked);
            // A hold may have begun between the admission and this moment.
            if (!shared_->outdated(*self.entered))
                co_return pass(*this, *std::exchange(self.entered, std::nullopt));
            break;
        case parking_spot::outcome::cancelled:
            co_return cancelled_failure();
        case parking_spot::outcome::expired:
            co_return deadline_failure("the throttle gate");
        }
    }
}

void throttle_gate::leave(time_point now, shared_gate::ticket const& entered, departure const& how) {
    --inside_;
    if (is_open() && passage_.takes(now, entered, how))
        passage_.leave(how);
    else if (auto const news = shared_->leave(now, entered, how))
        apply(*news);
    serve();
    keep_while_used();
}

void throttle_gate::give_back(shared_gate::ticket const& unused) {
    --inside_;
    // Its context may be at its end: who waits is served in a call that is not made then.
    shared_->give_back(clock::now(), unused, !waiters_.empty());
    keep_while_used();
}

void throttle_gate::look() {
    // They are behind those in line, who can be many.
    auto first = waiters_.end();
    while (first != waiters_.begin() && !std::prev(first)->in_line)
        --first;
    std::vector<shared_gate::newcomer> newcomers;
    for (; first != waiters_.end(); ++first) {
        first->in_line = true;
        newcomers.push_back({first->id(), first->calls});
    }
    in_line_ += newcomers.size();
    apply(shared_->look(clock::now(), lane_, newcomers));
}

void throttle_gate::give(shared_gate::ticket const& entered, waiter& to) {
    count_in();
    to.unlink();
    to.entered = entered;
    to.spot.wake();
}

void throttle_gate::apply(shared_gate::news const& news) {
    for (auto const& admitted : news.admitted) {
        auto& next = *reinterpret_cast<waiter*>(admitted.waiter);
        next.in_line = false;
        --in_line_;
        give(admitted.ticket, next);
    }
    if (news.parked || news.free) {
        for (auto& each : waiters_)
            each.in_line = false;
        in_line_ = 0;
    }
    if (news.parked) {
        while (!waiters_.empty()) {
            auto& next = waiters_.front();
            next.unlink();
            next.parked = news.parked;
            next.spot.wake();
        }
    }
    if (news.wake_at)
        timer_.set(*news.wake_at);
    else
        timer_.clear();
    serve();
}

void throttle_gate::serve() {
    if (waiters_.empty() || in_line_ != 0)
        return;
    if (!shared_->is_open(passage_))
        return look();
    while (!waiters_.empty() && inside_ < params_.max_in_flight)
        give(passage_.enter(lane_), waiters_.front());
}

}
