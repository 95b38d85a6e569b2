#include "io/retry_line.hpp"

#include "io/failures.hpp"

namespace allot {

using clock = std::chrono::steady_clock;

struct retry_line::waiter {
    explicit waiter(retry_line& line) : owner(line), spot(line.executor_) { owner.waiters_.push_back(this); }
    ~waiter() {
        if (!granted)
            std::erase(owner.waiters_, this);
    }
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;

    retry_line& owner;
    parking_spot spot;
    bool granted = false;
};

retry_line::retry_line(boost::asio::any_io_executor const& executor) :
    executor_(executor),
    budget_(clock::now()),
    timer_(executor, [this] { pump(); }) {}

void retry_line::on_request(time_point now) {
    budget_.on_request(now);
    if (!waiters_.empty())
        pump();
}

boost::asio::awaitable<std::optional<failure>> retry_line::enter(std::optional<time_point> until) {
    if (waiters_.empty() && budget_.try_take(clock::now()))
        co_return std::nullopt;
    waiter self(*this);
    pump();
    auto outcome = parking_spot::outcome::woken;
    if (!self.granted)
        outcome = co_await self.spot.wait(until);
    if (outcome == parking_spot::outcome::cancelled)
        co_return cancelled_failure();
    if (outcome == parking_spot::outcome::expired)
        co_return deadline_failure("the retry budget");
    co_return std::nullopt;
}

void retry_line::pump() {
    auto const now = clock::now();
    while (!waiters_.empty() && budget_.try_take(now)) {
        auto& next = *waiters_.front();
        waiters_.pop_front();
        next.granted = true;
        next.spot.wake();
    }
    if (waiters_.empty())
        timer_.clear();
    else
        timer_.set(budget_.next_at(now));
}

}
