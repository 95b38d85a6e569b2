#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace allot::simulation {

/// Another budget from a moment of the run on.
struct budget_change {
    std::chrono::nanoseconds after{}; ///< since the simulator's start
    double per_second = 0;
    double burst = 0;
};

struct throttle_params {
    double per_second = 0; ///< resource units that refill the bucket each second, above 0
    double burst = 0;      ///< units a full bucket holds, at least 1
    std::chrono::milliseconds retry_after{10'000};
    std::chrono::milliseconds grace{250};
    std::vector<budget_change> changes{}; ///< by time, ascending
};

/// Graph's throttling of one application in one tenant (Graph pages "throttling", "throttling-limits"): a
/// bucket of resource units. A request takes what it costs; the one that finds too little begins a block of
/// `retry_after`; every request in the block is refused and told the time that is left. The bucket fills
/// during a block too.
///
/// A request that arrives in a block is early when its sender could have known better: it is counted and the
/// block begins anew, to its full length. Requests that were on their way when the block began are not early.
/// From outside they look the same, so this is decided by time: until `grace` after the refusal that began
/// the block nothing is early. An early request does not begin another grace.
///
/// A change of the budget leaves the units in the bucket, as many as the new one holds. Thread safety:
/// unsafe.
class throttle {
public:
    using time_point = std::chrono::steady_clock::time_point;

    struct verdict {
        bool refused = false;
        bool early = false;
        std::chrono::nanoseconds rest{}; ///< of the block that a refusal belongs to
        /// The share of the bucket that is taken, 0 to 1; of a refusal 1 and the share of what was asked for
        /// since the bucket was full that is refused in this block, at most 1.8.
        double usage = 0;
    };

    /// What a client may be told about the bucket.
    struct level {
        double limit;
        double remaining;
        std::chrono::nanoseconds until_full; ///< or until the block's end, if that is later
    };

    /// `start`: what changes of the budget count from.
    explicit throttle(throttle_params params, time_point start = {});

    /// Decides about a request that costs so many units. One that costs more than a full bucket needs a full
    /// bucket. Precondition: `now` is not before that of an earlier call.
    verdict arrive(time_point now, double units = 1);

    /// Gives back units of a request that cost less than was taken for it.
    void give_back(double units) noexcept;

    /// As of the last arrival.
    level current() const noexcept;

private:
    struct block {
        time_point began;
        time_point until;
        double refused = 0; ///< units
    };

    void refill(time_point now);
    void refill_at_one_rate(time_point now);
    double used() const noexcept;

    throttle_params params_;
    time_point start_;
    std::size_t next_change_ = 0;
    double units_;
    std::optional<time_point> filled_;
    std::optional<block> block_;
};

}
