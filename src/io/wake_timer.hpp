#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace allot {

/// Calls a function at a time that can be moved or dropped; never after its destruction.
/// Thread safety: one strand.
class wake_timer {
public:
    wake_timer(boost::asio::any_io_executor const& executor, std::function<void()> action);
    ~wake_timer();
    wake_timer(wake_timer const&) = delete;
    wake_timer& operator=(wake_timer const&) = delete;

    /// Replaces the time set before. A time in the past calls soon, not inside this call.
    void set(std::chrono::steady_clock::time_point at);
    void clear();
    bool is_set() const noexcept;

private:
    struct state;
    std::shared_ptr<state> state_;
};

}
