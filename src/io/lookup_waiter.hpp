#pragma once

#include "io/parking_spot.hpp"
#include "protocol/lookup_state.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

namespace allot {

/// How a look-up ended: with an answer, or with the resolver's error.
struct lookup_end {
    lookup_answer answer;
    boost::system::error_code error;
};

/// Where a coroutine waits for a look-up that another thread carries out.
/// Thread safety: `end` may be called on any thread, the rest on the strand of the executor.
class lookup_waiter : public std::enable_shared_from_this<lookup_waiter> {
public:
    static std::shared_ptr<lookup_waiter> make(boost::asio::any_io_executor const& executor);

    /// Waits until `end` was called, cancelled (all types) or `until`.
    boost::asio::awaitable<parking_spot::outcome> wait(std::chrono::steady_clock::time_point until);

    /// What `end` was given; also when it came in the moment of a cancellation.
    std::optional<lookup_end> ended() const;

    void end(lookup_end how);

    /// Nobody waits any more; also called when the execution context ends. `end` then does nothing.
    void leave() noexcept;

private:
    class registry;

    explicit lookup_waiter(boost::asio::any_io_executor const& executor);
    bool abandon() noexcept;

    boost::asio::any_io_executor executor_;
    registry& registry_;
    parking_spot spot_;
    mutable std::mutex mutex_;
    bool abandoned_ = false; ///< the executor is not to be used any more
    std::optional<lookup_end> ended_;
};

}
