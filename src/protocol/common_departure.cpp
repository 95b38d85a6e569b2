#include "protocol/common_departure.hpp"

#include <algorithm>

namespace allot {

void common_departure::add(departure const& call) noexcept {
    if (call.kind == departure_kind::throttled) {
        sum_.kind = departure_kind::throttled;
        sum_.hint = std::max(sum_.hint, call.hint); // none is less than any
    }
    if (call.kind == departure_kind::answered) {
        if (sum_.kind != departure_kind::throttled)
            sum_.kind = departure_kind::answered;
        ++sum_.granted;
        units_ += call.units.value_or(1);
    }
    sum_.load = std::max(sum_.load, call.load);
    // Who found least left came last.
    if (call.remaining && (!sum_.remaining || call.remaining->units < sum_.remaining->units))
        sum_.remaining = call.remaining;
}

departure common_departure::sum(std::chrono::nanoseconds latency) const noexcept {
    auto out = sum_;
    out.units = units_;
    out.latency = latency;
    return out;
}

}
