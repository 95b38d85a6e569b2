#include "cli/progress_estimator.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace allot {
namespace {

constexpr double memory_seconds = 10;
constexpr double least_seconds = 2;
constexpr double most_seconds = 365 * 86'400.0;

}

void progress_estimator::sample(time_point now, std::uint64_t done, std::chrono::nanoseconds held) {
    auto const before = std::exchange(last_, look{now, done, held});
    if (!before)
        return;
    std::chrono::duration<double> const hold = held - before->held;
    count_holds(hold);
    waiting_rows_ += done - before->done;
    auto const active = (std::chrono::duration<double>(now - before->time) - hold).count();
    // The two clocks are not read at the same instant.
    if (active <= 1e-6)
        return;
    auto const kept = std::exp(-active / memory_seconds);
    auto const added = memory_seconds * (1 - kept);
    weighted_seconds_ = weighted_seconds_ * kept + added;
    weighted_rows_ = weighted_rows_ * kept + added * static_cast<double>(waiting_rows_) / active;
    waiting_rows_ = 0;
    active_seconds_ += active;
}

void progress_estimator::count_holds(std::chrono::duration<double> held) {
    hold_seconds_ += held.count();
    if (in_hold_ && held.count() <= 0) {
        ++holds_;
        ended_hold_seconds_ = hold_seconds_;
    }
    in_hold_ = held.count() > 0;
}

double progress_estimator::stretch() const {
    if (holds_ == 0)
        return 1;
    auto const share = ended_hold_seconds_ / active_seconds_;
    return 1 + share * static_cast<double>(holds_ - 1) / static_cast<double>(holds_);
}

std::optional<double> progress_estimator::rows_per_second() const {
    if (active_seconds_ < least_seconds)
        return std::nullopt;
    return weighted_rows_ / weighted_seconds_;
}

std::optional<std::chrono::milliseconds>
progress_estimator::time_left(std::uint64_t rows, std::chrono::milliseconds hold_left) const {
    auto const speed = rows_per_second().value_or(0);
    if (speed <= 0)
        return std::nullopt;
    auto const seconds = static_cast<double>(rows) / speed * stretch();
    if (seconds > most_seconds)
        return std::nullopt;
    return hold_left + std::chrono::milliseconds(std::llround(seconds * 1'000));
}

}
