#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace allot {

/// Durations are at most ten years, so that sums with a time point cannot overflow; so are hints.
struct throttle_gate_params {
    std::size_t max_in_flight = 64;   ///< most requests inside at once, at least 1
    std::optional<double> max_rate{}; ///< most entries per second, at least one a day; unset for any number
    std::chrono::milliseconds throttled_delay{1'000}; ///< first hold when throttled without a hint
    std::chrono::milliseconds max_wait{600'000};      ///< a longer hold is not waited for
};

enum class departure_kind {
    answered,  ///< a complete answer that is no sign of overload, good or bad
    throttled, ///< 429 or 509, or 503 with a hint
    timed_out, ///< no complete answer in time
    failed,    ///< anything else: connection lost, other 5xx
    unused,    ///< nothing was sent
};

struct departure {
    departure_kind kind = departure_kind::unused;
    /// With `throttled`: the wait asked for, as from `parse_retry_after`.
    std::optional<std::chrono::milliseconds> hint{};
};

/// The one place where requests of an app and tenant are held back. Every request, the first and each retry,
/// enters before it is sent and leaves when it has ended.
///
/// - Hold: once one request is throttled nobody enters until the longest hint has passed. Without a hint the
///   hold is `throttled_delay`, twice as long with each block in a row, 5 minutes at most; a good answer to a
///   request sent after the last hold begins anew.
/// - After a hold one request enters, then twice as many with each good answer, so that the end of a block is
///   not a stampede.
/// - Limit on requests inside: begins at `max_in_flight`; x 0.9 when throttled or timed out, once for all
///   requests that were inside at the time; + 1 with each good answer while at least half of it is in use.
/// - Rate: entries are evenly spaced at `max_rate`; when the first in line is admitted late, the next may
///   follow so much sooner, by one interval at most.
///
/// Who may not enter waits in line: first come, first served. After each `leave`, and at `wake_at`, the
/// caller asks `admit_next` until it returns nothing. Times must not go back. Thread safety: distinct
/// objects: safe; shared: unsafe.
class throttle_gate_state {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using waiter_id = std::uint64_t;

    /// Given to a request as it enters, handed back as it leaves: what it had seen when it was sent.
    struct ticket {
        std::uint64_t cuts = 0;
        std::uint64_t holds = 0;
    };

    struct admission {
        waiter_id waiter = 0;
        throttle_gate_state::ticket ticket;
    };

    explicit throttle_gate_state(throttle_gate_params const& params);

    /// Enters, unless the gate is closed or others wait: then `wait`, or fail when `parked_until` says so.
    std::optional<ticket> try_enter(time_point now);

    /// Joins the line. `waiter` names the request until it is admitted or cancelled; no other in line has it.
    void wait(waiter_id waiter);

    /// Leaves the line. False when `waiter` is not in it: if it was admitted, it has to `leave` as unused.
    bool cancel(waiter_id waiter);

    /// Lets the first in line enter, if anyone may.
    std::optional<admission> admit_next(time_point now);

    /// When the first in line may enter although no request leaves: at the end of a hold, or when the next
    /// entry is due. Nothing while no one waits or only a `leave` can help. Changes with each call of another
    /// function.
    std::optional<time_point> wake_at(time_point now) const;

    /// Takes back a ticket, each once. The rate's slot of an unused entry is lost: nothing is sent in it, and
    /// to give it back could exceed the rate.
    void leave(time_point now, ticket const& entered, departure const& how);

    /// The end of the hold, while there is one.
    std::optional<time_point> held_until(time_point now) const;

    /// The end of the hold, while it is further away than `max_wait`. The caller then fails whoever waits or
    /// comes.
    std::optional<time_point> parked_until(time_point now) const;

    /// The time in which the gate was held so far; holds that overlap count once.
    std::chrono::nanoseconds held_total(time_point now) const;

    /// Whether a hold began since the ticket was given.
    bool outdated(ticket const& entered) const noexcept { return entered.holds != holds_; }

    std::size_t in_flight() const noexcept { return in_flight_; }

    /// Most requests inside at once, as learned so far.
    std::size_t limit() const noexcept { return limit_; }

private:
    bool held(time_point now) const noexcept { return now < hold_end_; }
    bool has_room() const noexcept { return in_flight_ < limit_ && entered_since_hold_ < ramp_; }
    bool is_open(time_point now) const noexcept { return !held(now) && now >= next_slot_ && has_room(); }
    ticket enter(time_point slot);
    void cut(ticket const& entered);
    void hold(time_point now, ticket const& entered, std::optional<std::chrono::milliseconds> hint);
    void grow(ticket const& entered);

    throttle_gate_params params_;
    std::chrono::nanoseconds interval_{0}; // between entries
    std::deque<waiter_id> waiters_;
    std::size_t in_flight_ = 0;
    std::size_t limit_;
    std::uint64_t cuts_ = 0;

    time_point next_slot_ = time_point::min();
    time_point hold_begin_ = time_point::min();
    time_point hold_end_ = time_point::min();
    std::chrono::nanoseconds held_before_{0};  // in holds before the last one
    std::chrono::milliseconds blind_delay_{0}; // hold of this block without a hint; 0: none yet
    std::uint64_t holds_ = 0;
    std::size_t ramp_;                   // most requests inside of those that entered after the last hold
    std::size_t entered_since_hold_ = 0; // of those now inside
};

}
