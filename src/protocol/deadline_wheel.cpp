#include "protocol/deadline_wheel.hpp"

#include <algorithm>

namespace allot {

void deadline::disarm() noexcept {
    if (!is_linked())
        return;
    unlink();
    --wheel_->armed_;
}

std::int64_t deadline_wheel::tick_of(time_point at) noexcept {
    return std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()) / tick;
}

void deadline_wheel::arm(deadline& entry, time_point at) noexcept {
    entry.disarm();
    entry.at_ = at;
    entry.wheel_ = this;
    ++armed_;
    auto const when = std::max(tick_of(at), swept_ + 1);
    slots_[static_cast<std::size_t>(when) % slot_count].push_back(entry);
}

deadline* deadline_wheel::expired(time_point now) noexcept {
    auto const last = tick_of(now);
    auto first = std::max(swept_ + 1, last - static_cast<std::int64_t>(slot_count) + 1);
    for (; first <= last; ++first) {
        auto& entries = slots_[static_cast<std::size_t>(first) % slot_count];
        auto const found = std::find_if(
            entries.begin(), entries.end(), [now](deadline const& entry) { return entry.at_ <= now; });
        if (found != entries.end()) {
            auto& entry = *found;
            entry.disarm();
            swept_ = first - 1;
            return &entry;
        }
        // The slot of the current tick may still get entries that expire within it.
        swept_ = std::min(first, last - 1);
    }
    return nullptr;
}

}
