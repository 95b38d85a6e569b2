#pragma once

#include "cli/console.hpp"
#include "cli/progress.hpp"
#include "cli/progress_estimator.hpp"

#include <allot/client.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace allot {

/// How far a run is. Both count the rows that were done before it, too.
struct progress_counts {
    std::uint64_t done = 0;
    std::uint64_t errors = 0;
};

/// Shows how far a run is: on a terminal one line that is redrawn, at most ten times a second; elsewhere, and
/// on a terminal that cannot redraw, a line now and then.
///
/// A run has phases: those that count something whose end is not known, then the rows. Each takes the place
/// of the one before. The last state stays behind as a line, also when the display is destroyed without
/// `finish`. Thread safety: shared: unsafe.
class progress_display {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `rows_on_terminal`: the rows go to a terminal, where a progress line would stand in their way; it is
    /// then not redrawn, and shown with --progress always only. Lifetimes: `terminal` outlives this.
    progress_display(console& terminal, bool rows_on_terminal);

    progress_display(progress_display const&) = delete;
    progress_display& operator=(progress_display const&) = delete;
    ~progress_display();

    /// A phase whose end is not known, as "listing: 12,300 assignments". One that is over at once is not
    /// shown. Lifetimes: the texts need to live for the call only.
    void counting(
        time_point now, std::string_view what, std::uint64_t seen, std::string_view unit,
        client_stats const& stats = {});

    /// Begins with the rows: `total` of them, of which `done_before` were done by an earlier run or without a
    /// request. They count for the percentage, but not for the speed.
    void begin(time_point now, std::uint64_t total, std::uint64_t done_before);

    /// Preconditions: `begin` was called.
    void update(time_point now, progress_counts const& counts, client_stats const& stats);

    /// The rows have ended, all done or not: the final counts stay behind as a line.
    /// Preconditions: `begin` was called.
    void finish(time_point now, progress_counts const& counts);

    /// Takes away what is shown.
    void clear();

private:
    void estimate(time_point now, progress_counts const& counts, client_stats const& stats);
    bool is_due(time_point now);
    void show(std::string const& line);
    line_style style() const;

    console& terminal_;
    bool shown_;
    bool redraws_;
    progress_view view_;
    progress_estimator estimator_;
    std::uint64_t done_before_ = 0;
    std::optional<time_point> began_;
    std::optional<time_point> counting_since_;
    std::optional<time_point> estimated_;
    std::optional<time_point> drawn_;
};

}
