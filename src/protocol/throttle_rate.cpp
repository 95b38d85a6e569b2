#include "protocol/throttle_rate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace allot {
namespace {

using namespace std::chrono;
using seconds_of = duration<double>;
using time_point = throttle_rate::time_point;

constexpr nanoseconds least_burst = seconds{1};
constexpr double documented_units = 400; // no budget that Graph documents grants fewer at once
constexpr double least_units = 5;        // to learn a rate from
constexpr double least_rate = 0.5;
constexpr double most_rate = 1e6;
constexpr double rounding = 1e-9; // of a unit
constexpr double below_sustained = 0.95;
constexpr double least_of_sustained = 0.5;
constexpr double part_of_credit = 0.8;
constexpr int credit_time = 3;     // times the time in which the bucket was filled
constexpr double fast_growth = 5;  // seconds in which the rate grows e-fold
constexpr double refutation = 1.4; // times the ceiling: the server's bucket would be empty by now
constexpr double least_doubt = 10; // seconds of growth after which it is noticed
constexpr double first_doubt = 50; // before a second block has shown the same
constexpr double most_doubt = 70;
constexpr double doubt_of_loss = 10;  // seconds for each second in which the full bucket ran over
constexpr seconds_of longest_step{1}; // without answers nothing grows
constexpr seconds best_lasts{60};
constexpr seconds longest_spread{60}; // a hint must not stop a job

double seconds_between(time_point from, time_point to) {
    return seconds_of(to - from).count();
}

}

double throttle_rate::capacity(double rate) const {
    return std::max(cost_, rate * 0.02);
}

std::optional<double> throttle_rate::value(time_point now) const {
    std::optional<double> out;
    if (rate_)
        out = *rate_ + (now < credit_end_ ? credit_ : 0);
    if (now < spread_until_)
        out = std::min(out.value_or(most_rate), spread_);
    return out;
}

/// The end of the time from `at` on in which the rate is the same.
time_point throttle_rate::same_until(time_point at) const {
    auto end = time_point::max();
    for (auto const change : {credit_end_, spread_until_})
        if (change > at)
            end = std::min(end, change);
    return end;
}

double throttle_rate::level(time_point now) const {
    auto tokens = tokens_;
    // During a hold there is no time to count.
    for (auto at = std::max(settled_, cycle_begin_); at < now;) {
        auto const end = std::min(now, same_until(at));
        auto const rate = value(at);
        tokens = rate ? std::min(tokens + seconds_between(at, end) * *rate, capacity(*rate)) : cost_;
        at = end;
    }
    return value(now) ? tokens : cost_;
}

void throttle_rate::settle(time_point now) {
    tokens_ = level(now);
    settled_ = now;
}

time_point throttle_rate::next(time_point now) const {
    auto rate = value(now);
    if (!rate)
        return now;
    auto missing = cost_ - level(now);
    if (missing <= rounding)
        return now;
    auto at = now;
    for (;;) {
        auto const end = same_until(at);
        auto const in_time = seconds_between(at, end) * *rate;
        if (missing <= in_time)
            break;
        missing -= in_time;
        at = end;
        rate = value(at);
        if (!rate)
            return at;
    }
    at += ceil<nanoseconds>(seconds_of(missing / *rate));
    // At high rates all who are due in a millisecond are woken together.
    if (*rate > 1000)
        at = time_point(ceil<milliseconds>(at.time_since_epoch()));
    return at;
}

void throttle_rate::charge(time_point now, std::size_t calls) {
    if (cycle_begin_ == time_point::min()) {
        cycle_begin_ = now;
        last_hold_ = documented_burst;
        settled_ = now;
    }
    if (!value(now))
        return;
    settle(now);
    tokens_ -= static_cast<double>(calls) * cost_;
}

void throttle_rate::on_granted(
    time_point now, time_point sent, double units, bool limits, std::size_t calls) {
    // Where the machine is busy, answers of seconds are read at once: when they were read says nothing.
    granted_.add(sent, units);
    if (rate_) {
        settle(now);
        tokens_ -= units - static_cast<double>(calls) * cost_;
        grow(now, limits);
    }
    learn_cost(units, calls);
}

void throttle_rate::learn_cost(double units, std::size_t calls) {
    auto const each = units / static_cast<double>(calls);
    // More calls than that leave nothing of what was.
    for (auto left = std::min<std::size_t>(calls, 256); left != 0 && cost_ != each; --left)
        cost_ += (each - cost_) / 16;
    cost_ = std::max(cost_, 0.1);
}

void throttle_rate::grow(time_point now, bool limits) {
    seconds_of const step = std::min<seconds_of>(now - std::max(grown_at_, cycle_begin_), longest_step);
    grown_at_ = now;
    auto const used = level(now) < std::max(cost_, capacity(*rate_) / 2);
    if (!limits || !used || now < paused_until_ || step.count() <= 0)
        return;
    auto const credit = now < credit_end_ ? credit_ : 0;
    if (auto const goal = below_sustained * ceiling_ - credit; *rate_ < goal) {
        rate_ = std::min(*rate_ * (1 + step.count() / fast_growth), goal);
        return;
    }
    if (credit > 0 || (!budget_fell_ && now < quiet_end_))
        return; // it is beyond already, or to stay there for a while
    beyond_ += step.count();
    if (*rate_ > refutation * ceiling_ && doubt_ > least_doubt) {
        // The last block showed too little: the bucket that it emptied was not as large as was taken.
        burst_ = std::max(burst_ / 3, least_burst);
        doubt_ = least_doubt;
        beyond_ = least_doubt;
    }
    set(*rate_ * (1 + step.count() * beyond_ / (doubt_ * doubt_)));
}

