#include "protocol/throttle_concurrency.hpp"

#include <algorithm>
#include <cassert>

namespace allot {
namespace {

constexpr double least_seconds_under_way = 0.55;
constexpr double least_latencies_under_way = 3;
constexpr double part_when_slower = 0.8;

}

void throttle_concurrency::add_most(std::size_t more) {
    assert(more > 0);
    // A ramp that is not at its end is on its way there by itself.
    if (ramp_ == most_)
        ramp_ += more;
    rescale(most_ + more);
}

void throttle_concurrency::remove_most(std::size_t less) {
    assert(less <= most_);
    rescale(most_ - less);
    ramp_ = std::min(ramp_, most_);
}

void throttle_concurrency::rescale(std::size_t most) noexcept {
    // What was learned stays: the limit remains the same part of the most.
    limit_ =
        most_ == 0 ? most : std::min(std::max<std::size_t>((limit_ * most + most_ / 2) / most_, 1), most);
    most_ = most;
}

throttle_concurrency::mark throttle_concurrency::enter() noexcept {
    ++in_flight_;
    ++since_hold_;
    ++entries_;
    return {cuts_, holds_};
}

void throttle_concurrency::leave(mark const& entered) noexcept {
    assert(in_flight_ > 0);
    --in_flight_;
    if (!outdated(entered))
        --since_hold_;
}

void throttle_concurrency::grow(mark const& entered) noexcept {
    if (!outdated(entered))
        ramp_ = std::min(ramp_ * 2, most_);
    // A request from before the last cut was admitted under the limit that proved too high.
    if (entered.cuts == cuts_ && in_flight_ * 2 >= limit_)
        limit_ = std::min(limit_ + 1, most_);
}

void throttle_concurrency::discover(
    double lowest_rate, std::chrono::duration<double> latency, bool slower) noexcept {
    auto const time = std::max(least_seconds_under_way, least_latencies_under_way * latency.count());
    auto const part = slower ? part_when_slower : 1.0;
    window_ = std::max(lowest_rate * time * part, least_window);
}

void throttle_concurrency::cut(mark const& entered) noexcept {
    if (entered.cuts != cuts_)
        return;
    ++cuts_;
    limit_ = std::max<std::size_t>(limit_ * 9 / 10, 1);
}

void throttle_concurrency::on_hold() noexcept {
    ++holds_;
    ramp_ = std::min<std::size_t>(most_, 1);
    since_hold_ = 0;
}

}
