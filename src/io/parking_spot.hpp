#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <optional>

namespace allot {

/// Where one coroutine waits until somebody who knows it by name wakes it.
/// Whoever wakes it may hand something over first: a woken waiter owns it even when it was cancelled or its
/// time came in the same moment. Thread safety: one strand.
class parking_spot {
public:
    enum class outcome { woken, cancelled, expired };

    // A timer, so that its context owns the suspended coroutine and can destroy it with itself.
    explicit parking_spot(boost::asio::any_io_executor const& executor) : timer_(executor) {}
    parking_spot(parking_spot const&) = delete;
    parking_spot& operator=(parking_spot const&) = delete;

    /// Waits until woken, cancelled (all cancellation types) or, if given, `until`. One waiter at a time.
    boost::asio::awaitable<outcome> wait(std::optional<std::chrono::steady_clock::time_point> until);

    /// Without a waiter it does nothing. The waiter continues later, not inside this call.
    void wake() noexcept;

private:
    boost::asio::steady_timer timer_;
    bool waiting_ = false;
    bool woken_ = false;
};

}
