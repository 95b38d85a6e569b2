#include "protocol/retry_budget.hpp"

#include <algorithm>

namespace allot {

using std::chrono::nanoseconds;

void retry_budget::fill(time_point now) noexcept {
    constexpr nanoseconds until_full{capacity / gain_per_ns + 1};
    auto const passed = std::min<nanoseconds>(now - filled_at_, until_full);
    balance_ = std::min(capacity, balance_ + passed.count() * gain_per_ns);
    filled_at_ = now;
}

void retry_budget::on_request(time_point now) noexcept {
    fill(now);
    balance_ = std::min(capacity, balance_ + token / 5);
}

bool retry_budget::try_take(time_point now) noexcept {
    fill(now);
    if (balance_ < token)
        return false;
    balance_ -= token;
    return true;
}

retry_budget::time_point retry_budget::next_at(time_point now) noexcept {
    fill(now);
    auto const missing = std::max<std::int64_t>(token - balance_, 0);
    return now + nanoseconds{(missing + gain_per_ns - 1) / gain_per_ns};
}

}
