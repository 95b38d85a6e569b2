#pragma once

#include "protocol/consumption.hpp"
#include "protocol/departure.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace allot {

/// How many units a second may be asked for: any number until the server has refused once; from then on a
/// rate, in a token bucket that holds 20 ms of it.
///
/// A block shows the rate that the server can keep up, from what it granted; the rate goes a little below it.
/// Servers let their bucket fill while they hold: the rate is raised by what uses four fifths of that in
/// three times as long. How large the bucket is, in seconds that fill it, is taken to be the 10 s that Graph
/// documents, until what happens contradicts it: a first block after too few units for any documented budget,
/// a block while the credit is used, or growth far beyond the ceiling without one.
///
/// Then the rate grows while it is what limits: fast up to the best rate of the last minute, so that a budget
/// that comes back is used within seconds; beyond it by a hair at first and the faster the longer nothing
/// speaks against it. The shorter the hold, or the less there is to judge by, the sooner; the later, the more
/// of the budget a hold costs that is longer than the bucket takes to fill.
///
/// Load that the server shows and answers that become slower stop the growth for a while and lower the rate a
/// little, once a second at most. What is left of a budget, where the server says so, is spread over the time
/// until it is filled again. Thread safety: unsafe.
class throttle_rate {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// When the next call may be sent: not after `now` if at once.
    time_point next(time_point now) const;
    /// Calls of one entry are sent together: what they take beyond the bucket, later ones wait for.
    void charge(time_point now, std::size_t calls = 1);

    /// Calls that were sent at `sent` were granted, `units` for all. `limits`: callers wait, so that the
    /// rate may be what limits.
    void on_granted(time_point now, time_point sent, double units, bool limits, std::size_t calls = 1);

    /// The first refusal of a block, of a call that was sent at `sent`; then, with it and each further one,
    /// how long nobody sends.
    void on_block(time_point now, time_point sent);
    void on_hold(time_point begin, time_point end);

    /// Signs of load: a part of what is used of the limit, as the server says, or slower answers.
    void on_load(time_point now, double part);
    void on_slower_answers(time_point now);
    void on_remaining(time_point now, remaining_budget const& left, double under_way);

    /// Units a second now; nothing while any number may.
    std::optional<double> value(time_point now) const;

    /// Units a second that the server grants at least, as far as it has not refused since the last hold: its
    /// documented bucket would be empty else.
    double lowest(time_point now) const;

    /// Units that a call is taken to cost before its answer says so.
    double cost() const noexcept { return cost_; }
    bool known() const noexcept { return rate_.has_value(); }
    /// Nothing was charged yet.
    bool has_not_begun() const noexcept { return cycle_begin_ == time_point::min(); }

private:
    time_point same_until(time_point at) const;
    double level(time_point now) const;
    double capacity(double rate) const;
    void settle(time_point now);
    void grow(time_point now, bool limits);
    void learn_cost(double units, std::size_t calls);
    void lower(time_point now, double factor, std::chrono::nanoseconds pause);
    void set(double rate);
    void judge_burst(time_point now);
    double doubt_after_hold() const;

    consumption granted_;
    double cost_ = 1;
    double tokens_ = 0;
    time_point settled_ = time_point::min();

    std::optional<double> rate_; // without the credit of the last hold
    double sustained_ = 0;       // as the last block showed, or the load before the first one; 0: none yet
    bool blocked_ = false;       // a block has shown something
    bool budget_fell_ = false;   // as the last block showed
    bool confirmed_ = false;     // the last two blocks showed about the same
    bool hiccup_ = false;        // the last block came after too few units for any budget
    // Graph page "throttling-limits": units per 10 s.
    static constexpr std::chrono::nanoseconds documented_burst = std::chrono::seconds{10};
    std::chrono::nanoseconds burst_ = documented_burst; // what fills the server's bucket, as far as is known
    double best_ = 0;                                   // kept up before a block, not long ago
    time_point best_until_ = time_point::min();

    time_point cycle_begin_ = time_point::min(); // end of the last hold; min: nothing sent yet
    std::chrono::nanoseconds last_hold_{0};
    double credit_ = 0; // part of the sustained rate that is added until `credit_end_`
    time_point credit_end_ = time_point::min();
    time_point quiet_end_ = time_point::min(); // no growth beyond the ceiling until then

    time_point grown_at_ = time_point::min();
    double ceiling_ = 0; // growth is fast up to here
    double beyond_ = 0;  // seconds of growth beyond the ceiling
    double doubt_ = 50;  // seconds of growth after which it is noticed
    time_point paused_until_ = time_point::min();
    time_point lowered_at_ = time_point::min();

    double spread_ = 0; // most units a second until `spread_until_`
    time_point spread_until_ = time_point::min();
};

}
