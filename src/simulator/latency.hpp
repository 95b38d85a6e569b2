#pragma once

#include "simulator/draws.hpp"

#include <chrono>
#include <cstdint>

namespace allot::simulation {

struct latency_params {
    std::chrono::microseconds base{};   ///< of every answer
    std::chrono::microseconds jitter{}; ///< up to so much more, drawn evenly
    /// What the base grows to while the throttle's bucket runs empty; at most the base for no growth.
    std::chrono::microseconds loaded{};
    double from = 0.5; ///< the share of the bucket that is taken when growing begins, 0 to less than 1
};

/// How long answers take. A service that nears its limit answers later before it refuses: from `from` on the
/// base grows evenly, to `loaded` when the bucket is empty. Refusals take the base. Thread safety: unsafe.
class latency {
public:
    latency(latency_params const& params, std::uint64_t seed) : params_(params), draws_(seed) {}

    /// `load`: the share of the bucket that is taken, 0 to 1. Takes a draw if there is a jitter.
    std::chrono::microseconds next(double load);

private:
    latency_params params_;
    draws draws_;
};

}
