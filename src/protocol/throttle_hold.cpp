#include "protocol/throttle_hold.hpp"

#include <algorithm>

namespace allot {
namespace {

using namespace std::chrono;

constexpr milliseconds longest_blind_hold = minutes{5};

}

void throttle_hold::extend(
    time_point now, bool new_block, std::optional<milliseconds> hint, milliseconds first_delay) {
    // Who entered before the last hold only confirms the block that others have reported.
    if (new_block || blind_delay_ == milliseconds{0}) {
        auto const next = blind_delay_ == milliseconds{0} ? first_delay : blind_delay_ * 2;
        blind_delay_ = std::min(next, longest_blind_hold);
    }
    if (!active(now)) {
        before_ += end_ - begin_;
        begin_ = now;
        end_ = now;
    }
    end_ = std::max<time_point>(end_, now + hint.value_or(blind_delay_));
}

nanoseconds throttle_hold::total(time_point now) const {
    return before_ + (std::min(now, end_) - begin_);
}

}
