#pragma once

#include <allot/batch.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace allot {

/// What there is to decide from how the allotments of a batch are asked for.
struct strategy_facts {
    std::optional<std::uint64_t> count; ///< of references; nothing where a generator knows it
    std::size_t connections = 64;
    std::optional<std::chrono::nanoseconds>
        answer_time;            ///< of one allotment; nothing before there was an answer
    std::optional<double> rate; ///< requests a second that the caller allows or Graph was found to grant
};

/// `get` where the connections bring as many allotments as may be asked for anyway, or all in one round trip:
/// with requests of their own no answer waits for another. `batch` where answers are too slow for that.
/// Nothing where the answer time decides and is not known. Never `automatic`.
std::optional<strategy_choice> choose_strategy(strategy_facts const& facts);

/// Requests a second that Graph is taken to grant while nothing is known: where a tenant of the largest
/// documented size was seen to throttle (it is documented with 800).
inline constexpr double assumed_rate = 1'200;

}
