#include "cli/progress_display.hpp"

#include "cli/duration.hpp"

#include <algorithm>

namespace allot {
namespace {

constexpr auto line_interval = std::chrono::seconds(10);
constexpr std::size_t line_width = 120; // where there is no terminal

bool wanted(console const& terminal, bool rows_on_terminal) {
    switch (terminal.options().progress) {
    case progress_mode::always:
        return true;
    case progress_mode::never:
        return false;
    case progress_mode::automatic:
        break;
    }
    return terminal.is_terminal() && !rows_on_terminal;
}

std::chrono::milliseconds
until(std::chrono::steady_clock::time_point now, std::chrono::steady_clock::time_point then) {
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(then - now), std::chrono::milliseconds(0));
}

}

progress_display::progress_display(
    console& terminal, bool rows_on_terminal, std::optional<std::uint64_t> total) :
    terminal_(terminal),
    shown_(wanted(terminal, rows_on_terminal)),
    total_(total) {}

void progress_display::update(time_point now, std::uint64_t done, client_stats const& stats) {
    log_hold(now, stats);
    if (!shown_)
        return;
    meter_.sample(now, done);
    progress_view view;
    view.done = done;
    view.total = total_;
    view.rows_per_second = meter_.rows_per_second();
    view.in_flight = stats.in_flight;
    view.retries = stats.retries;
    if (stats.held_until)
        view.held_for = until(now, *stats.held_until);
    if (terminal_.is_terminal()) {
        // The last column stays free: some terminals wrap there.
        terminal_.show_progress(progress_line(view, std::max<std::size_t>(terminal_.width(), 2) - 1));
    } else if (!last_line_ || now - *last_line_ >= line_interval) {
        last_line_ = now;
        terminal_.note(progress_line(view, line_width));
    }
}

progress_display::~progress_display() {
    terminal_.clear_progress();
}

void progress_display::log_hold(time_point now, client_stats const& stats) {
    if (stats.held_until.has_value() == held_)
        return;
    held_ = stats.held_until.has_value();
    terminal_.log(
        log_level::info,
        held_ ? "Graph throttles: no requests for " + short_duration(until(now, *stats.held_until))
              : "Graph's throttle is over: requests go on");
}

}
