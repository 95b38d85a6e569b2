#pragma once

#include "io/deadline_queue.hpp"
#include "io/suspension.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace allot {

/// Where one coroutine waits until somebody who knows it by name wakes it.
/// Whoever wakes it may hand something over first: a woken waiter owns it even when it was cancelled or its
/// time came in the same moment. Thread safety: one strand.
class parking_spot final : private timed_action {
public:
    enum class outcome { woken, cancelled, expired };

    explicit parking_spot(deadline_queue& deadlines) noexcept : deadlines_(deadlines) {}
    ~parking_spot() = default;
    parking_spot(parking_spot const&) = delete;
    parking_spot& operator=(parking_spot const&) = delete;

    /// Waits until woken, cancelled (all cancellation types) or, if given, `until`. One waiter at a time.
    boost::asio::awaitable<outcome> wait(std::optional<std::chrono::steady_clock::time_point> until);

    /// Without a waiter it does nothing. The waiter continues later, not inside this call.
    void wake() noexcept { finish(outcome::woken); }

    std::uintptr_t id() const noexcept { return reinterpret_cast<std::uintptr_t>(this); }
    static parking_spot& from_id(std::uintptr_t id) noexcept { return *reinterpret_cast<parking_spot*>(id); }

private:
    void expire() noexcept override { finish(outcome::expired); }
    void finish(outcome value) noexcept;

    deadline_queue& deadlines_;
    suspension<outcome> waiter_;
};

}
