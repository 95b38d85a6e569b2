#pragma once

#include "protocol/departure.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace allot {

/// How the calls of an envelope leave the throttle gate: those that were granted together, then those of
/// which nothing is known, then those that were throttled, so that what was granted before them counts.
/// Thread safety: unsafe.
class common_departure {
public:
    struct part {
        departure how;
        std::uint32_t calls = 0;
    };

    void add(departure const& call) noexcept;

    /// `latency`: of the envelope; with parts that say something.
    part granted(std::chrono::nanoseconds latency) const noexcept;
    part failed() const noexcept { return {{departure_kind::failed, {}}, failed_}; }
    /// With the longest hint.
    part throttled(std::chrono::nanoseconds latency) const noexcept;

private:
    double units_ = 0;
    std::optional<double> load_;
    std::optional<remaining_budget> remaining_;
    std::optional<std::chrono::milliseconds> hint_;
    std::uint32_t granted_ = 0;
    std::uint32_t failed_ = 0;
    std::uint32_t throttled_ = 0;
};

}
