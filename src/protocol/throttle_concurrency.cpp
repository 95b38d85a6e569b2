#include "protocol/throttle_concurrency.hpp"

#include <algorithm>
#include <cassert>

namespace allot {
namespace {

constexpr double least_seconds_under_way = 0.58;
constexpr double least_latencies_under_way = 3;
constexpr double part_when_slower = 0.8;

}

void throttle_concurrency::add_most(std::size_t more) {
    assert(more > 0);
    rescale(most_ + more);
}

void throttle_concurrency::remove_most(std::size_t less) {
    assert(less <= most_);
    rescale(most_ - less);
}

void throttle_concurrency::rescale(std::size_t most) noexcept {
    most_ = most;
    // What was learned stays, also while nobody is there: the limit remains the same part of the most.
    auto const limit = static_cast<std::size_t>(part_ * static_cast<double>(most) + 0.5);
    limit_ = std::min(std::max<std::size_t>(limit, 1), most);
}

void throttle_concurrency::learn(std::size_t limit) noexcept {
    limit_ = limit;
    part_ = static_cast<double>(limit) / static_cast<double>(most_);
}

throttle_concurrency::mark throttle_concurrency::enter(time_point now, std::size_t calls) noexcept {
    ++in_flight_;
    calls_ += calls;
    since_hold_ += calls;
    entries_ += calls;
    last_entry_ = now;
    return now_seen();
}

void throttle_concurrency::leave(mark const& entered, std::size_t calls) noexcept {
    assert(in_flight_ > 0);
    --in_flight_;
    end_calls(entered, calls);
}

void throttle_concurrency::end_calls(mark const& entered, std::size_t calls) noexcept {
    assert(calls_ >= calls);
    calls_ -= calls;
    if (!outdated(entered))
        since_hold_ -= calls;
}

void throttle_concurrency::pass(
    time_point now, mark const& entered, std::size_t in, std::size_t out) noexcept {
    assert(in_flight_ + in >= out);
    in_flight_ = in_flight_ + in - out;
    calls_ = calls_ + in - out;
    entries_ += in;
    if (!outdated(entered))
        since_hold_ = since_hold_ + in - out;
    if (in != 0)
        last_entry_ = now;
}

void throttle_concurrency::grow(mark const& entered) noexcept {
    if (ramp_ && !outdated(entered) && (*ramp_ *= 2) >= most_)
        ramp_.reset();
    // A request from before the last cut was admitted under the limit that proved too high.
    if (entered.cuts == cuts_ && in_flight_ * 2 >= limit_)
        learn(std::min(limit_ + 1, most_));
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
    learn(std::max<std::size_t>(limit_ * 9 / 10, 1));
}

void throttle_concurrency::on_hold() noexcept {
    ++holds_;
    ramp_ = 1;
    since_hold_ = 0;
}

}
