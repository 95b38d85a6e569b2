#pragma once

#include <chrono>
#include <optional>

namespace allot::simulation {

struct throttle_params {
    double per_second = 0; ///< requests that refill the bucket each second, above 0
    double burst = 0;      ///< requests a full bucket holds, at least 1
    std::chrono::milliseconds retry_after{10'000};
    std::chrono::milliseconds grace{250};
};

/// Graph's throttling of one application in one tenant (Graph page "throttling"): a bucket of requests. The
/// request that finds it empty begins a block of `retry_after`; every request in the block is refused and
/// told the seconds that are left, rounded up.
///
/// A request that arrives in a block is early when its sender could have known better: it is counted and the
/// block begins anew, to its full length. Requests that were on their way when the block began are not early.
/// From outside they look the same, so this is decided by time: until `grace` after the refusal that began
/// the block nothing is early. An early request does not begin another grace. Thread safety: unsafe.
class throttle {
public:
    using time_point = std::chrono::steady_clock::time_point;

    struct verdict {
        bool refused = false;
        bool early = false;
        std::chrono::seconds retry_after{}; ///< of a refusal, at least 1
    };

    explicit throttle(throttle_params params) noexcept : params_(params), tokens_(params.burst) {}

    /// Decides about a request. Precondition: `now` is not before that of an earlier call.
    verdict arrive(time_point now);

private:
    struct block {
        time_point began;
        time_point until;
    };

    void refill(time_point now);

    throttle_params params_;
    double tokens_;
    std::optional<time_point> filled_;
    std::optional<block> block_;
};

}
