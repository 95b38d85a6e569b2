#pragma once

#include "io/wake_timer.hpp"
#include "protocol/deadline_wheel.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>

namespace allot {

/// Something that happens when its time comes, unless it is disarmed first.
class timed_action : public deadline {
public:
    virtual void expire() noexcept = 0;

protected:
    ~timed_action() = default;
};

/// Runs all deadlines of one strand on one timer that ticks only while something is armed.
/// Thread safety: one strand.
class deadline_queue {
public:
    explicit deadline_queue(boost::asio::any_io_executor const& executor);

    /// Preconditions: `action` outlives its stay; `at` may have passed.
    void arm(timed_action& action, std::chrono::steady_clock::time_point at);

    /// Stops ticking while nothing is armed, so that an executor without other work can end.
    void rest();

private:
    void tick();

    deadline_wheel wheel_;
    wake_timer timer_;
};

}
