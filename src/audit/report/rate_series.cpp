#include "audit/report/rate_series.hpp"

#include <algorithm>
#include <utility>

namespace allot {
namespace {

constexpr std::int64_t least_stretch_ms = 500;

struct stretch {
    std::int64_t start_ms = 0;
    std::int64_t length_ms = 0;
    std::uint64_t rows = 0;
    std::int64_t held_ms = 0;
};

// A clock that was set back, or rows that a later run fetches again, must not become negative rates.
std::uint64_t risen(std::uint64_t from, std::uint64_t to) noexcept {
    return to > from ? to - from : 0;
}

/// The samples of one run as stretches, appended to `out` from `clock_ms` on.
void append_run(
    std::vector<stretch>& out, stored_run const& run, std::vector<run_sample> const& samples,
    std::int64_t& clock_ms, std::uint64_t& rows) {
    auto at = run.started;
    std::chrono::milliseconds held{};
    for (auto const& sample : samples) {
        if (sample.run != run.number)
            continue;
        auto const length = std::max((sample.at - at).count(), std::int64_t{0});
        auto const held_now = std::clamp((sample.held - held).count(), std::int64_t{0}, length);
        if (length != 0) {
            out.push_back({clock_ms, length, risen(rows, sample.rows), held_now});
            clock_ms += length;
            rows = sample.rows;
            held = sample.held;
            at = sample.at;
        }
    }
}

rate_point to_point(stretch const& value) noexcept {
    auto const length = static_cast<double>(value.length_ms);
    return {
        value.start_ms, value.start_ms + value.length_ms, static_cast<double>(value.rows) * 1'000 / length,
        static_cast<double>(value.held_ms) / length};
}

void join(stretch& sum, stretch const& next) noexcept {
    if (sum.length_ms == 0)
        sum.start_ms = next.start_ms;
    sum.length_ms += next.length_ms;
    sum.rows += next.rows;
    sum.held_ms += next.held_ms;
}

void append_points(
    std::vector<rate_point>& out, std::vector<stretch> const& of_run, std::int64_t shortest_ms) {
    std::vector<stretch> sums;
    stretch sum;
    for (auto const& each : of_run) {
        join(sum, each);
        if (sum.length_ms >= shortest_ms) {
            sums.push_back(sum);
            sum = {};
        }
    }
    // The few rows of a run's last moments would look like a peak or a pause.
    if (!sums.empty() && sum.length_ms < shortest_ms / 2)
        join(sums.back(), sum);
    else if (sum.length_ms != 0)
        sums.push_back(sum);
    for (auto const& each : sums)
        out.push_back(to_point(each));
}

}

double rate_series::top_rate() const noexcept {
    double top = 0;
    for (auto const& point : points)
        top = std::max(top, point.rows_per_second);
    return top;
}

rate_series make_rate_series(
    std::vector<stored_run> const& runs, std::vector<run_sample> const& samples, std::size_t most_points) {
    rate_series out;
    std::vector<std::vector<stretch>> of_runs;
    std::uint64_t rows = 0;
    for (auto const& run : runs) {
        std::vector<stretch> stretches;
        append_run(stretches, run, samples, out.total_ms, rows);
        if (stretches.empty())
            continue;
        out.run_starts.push_back(stretches.front().start_ms);
        of_runs.push_back(std::move(stretches));
    }
    auto const wanted = static_cast<std::int64_t>(std::max(most_points, std::size_t{1}));
    auto const shortest = std::max(out.total_ms / wanted + 1, least_stretch_ms);
    for (auto const& stretches : of_runs)
        append_points(out.points, stretches, shortest);
    return out;
}

}
