#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace allot {

/// What a progress line shows.
struct progress_view {
    std::uint64_t done = 0;
    std::optional<std::uint64_t> total; ///< where it is known
    double rows_per_second = 0;
    std::uint64_t in_flight = 0;
    std::uint64_t retries = 0;
    std::optional<std::chrono::milliseconds> held_for; ///< what is left of a throttle hold
};

/// One line of at most `width` characters, all ASCII and printable; what matters least is left out first.
std::string progress_line(progress_view const& view, std::size_t width);

/// The speed of the last seconds.
/// Thread safety: shared: unsafe.
class progress_meter {
public:
    using time_point = std::chrono::steady_clock::time_point;

    void sample(time_point now, std::uint64_t done);
    double rows_per_second() const;

private:
    std::deque<std::pair<time_point, std::uint64_t>> samples_;
};

}
