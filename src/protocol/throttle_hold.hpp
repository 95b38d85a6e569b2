#pragma once

#include <chrono>
#include <optional>

namespace allot {

/// The time in which nobody may send: until the longest hint has passed. Without a hint it is the first
/// delay, twice as long with each block in a row, 5 minutes at most; a good answer begins anew. Thread
/// safety: distinct objects: safe; shared: unsafe.
class throttle_hold {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// A request was throttled. `new_block`: it was sent after the last hold, so it is no echo of that.
    /// `first_delay` is for the first block without a hint.
    void extend(
        time_point now, bool new_block, std::optional<std::chrono::milliseconds> hint,
        std::chrono::milliseconds first_delay);

    /// A request that was sent after the last hold got a good answer.
    void on_good() noexcept { blind_delay_ = std::chrono::milliseconds{0}; }

    bool active(time_point now) const noexcept { return now < end_; }
    time_point begin() const noexcept { return begin_; }
    time_point end() const noexcept { return end_; }

    /// The time held so far; holds that overlap count once.
    std::chrono::nanoseconds total(time_point now) const;

private:
    time_point begin_ = time_point::min();
    time_point end_ = time_point::min();
    std::chrono::nanoseconds before_{0};       // in holds before the last one
    std::chrono::milliseconds blind_delay_{0}; // hold of this block without a hint; 0: none yet
};

}
