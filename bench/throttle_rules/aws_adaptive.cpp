// aws/aws-sdk-cpp, AdaptiveRetryStrategy.cpp and RetryStrategy.cpp (without AWS_NEW_RETRIES_2026): a token
// bucket for all requests that is off until the first throttle; its rate follows CUBIC. 3 tries; the delay is
// rand mod 1000 ms times 2^retries, 20 s at most, whatever the server says; retries pay 5 of a quota of 500.
// The bucket is waited for under a lock, so callers queue. Here an answer does not wait for that lock.
#include "io/parking_spot.hpp"
#include "throttle_rules/look_ups.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

namespace bench {
namespace {

constexpr double min_fill_rate = 0.5;
constexpr double min_capacity = 1;
constexpr double smooth = 0.8;
constexpr double beta = 0.7;
constexpr double scale_constant = 0.4;

double on_the_clock(time_point at) {
    return std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch() / seconds_of(1);
}

class rate_bucket {
public:
    bool enabled() const noexcept { return enabled_; }

    /// Takes a token, if there is one; else says how long it takes to fill what is missing.
    std::optional<seconds_of> take(time_point at, bool waited) {
        refill(on_the_clock(at));
        if (capacity_ < 1 && !waited)
            return seconds_of((1 - capacity_) / fill_rate_);
        capacity_ -= 1; // who has waited does not look again
        return std::nullopt;
    }

    void on_answer(time_point at, bool throttled) {
        auto const now = on_the_clock(at);
        measure(now);
        double calculated = 0;
        if (throttled) {
            last_max_rate_ = enabled_ ? std::min(measured_rate_, fill_rate_) : measured_rate_;
            last_throttle_ = now;
            calculated = last_max_rate_ * beta;
            enabled_ = true;
        } else {
            auto const window = std::cbrt(last_max_rate_ * (1 - beta) / scale_constant);
            calculated = scale_constant * std::pow(now - last_throttle_ - window, 3) + last_max_rate_;
        }
        auto const rate = std::min(calculated, 2 * measured_rate_);
        refill(now);
        fill_rate_ = std::max(rate, min_fill_rate);
        max_capacity_ = std::max(rate, min_capacity);
        capacity_ = std::min(capacity_, max_capacity_);
    }

private:
    void refill(double now) {
        if (last_time_ != 0)
            capacity_ = std::min(max_capacity_, capacity_ + (now - last_time_) * fill_rate_);
        last_time_ = now;
    }

    void measure(double now) {
        auto const half_second = std::floor(now * 2) / 2;
        ++requests_;
        if (half_second <= last_half_second_)
            return;
        auto const current = requests_ / (half_second - last_half_second_);
        measured_rate_ = current * smooth + measured_rate_ * (1 - smooth);
        requests_ = 0;
        last_half_second_ = half_second;
    }

    double fill_rate_ = 0;
    double max_capacity_ = 0;
    double capacity_ = 0;
    double last_time_ = 0;
    double measured_rate_ = 0;
    double last_half_second_ = 0;
    double requests_ = 0;
    bool enabled_ = false;
    double last_max_rate_ = 0;
    double last_throttle_ = 0;
};

class retry_quota {
public:
    bool pay() {
        if (left_ < cost)
            return false;
        left_ -= cost;
        return true;
    }
    void give_back(bool retried) { left_ = std::min(left_ + (retried ? cost : 1), most); }

private:
    static constexpr int most = 500;
    static constexpr int cost = 5;
    int left_ = most;
};

class aws_adaptive final : public look_up_rule {
public:
    explicit aws_adaptive(boost::asio::io_context& context) : context_(context) {}

    boost::asio::awaitable<void> admit(attempts const&) override {
        if (!bucket_.enabled())
            co_return;
        if (std::exchange(locked_, true)) {
            allot::parking_spot spot(context_.get_executor());
            line_.push_back(&spot);
            co_await spot.wait(std::nullopt); // handed the lock
        }
        if (auto const missing = bucket_.take(std::chrono::steady_clock::now(), false)) {
            co_await wait(context_, std::chrono::ceil<std::chrono::nanoseconds>(*missing));
            bucket_.take(std::chrono::steady_clock::now(), true);
        }
        if (line_.empty()) {
            locked_ = false;
        } else {
            line_.front()->wake();
            line_.pop_front();
        }
    }

    std::optional<seconds_of>
    on_answer(time_point now, answer const& got, attempts const& before, double draw) override {
        constexpr unsigned tries = 3;
        bucket_.on_answer(now, got.status == 429);
        if (got.good)
            quota_.give_back(before.retries != 0);
        bool const retried = got.status == 0 || got.status == 429 || got.status >= 500;
        if (!retried || before.retries + 1 >= tries || !quota_.pay())
            return std::nullopt;
        auto const delay = std::ldexp(std::floor(draw * 1000), static_cast<int>(before.retries));
        return seconds_of(std::min(delay, 20'000.0) / 1000);
    }

private:
    boost::asio::io_context& context_;
    rate_bucket bucket_;
    retry_quota quota_;
    bool locked_ = false;
    std::deque<allot::parking_spot*> line_;
};

}

void start_aws_adaptive(run& of) {
    start_look_ups(of, std::make_unique<aws_adaptive>(of.context));
}

}