void throttle_rate::set(double rate) {
    rate_ = std::clamp(rate, least_rate, most_rate);
}

double throttle_rate::lowest(time_point now) const {
    return granted_.sustainable(now, cycle_begin_, documented_burst, documented_burst);
}

void throttle_rate::on_block(time_point now, time_point sent) {
    settle(now);
    auto const begin = cycle_begin_;
    auto const units = granted_.since(now, begin);
    beyond_ = 0;
    hiccup_ = units < documented_units;
    if (units < least_units) {
        // Nothing is learned but that this was too much.
        budget_fell_ = false;
        if (rate_)
            set(*rate_ / 2);
        return;
    }
    // Refused below what was granted before: the budget fell, and nothing is there to make up for.
    budget_fell_ = sustained_ > 0 && *value(now) < sustained_ * 1.05;
    judge_burst(now);
    // What was kept up until now stays a goal for a while.
    if (sustained_ >= best_ || now >= best_until_) {
        best_ = sustained_;
        best_until_ = now + best_lasts;
    }
    auto const before = sustained_;
    sustained_ = granted_.sustainable(sent, begin, std::min(last_hold_, burst_), burst_);
    confirmed_ = std::abs(sustained_ - before) < before / 4;
    ceiling_ = std::max(sustained_, best_);
    set(sustained_ * below_sustained);
    blocked_ = true;
}

void throttle_rate::judge_burst(time_point now) {
    bool const on_credit = now < credit_end_ && credit_ > 0 && *rate_ <= sustained_;
    if (!blocked_ && hiccup_)
        burst_ = least_burst;
    else if (budget_fell_)
        burst_ = documented_burst;
    else if (on_credit) // The bucket did not hold what was taken to be in it; or, again, the budget fell.
        burst_ = burst_ > least_burst ? least_burst : documented_burst;
}

/// The longer the hold, the more a mistake costs, and most of all the time in which the bucket is full.
double throttle_rate::doubt_after_hold() const {
    // Too few units for a budget: others have used it up, or it is a hiccup.
    if (hiccup_)
        return least_doubt;
    auto const held = seconds_of(last_hold_).count();
    if (!confirmed_)
        return std::clamp(10 * held, least_doubt, first_doubt);
    auto const lost = std::max(held - seconds_of(burst_).count(), 0.0);
    return std::clamp(10 * held, least_doubt, most_doubt) + doubt_of_loss * lost;
}

void throttle_rate::on_hold(time_point begin, time_point end) {
    last_hold_ = end - begin;
    doubt_ = doubt_after_hold();
    cycle_begin_ = end;
    grown_at_ = end;
    tokens_ = 0;
    settled_ = end;
    auto const filled = std::min(last_hold_, burst_);
    credit_end_ = end + credit_time * filled;
    credit_ = budget_fell_ ? 0 : sustained_ * part_of_credit / credit_time;
    quiet_end_ = end + credit_time * last_hold_;
}

void throttle_rate::lower(time_point now, double factor, nanoseconds pause) {
    paused_until_ = std::max(paused_until_, now + pause);
    if (now < lowered_at_ + seconds{1})
        return;
    lowered_at_ = now;
    settle(now);
    if (rate_)
        set(*rate_ * factor);
}

void throttle_rate::on_load(time_point now, double part) {
    if (part <= 0.8)
        return;
    if (!rate_ && granted_.since(now, cycle_begin_) >= least_units) {
        // What a block would show when this part of the bucket is used up.
        auto const used = duration_cast<nanoseconds>(seconds_of(burst_) * std::min(part, 1.0));
        sustained_ = granted_.sustainable(now, cycle_begin_, std::min(last_hold_, used), used);
        ceiling_ = sustained_;
        set(sustained_);
        grown_at_ = now;
        tokens_ = 0;
        settled_ = now;
    }
    // Not much below what is known to be granted: others may be the load, and then this would not help.
    auto const least = rate_ ? std::min(least_of_sustained * sustained_ / *rate_, 1.0) : 0;
    lower(now, std::max(part >= 1 ? 0.85 : 0.97, least), seconds{5});
}

void throttle_rate::on_slower_answers(time_point now) {
    // Not below what is known to be granted: slowness can have other causes.
    auto const factor = rate_ ? std::clamp(sustained_ * below_sustained / *rate_, 0.95, 1.0) : 1.0;
    lower(now, factor, seconds{1});
}

void throttle_rate::on_remaining(time_point now, remaining_budget const& left, double under_way) {
    auto const reset = std::clamp<nanoseconds>(left.reset, nanoseconds{0}, longest_spread);
    if (reset == nanoseconds{0})
        return;
    if (value(now))
        settle(now);
    else {
        tokens_ = 0;
        settled_ = now;
    }
    spread_ = std::max(left.units - under_way, 1.0) / seconds_of(reset).count();
    spread_until_ = now + reset;
}

}
