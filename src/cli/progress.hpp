#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// What a progress line shows; what is not known is left out.
struct progress_view {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    std::uint64_t errors = 0;
    std::optional<double> rows_per_second;
    std::optional<std::chrono::milliseconds> time_left;
    std::optional<std::chrono::milliseconds> held_for; ///< what is left of a throttle hold
    std::optional<std::chrono::milliseconds> took;     ///< of a run that has ended
    std::uint64_t in_flight = 0;
    std::uint64_t retries = 0;
};

/// What a line of a phase shows whose end is not known: "listing: 12,300 assignments".
struct counting_view {
    std::string_view what;
    std::uint64_t seen = 0;
    std::string_view unit;
    std::optional<std::chrono::milliseconds> held_for;
};

/// How a line is drawn.
struct line_style {
    std::size_t width = 0; ///< columns
    bool bar = false;      ///< where there is room
    bool utf8 = false;
    bool colours = false;
};

/// One line of at most `style.width` columns, without a line end. What matters least is left out first, and
/// nothing is cut. The percentage is rounded down: 100% is the end.
std::string progress_line(progress_view const& view, line_style const& style);

std::string counting_line(counting_view const& view, line_style const& style);

}
