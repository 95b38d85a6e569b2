#include "protocol/consumption.hpp"

#include <algorithm>

namespace allot {
namespace {

using namespace std::chrono;
using seconds_of = duration<double>;
using time_point = consumption::time_point;

constexpr nanoseconds slot_length = milliseconds{500};

std::int64_t slot_of(time_point at) {
    return at.time_since_epoch() / slot_length;
}

time_point start_of(std::int64_t slot) {
    return time_point(slot_length * slot);
}

}

void consumption::add(time_point at, double units) {
    auto const slot = slot_of(at);
    if (slot > newest_) {
        auto const skipped = std::min<std::int64_t>(slot - newest_, slots);
        for (std::int64_t i = 0; i != skipped; ++i)
            granted_[static_cast<std::size_t>(slot - i) % slots] = 0;
        newest_ = slot;
    }
    if (slot > newest_ - std::int64_t{slots})
        granted_[static_cast<std::size_t>(slot) % slots] += units;
}

double consumption::since(time_point now, time_point begin) const {
    auto const oldest = std::max(slot_of(now) - std::int64_t{slots} + 1, slot_of(begin));
    double sum = 0;
    for (auto slot = newest_; slot >= oldest && slot > newest_ - std::int64_t{slots}; --slot)
        sum += granted_[static_cast<std::size_t>(slot) % slots];
    return sum;
}

double
consumption::sustainable(time_point now, time_point begin, nanoseconds refill, nanoseconds burst) const {
    auto const first = std::max(slot_of(begin), newest_ - std::int64_t{slots} + 1);
    double sum = 0;
    double best = 0;
    for (auto slot = newest_; slot >= first; --slot) {
        sum += granted_[static_cast<std::size_t>(slot) % slots];
        auto const from = std::max(start_of(slot), begin);
        seconds_of const time = now - from + (slot == first ? refill : burst);
        best = std::max(best, sum / std::max(time.count(), 0.1));
    }
    return best;
}

}
