#include "cli/progress_display.hpp"

#include "cli/duration.hpp"

#include <algorithm>

namespace allot {
namespace {

using namespace std::chrono_literals;

constexpr auto redraw_interval = 100ms;
constexpr auto line_interval = 10s;
constexpr auto estimate_interval = 1s; // figures that change faster cannot be read
constexpr auto counting_delay = 300ms;
constexpr std::size_t plain_width = 120; // of the lines that are not redrawn

bool wanted(console const& terminal, bool rows_on_terminal) {
    switch (terminal.options().progress) {
    case progress_mode::always:
        return true;
    case progress_mode::never:
        return false;
    case progress_mode::automatic:
        break;
    }
    return terminal.look().is_terminal && !rows_on_terminal;
}

std::chrono::milliseconds
until(std::chrono::steady_clock::time_point now, std::chrono::steady_clock::time_point then) {
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(then - now), std::chrono::milliseconds(0));
}

std::optional<std::chrono::milliseconds>
hold_left(std::chrono::steady_clock::time_point now, client_stats const& stats) {
    return stats.held_until ? std::optional(until(now, *stats.held_until)) : std::nullopt;
}

}

progress_display::progress_display(console& terminal, bool rows_on_terminal) :
    terminal_(terminal),
    shown_(wanted(terminal, rows_on_terminal)),
    redraws_(terminal.look().redraws && !rows_on_terminal) {}

progress_display::~progress_display() {
    terminal_.keep_progress();
}

void progress_display::counting(
    time_point now, std::string_view what, std::uint64_t seen, std::string_view unit,
    client_stats const& stats) {
    if (!counting_since_)
        counting_since_ = now;
    auto const delay = redraws_ ? std::chrono::milliseconds(counting_delay) : line_interval;
    if (now - *counting_since_ >= delay && is_due(now))
        show(counting_line({what, seen, unit, hold_left(now, stats)}, style()));
}

void progress_display::begin(time_point now, std::uint64_t total, std::uint64_t done_before) {
    view_ = {};
    view_.total = total;
    done_before_ = done_before;
    estimator_ = {};
    began_ = now;
    estimated_.reset();
    counting_since_.reset();
    drawn_.reset();
}

void progress_display::update(time_point now, progress_counts const& counts, client_stats const& stats) {
    estimate(now, counts, stats);
    if (!is_due(now))
        return;
    view_.done = counts.done;
    view_.errors = counts.errors;
    view_.held_for = hold_left(now, stats);
    view_.in_flight = stats.in_flight;
    view_.retries = stats.retries;
    show(progress_line(view_, style()));
}

void progress_display::estimate(time_point now, progress_counts const& counts, client_stats const& stats) {
    if (!estimated_)
        estimator_.sample(now, done_before_, stats.held);
    estimator_.sample(now, counts.done, stats.held);
    if (estimated_ && now - *estimated_ < estimate_interval)
        return;
    estimated_ = now;
    view_.rows_per_second = estimator_.rows_per_second();
    auto const rows = view_.total - std::min(view_.total, counts.done);
    view_.time_left = estimator_.time_left(rows, hold_left(now, stats).value_or(0ms));
}

void progress_display::finish(time_point now, progress_counts const& counts) {
    if (!shown_)
        return;
    progress_view last;
    last.total = view_.total;
    last.done = counts.done;
    last.errors = counts.errors;
    last.took = until(*began_, now);
    auto const seconds = std::chrono::duration<double>(now - *began_).count();
    if (seconds > 0)
        last.rows_per_second =
            static_cast<double>(counts.done - std::min(counts.done, done_before_)) / seconds;
    if (redraws_)
        terminal_.end_progress(progress_line(last, style()));
    else
        terminal_.note(progress_line(last, style()));
}

void progress_display::clear() {
    terminal_.clear_progress();
}

bool progress_display::is_due(time_point now) {
    auto const interval = redraws_ ? std::chrono::milliseconds(redraw_interval) : line_interval;
    if (!shown_ || (drawn_ && now - *drawn_ < interval))
        return false;
    drawn_ = now;
    return true;
}

void progress_display::show(std::string const& line) {
    if (redraws_)
        terminal_.show_progress(line);
    else
        terminal_.note(line);
}

line_style progress_display::style() const {
    auto const& look = terminal_.look();
    // The last column stays free: some terminals wrap there.
    if (redraws_)
        return {std::max<std::size_t>(terminal_.width(), 1) - 1, true, look.utf8, look.colours};
    return {plain_width, false, look.utf8, false};
}

}
