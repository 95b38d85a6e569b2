#include "protocol/common_departure.hpp"

#include <algorithm>

namespace allot {

void common_departure::add(departure const& call) noexcept {
    switch (call.kind) {
    case departure_kind::throttled:
        ++throttled_;
        hint_ = std::max(hint_, call.hint); // none is less than any
        break;
    case departure_kind::answered:
        ++granted_;
        units_ += call.units.value_or(1);
        break;
    case departure_kind::timed_out:
    case departure_kind::failed:
    case departure_kind::unused:
        ++failed_;
        break;
    }
    load_ = std::max(load_, call.load);
    // Who found least left came last.
    if (call.remaining && (!remaining_ || call.remaining->units < remaining_->units))
        remaining_ = call.remaining;
}

common_departure::part common_departure::granted(std::chrono::nanoseconds latency) const noexcept {
    departure how{departure_kind::answered};
    how.units = units_;
    how.load = load_;
    how.remaining = remaining_;
    how.latency = latency;
    return {how, granted_};
}

common_departure::part common_departure::throttled(std::chrono::nanoseconds latency) const noexcept {
    departure how{departure_kind::throttled, hint_};
    // Told once.
    if (granted_ == 0) {
        how.load = load_;
        how.remaining = remaining_;
    }
    how.latency = latency;
    return {how, throttled_};
}

}
