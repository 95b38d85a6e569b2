#pragma once

#include "protocol/departure.hpp"

#include <chrono>

namespace allot {

/// How the calls of an envelope leave the throttle gate together: throttled if one was, with the longest hint; else
/// answered if one was. Thread safety: unsafe.
class common_departure {
public:
    void add(departure const& call) noexcept;

    /// `latency`: of the envelope.
    departure sum(std::chrono::nanoseconds latency) const noexcept;

private:
    departure sum_{departure_kind::failed};
    double units_ = 0;
};

}
