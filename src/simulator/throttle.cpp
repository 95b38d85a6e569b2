#include "simulator/throttle.hpp"

#include <algorithm>

namespace allot::simulation {
namespace {

/// What sums of tenths and the like may lack of a whole unit.
constexpr double rounding = 1e-6;

}

throttle::throttle(throttle_params params, time_point start) :
    params_(std::move(params)),
    start_(start),
    units_(params_.burst) {}

throttle::verdict throttle::arrive(time_point now, double units) {
    refill(now);
    if (block_ && now >= block_->until)
        block_.reset();
    verdict out;
    if (block_) {
        out.early = now > block_->began + params_.grace;
        if (out.early)
            block_->until = now + params_.retry_after;
    } else if (units_ + rounding >= std::min(units, params_.burst)) {
        units_ -= units;
        out.usage = used();
        return out;
    } else {
        block_ = block{now, now + params_.retry_after};
    }
    constexpr double most_usage = 1.8; // of the documented range
    block_->refused += units;
    out.refused = true;
    out.rest = block_->until - now;
    out.usage = std::min(most_usage, 1 + block_->refused / (params_.burst + block_->refused));
    return out;
}

void throttle::give_back(double units) noexcept {
    units_ = std::min(params_.burst, units_ + units);
}

throttle::level throttle::current() const noexcept {
    level out{params_.burst, std::max(0.0, units_), {}};
    std::chrono::duration<double> const filling((params_.burst - units_) / params_.per_second);
    out.until_full = std::chrono::ceil<std::chrono::nanoseconds>(filling);
    if (block_)
        out.until_full = std::max(out.until_full, std::chrono::nanoseconds(block_->until - *filled_));
    return out;
}

void throttle::refill(time_point now) {
    for (; next_change_ != params_.changes.size(); ++next_change_) {
        auto const& change = params_.changes[next_change_];
        auto const when = start_ + change.after;
        if (when > now)
            break;
        refill_at_one_rate(when);
        params_.per_second = change.per_second;
        params_.burst = change.burst;
        units_ = std::min(units_, params_.burst);
    }
    refill_at_one_rate(now);
}

void throttle::refill_at_one_rate(time_point now) {
    if (filled_ && now > *filled_) {
        std::chrono::duration<double> const passed = now - *filled_;
        units_ = std::min(params_.burst, units_ + passed.count() * params_.per_second);
    }
    filled_ = now;
}

double throttle::used() const noexcept {
    return std::clamp(1 - units_ / params_.burst, 0.0, 1.0);
}

}
