#pragma once

#include "audit/store/audit_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace allot {

/// A stretch of an audit's working time; what lies between its runs is left out.
struct rate_point {
    std::int64_t start_ms = 0; ///< since the audit began, counting the time of its runs alone
    std::int64_t end_ms = 0;
    double rows_per_second = 0;
    double held_share = 0; ///< of the stretch, in which the throttle gate was closed: 0 to 1
};

/// How fast an audit went.
struct rate_series {
    std::vector<rate_point> points;       ///< by time, without gaps
    std::vector<std::int64_t> run_starts; ///< in working time, of each run that has points
    std::int64_t total_ms = 0;

    double top_rate() const noexcept; ///< of the fastest point; 0 without points
};

/// At most `most_points` points and one more for each run. Thread safety: free function without state.
rate_series make_rate_series(
    std::vector<stored_run> const& runs, std::vector<run_sample> const& samples, std::size_t most_points);

}
