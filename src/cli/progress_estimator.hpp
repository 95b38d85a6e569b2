#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace allot {

/// How fast a run goes and how long the rest of it takes, from looks at it now and then.
///
/// - The speed is that of the time in which requests could be sent: a hold neither lowers it nor, with the
///   answers that still come in, raises it. It follows the last 10 seconds or so of that time.
/// - The time left is what is left of a hold, and the rows left at that speed. From the second hold on it is
///   stretched by the share of holds so far, because what came twice comes again; the first says nothing.
/// - Rows that were done at the first look are not of this run. Of less than two seconds nothing is said.
///
/// Thread safety: shared: unsafe.
class progress_estimator {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// How far the run is: the rows done, and the time held so far (`client_stats::held`), neither ever less
    /// than before.
    void sample(time_point now, std::uint64_t done, std::chrono::nanoseconds held);

    /// Nothing while too little is known.
    std::optional<double> rows_per_second() const;

    /// The time for `rows` more, when the hold lasts `hold_left` from now. Nothing while too little is known,
    /// and where the figure would mean nothing (beyond a year).
    std::optional<std::chrono::milliseconds>
    time_left(std::uint64_t rows, std::chrono::milliseconds hold_left) const;

private:
    struct look {
        time_point time;
        std::uint64_t done;
        std::chrono::nanoseconds held;
    };

    void count_holds(std::chrono::duration<double> held);
    double stretch() const;

    std::optional<look> last_;
    std::uint64_t waiting_rows_ = 0; // came in during a hold, counted with the time behind it
    double weighted_rows_ = 0;       // of the last seconds
    double weighted_seconds_ = 0;
    double active_seconds_ = 0; // of the run
    bool in_hold_ = false;
    int holds_ = 0; // ended
    double hold_seconds_ = 0;
    double ended_hold_seconds_ = 0;
};

}
