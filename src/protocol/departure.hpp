#pragma once

#include <chrono>
#include <optional>

namespace allot {

enum class departure_kind {
    answered,  ///< a complete answer that is no sign of overload, good or bad
    throttled, ///< 429 or 509, or 503 with a hint
    timed_out, ///< no complete answer in time
    failed,    ///< anything else: connection lost, other 5xx
    unused,    ///< nothing was sent
};

/// What is left of a budget, and until when (RateLimit-Remaining and RateLimit-Reset).
struct remaining_budget {
    double units = 0;
    std::chrono::milliseconds reset{0};
};

/// How a request leaves the throttle gate, and what its answer said about the load.
struct departure {
    departure_kind kind = departure_kind::unused;
    /// With `throttled`: the wait asked for, as from `parse_retry_after`.
    std::optional<std::chrono::milliseconds> hint{};
    std::optional<double> units{}; ///< what the call cost (x-ms-resource-unit); 1 if unset
    std::optional<double> load{};  ///< x-ms-throttle-limit-percentage: 1 is the limit
    std::optional<remaining_budget> remaining{};
    std::optional<std::chrono::nanoseconds> latency{}; ///< from the first byte sent to the last one read
};

}
