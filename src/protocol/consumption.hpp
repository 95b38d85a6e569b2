#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace allot {

/// How many units the server granted in the last minute.
/// Thread safety: unsafe.
class consumption {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Not in the order of time, if need be; what is older than a minute is forgotten.
    void add(time_point at, double units);

    /// Units granted since `begin`, to half a second; at most the last minute.
    double since(time_point now, time_point begin) const;

    /// The rate that a server grants which has just refused a request, when its bucket was as full at `begin`
    /// as `refill` fills it, and holds at most what `burst` fills: the rate r for which
    /// granted = r x (time + refill). The bucket may have been full, and not drained, for a part of the time:
    /// so each later moment is tried as a beginning too, with `burst`, and the largest result counts.
    double sustainable(
        time_point now, time_point begin, std::chrono::nanoseconds refill,
        std::chrono::nanoseconds burst) const;

private:
    static constexpr std::size_t slots = 128;

    std::array<double, slots> granted_{};
    std::int64_t newest_ = 0; // number of the slot, counted from the clock's epoch
};

}
