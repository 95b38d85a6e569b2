#pragma once

#include "io/parking_spot.hpp"
#include "io/wake_timer.hpp"
#include "protocol/retry_budget.hpp"

#include <allot/failure.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <deque>
#include <optional>

namespace allot {

/// Where retries wait for the retry budget: first come, first served.
/// Thread safety: one strand.
class retry_line {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit retry_line(boost::asio::any_io_executor const& executor);

    /// For the first attempt of a result.
    void on_request(time_point now);

    /// Sends again at once, if somebody may and nobody waits for it. Else not before `next_at`.
    bool try_enter(time_point now) { return waiters_.empty() && budget_.try_take(now); }
    time_point next_at(time_point now) noexcept { return budget_.next_at(now); }

    /// For a free replay: takes from the budget what there is.
    void on_replay(time_point now) { budget_.try_take(now); }

    /// Waits for its turn to send again. Errors: `deadline_exceeded` at `until`, `cancelled`.
    boost::asio::awaitable<std::optional<failure>> enter(std::optional<time_point> until);

private:
    struct waiter;

    void pump();

    boost::asio::any_io_executor executor_;
    retry_budget budget_;
    std::deque<waiter*> waiters_;
    wake_timer timer_;
};

}
