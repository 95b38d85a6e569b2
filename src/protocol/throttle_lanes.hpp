#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace allot {

/// What one client brings to the gate.
/// Durations are at most ten years, so that sums with a time point cannot overflow; so are hints.
struct throttle_gate_params {
    std::size_t max_in_flight = 64;   ///< most requests inside at once, at least 1
    std::optional<double> max_rate{}; ///< most entries per second, at least one a day; unset for any number
    std::chrono::milliseconds throttled_delay{1'000}; ///< first hold when throttled without a hint
    std::chrono::milliseconds max_wait{600'000};      ///< a longer hold is not waited for
};

/// The clients of a gate, who of each is inside and who waits. Over all clients it is first come, first
/// served, but for clients whose own bounds forbid an entry: those are passed over.
/// Thread safety: unsafe.
class throttle_lanes {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using lane_id = std::uint32_t;
    using waiter_id = std::uint64_t;

    struct place {
        lane_id lane = 0;
        waiter_id waiter = 0;
    };

    lane_id add(throttle_gate_params const& params);
    /// With those who wait in it. Precondition: nobody of it is inside.
    void remove(lane_id lane);

    throttle_gate_params const& params(lane_id lane) const { return lanes_[lane]->params; }
    std::size_t in_flight(lane_id lane) const { return lanes_[lane]->in_flight; }
    bool has_waiters() const noexcept { return waiting_ != 0; }
    bool has_waiters(lane_id lane) const { return !lanes_[lane]->line.empty(); }

    /// Whether one may enter at once, as far as the lanes go.
    bool admits(lane_id lane, time_point now) const;
    void enter(lane_id lane, time_point now);
    void leave(lane_id lane) { --lanes_[lane]->in_flight; }

    void wait(lane_id lane, waiter_id id);
    bool cancel(waiter_id id);
    /// Nobody waits in the lane any more.
    void clear(lane_id lane);
    /// Who is to enter next; they have to be taken out by `take`.
    std::optional<place> next(time_point now) const;
    void take(place const& first, time_point now);

    /// When somebody may enter next, as far as the lanes go: not after `now` if at once.
    std::optional<time_point> next_at() const;

private:
    struct waiter {
        waiter_id id = 0;
        std::uint64_t arrival = 0;
    };
    struct client_lane {
        throttle_gate_params params;
        std::chrono::nanoseconds interval{0}; // between entries
        time_point next_slot = time_point::min();
        std::size_t in_flight = 0;
        std::deque<waiter> line;

        bool open(time_point now) const { return in_flight < params.max_in_flight && now >= next_slot; }
        void enter(time_point slot);
    };

    std::vector<std::optional<client_lane>> lanes_;
    std::size_t waiting_ = 0;
    std::uint64_t arrivals_ = 0;
};

}
