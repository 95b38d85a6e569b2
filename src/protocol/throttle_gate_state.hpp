#pragma once

#include "protocol/departure.hpp"
#include "protocol/latency_drift.hpp"
#include "protocol/throttle_concurrency.hpp"
#include "protocol/throttle_hold.hpp"
#include "protocol/throttle_lanes.hpp"
#include "protocol/throttle_rate.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace allot {

/// The one place where requests of an app and tenant are held back. Every request, the first and each retry,
/// enters before it is sent and leaves when it has ended. Each client has a lane of its own; what is learned
/// is common to all.
///
/// What keeps a request out: a hold (`throttle_hold`), the requests under way (`throttle_concurrency`), the
/// rate that the server was found to grant (`throttle_rate`), and its client's own bounds, `max_in_flight`
/// and `max_rate`: entries of a client are evenly spaced at its `max_rate`; when the first in line is
/// admitted late, the next may follow so much sooner, by one interval at most.
///
/// While the gate `is_free`, a client may let its requests in and out by itself, as far as its own bounds
/// allow, and have that counted later (`pass`).
///
/// Who may not enter waits in line: first come, first served. After each `leave`, and at `wake_at`, the
/// caller asks `admit_next` until it returns nothing. Times must not go back. Thread safety: distinct
/// objects: safe; shared: unsafe.
class throttle_gate_state {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using waiter_id = throttle_lanes::waiter_id;
    using lane_id = throttle_lanes::lane_id;

    /// Given to a request as it enters, handed back as it leaves: what it had seen when it was sent.
    struct ticket {
        throttle_concurrency::mark seen;
        lane_id lane = 0;
        std::uint32_t calls = 1; ///< that were not settled yet
    };

    struct admission {
        waiter_id waiter = 0;
        throttle_gate_state::ticket ticket;
        std::uint64_t arrival = 0;
    };

    /// What a client did by itself while the gate was free.
    struct passage {
        std::size_t in = 0;
        std::size_t out = 0;                   ///< with good answers
        double units = 0;                      ///< that those cost
        std::chrono::nanoseconds latencies{0}; ///< of those together
    };

    throttle_gate_state() = default;
    /// With one lane, number 0.
    explicit throttle_gate_state(throttle_gate_params const& params) { add_lane(params); }

    lane_id add_lane(throttle_gate_params const& params);
    /// With those who wait in it. Precondition: every ticket of it was taken back.
    void remove_lane(lane_id lane);

    /// Enters, unless the gate is closed or others wait: then `wait`, or fail when `parked_until` says so.
    /// `calls`: sent together in one request; it takes one place, and as many units and `max_rate` slots.
    std::optional<ticket> try_enter(time_point now, lane_id lane = 0, std::uint32_t calls = 1);

    /// Joins the line. `waiter` names the request until it is admitted or cancelled; no other in line has it.
    void wait(waiter_id waiter, lane_id lane = 0, std::uint32_t calls = 1) {
        lanes_.wait(lane, waiter, calls);
    }

    /// Leaves the line. False when `waiter` is not in it: if it was admitted, it has to `leave` as unused.
    bool cancel(waiter_id waiter) { return lanes_.cancel(waiter); }

    /// Nobody of the lane waits any more.
    void clear_line(lane_id lane) { lanes_.clear(lane); }

    /// Lets the first in line enter, if anyone may.
    std::optional<admission> admit_next(time_point now);

    /// A client whom others admitted has to come for it; until it has come (`on_heard`) for too long, it is
    /// passed over, and what it was given goes back (`put_back`) as if that had waited on.
    void on_called(time_point now, lane_id lane) { lanes_.on_called(lane, now); }
    void on_heard(lane_id lane) { lanes_.on_heard(lane); }
    bool is_silent(time_point now, lane_id lane) const { return lanes_.is_silent(lane, now); }
    void put_back(admission const& given);

    /// When the first in line may enter although no request leaves: at the end of a hold, or when the next
    /// entry is due. Nothing while no one waits or only a `leave` can help. Changes with each call of another
    /// function.
    std::optional<time_point> wake_at(time_point now) const;

    /// Takes back a ticket, each once. The rate's slot of an unused entry is lost: nothing is sent in it, and
    /// to give it back could exceed the rate.
    void leave(time_point now, ticket const& entered, departure const& how);

    /// Some calls of a request have ended in their own way; it stays inside, and `leave` is told of the rest.
    void settle(time_point now, ticket& entered, departure const& how, std::uint32_t calls);

    /// Whether nothing but the clients' own bounds keeps anyone out.
    bool is_free(time_point now) const {
        return !hold_.active(now) && concurrency_.is_free() && !rate_.value(now);
    }
    /// What a request of such a time has seen.
    throttle_concurrency::mark now_seen() const noexcept { return concurrency_.now_seen(); }
    /// Counts what a client did in such a time, which may be over. `seen`: by all of it.
    void pass(time_point now, lane_id lane, throttle_concurrency::mark const& seen, passage const& sum);
    /// So many of those answers came since this was last called, the quickest after `shortest`.
    void on_latencies(time_point now, std::size_t answers, std::chrono::nanoseconds shortest);

    /// The end of the hold, while there is one.
    std::optional<time_point> held_until(time_point now) const;

    /// The end of the hold, while it is further away than the lane's `max_wait`. The caller then fails
    /// whoever waits or comes.
    std::optional<time_point> parked_until(time_point now, lane_id lane = 0) const;

    /// For a caller who does not want to wait: before this time nobody new enters, by the hold or by the
    /// pace. Nothing when it is open as far as time goes.
    std::optional<time_point> throttled_until(time_point now) const;

    /// The time in which the gate was held so far; holds that overlap count once.
    std::chrono::nanoseconds held_total(time_point now) const { return hold_.total(now); }

    /// Whether a hold began since the ticket was given.
    bool outdated(ticket const& entered) const noexcept { return concurrency_.outdated(entered.seen); }

    std::size_t in_flight() const noexcept { return concurrency_.in_flight(); }
    bool has_waiters() const noexcept { return lanes_.has_waiters(); }
    bool has_waiters(lane_id lane) const { return lanes_.has_waiters(lane); }

    /// Most requests inside at once, as learned so far.
    std::size_t limit() const noexcept { return concurrency_.limit(); }

    /// Whether one more may be under way, as far as what was learned goes.
    bool has_room(time_point now) const noexcept { return concurrency_.has_room(now); }

    /// How often a request was throttled.
    std::uint64_t holds() const noexcept { return concurrency_.holds(); }

    /// Units a second that may be asked for, as learned so far; nothing before anything was learned.
    std::optional<double> rate(time_point now) const { return rate_.value(now); }

private:
    bool is_open(time_point now) const {
        return !hold_.active(now) && concurrency_.has_room(now) && rate_.next(now) <= now;
    }
    ticket enter(time_point now, lane_id lane, std::size_t calls);
    void on_ended(time_point now, ticket const& entered, departure const& how);
    void discover(time_point now, bool slower);
    void on_answered(time_point now, ticket const& entered, departure const& how);
    void on_throttled(time_point now, ticket const& entered, departure const& how);
    void on_hints(time_point now, ticket const& entered, departure const& how);

    throttle_lanes lanes_;
    throttle_hold hold_;
    throttle_concurrency concurrency_;
    throttle_rate rate_;
    latency_drift drift_;
    time_point discovered_at_ = time_point::min();
};

}
