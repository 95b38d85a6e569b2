// gromedev/Mgx 2.1, src/Mgx.Engine/Http/: AdaptiveRequestPacer.cs, AdaptivePacing.cs,
// ResiliencePipelineFactory.cs, ResilientGraphClient.cs and ResilientGraphClientOptions.cs. A look-up waits
// for a slot of the pacer, then for a token of a bucket of 200 that gets 50 a second; its retries wait for
// neither, but for Retry-After, 120 s at most; 7 of them. It runs with as much at once as Mgx allows; 5 is
// its default. The header x-ms-throttle-limit-percentage delays nothing here, as no answer has it.
#include "throttle_rules/look_ups.hpp"

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

constexpr std::size_t mgx_callers = 8;
constexpr int ceiling_rate = 50;
constexpr int entry_rate = 4;
constexpr int floor_rate = 2;
constexpr seconds_of ramp_interval{1};
constexpr seconds_of recovery_window{300};
constexpr seconds_of longest_hold{120};

/// The rate that requests are spaced at, and the slots that they get.
class pacer {
public:
    time_point claim(time_point now) {
        if (adapted_rate_ != 0 && now - last_throttle_ > recovery_window)
            adapted_rate_ = 0;
        if (adapted_rate_ == 0 && (!used_ || now - last_request_ > recovery_window)) {
            slow_start_rate_ = entry_rate;
            last_ramp_ = now;
        }
        if (now - last_ramp_ >= ramp_interval) {
            if (adapted_rate_ != 0 && last_throttle_ < last_ramp_)
                adapted_rate_ = below_ceiling(adapted_rate_ + ceiling_rate / 10);
            slow_start_rate_ = below_ceiling(slow_start_rate_ * 2);
            last_ramp_ = now;
        }
        used_ = true;
        last_request_ = now;
        auto const rate = adapted_rate_ == 0      ? slow_start_rate_
                          : slow_start_rate_ == 0 ? adapted_rate_
                                                  : std::min(adapted_rate_, slow_start_rate_);
        if (rate == 0 && next_slot_ <= now)
            return now;
        auto const slot = std::max(now, next_slot_);
        next_slot_ = slot;
        if (rate != 0)
            next_slot_ += std::chrono::nanoseconds(std::chrono::seconds(1)) / rate;
        return slot;
    }

    void on_throttle(time_point now, std::optional<seconds_of> hint) {
        last_throttle_ = now;
        adapted_rate_ = adapted_rate_ == 0 ? entry_rate : std::max(adapted_rate_ / 2, floor_rate);
        slow_start_rate_ = 0;
        last_ramp_ = now;
        if (hint)
            next_slot_ = std::max(
                next_slot_, now + std::chrono::ceil<std::chrono::nanoseconds>(std::min(*hint, longest_hold)));
    }

private:
    static int below_ceiling(int rate) { return rate >= ceiling_rate ? 0 : rate; }

    bool used_ = false;
    time_point next_slot_ = time_point::min();
    time_point last_request_ = time_point::min();
    time_point last_throttle_ = time_point::min();
    time_point last_ramp_ = time_point::min();
    int adapted_rate_ = 0;    // 0: none
    int slow_start_rate_ = 0; // 0: none
};

/// .NET's TokenBucketRateLimiter: filled once a second; who finds it empty waits in line for that.
class token_bucket {
public:
    time_point take(time_point at) {
        if (filled_ == time_point::min())
            filled_ = at;
        for (; at - filled_ >= std::chrono::seconds(1); filled_ += std::chrono::seconds(1))
            tokens_ = std::min(tokens_ + ceiling_rate, burst);
        --tokens_;
        if (tokens_ >= 0)
            return at;
        auto const fills = 1 + (-tokens_ - 1) / ceiling_rate;
        return filled_ + std::chrono::seconds(fills);
    }

private:
    static constexpr int burst = 200;
    int tokens_ = burst; // below 0: so many are in line
    time_point filled_ = time_point::min();
};

class mgx final : public look_up_rule {
public:
    explicit mgx(boost::asio::io_context& context) : context_(context) {}

    boost::asio::awaitable<void> admit(attempts const& before) override {
        if (before.retries != 0)
            co_return;
        auto const now = std::chrono::steady_clock::now();
        auto const slot = pacer_.claim(now);
        if (slot > now)
            co_await wait(context_, slot - now);
        auto const later = std::chrono::steady_clock::now();
        auto const token = bucket_.take(later);
        if (token > later)
            co_await wait(context_, token - later);
    }

    std::optional<seconds_of>
    on_answer(time_point now, answer const& got, attempts const& before, double draw) override {
        constexpr unsigned most_mgx_retries = 7;
        auto const hint = whole_seconds(got.retry_after);
        if (got.status == 429)
            pacer_.on_throttle(now, hint);
        bool const retried = got.status == 0 || got.status == 408 || got.status == 429 || got.status == 500 ||
                             (got.status >= 502 && got.status <= 504);
        if (!retried || before.retries == most_mgx_retries)
            return std::nullopt;
        if (hint)
            return std::min(*hint, longest_hold);
        auto const backoff = std::ldexp(0.5 + draw, static_cast<int>(before.retries));
        return std::min(seconds_of(backoff), longest_hold);
    }

private:
    boost::asio::io_context& context_;
    pacer pacer_;
    token_bucket bucket_;
};

}

void start_mgx(run& of) {
    start_look_ups(of, std::make_unique<mgx>(of.context), mgx_callers);
}

}
