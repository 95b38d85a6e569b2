#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

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
/// served, but for clients whose own bounds forbid an entry, and those that do not come for what they were
/// given: they are passed over.
/// Thread safety: unsafe.
class throttle_lanes {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using lane_id = std::uint32_t;
    using waiter_id = std::uint64_t;

    struct place {
        lane_id lane = 0;
        waiter_id waiter = 0;
        std::uint64_t arrival = 0;
        std::size_t calls = 1; ///< that the waiter will send together
    };
    /// How long a client may take to come for what it was given.
    static constexpr std::chrono::seconds patience{5};

    lane_id add(throttle_gate_params const& params);
    /// With those who wait in it. Precondition: nobody of it is inside.
    void remove(lane_id lane);

    throttle_gate_params const& params(lane_id lane) const { return lanes_[lane]->params; }
    std::size_t in_flight(lane_id lane) const { return lanes_[lane]->in_flight; }
    bool has_waiters() const noexcept { return !spots_.empty(); }
    bool has_waiters(lane_id lane) const { return !lanes_[lane]->line.empty(); }

    /// Whether one may enter at once, as far as the lanes go.
    bool admits(lane_id lane, time_point now) const;
    void enter(lane_id lane, time_point now, std::size_t calls = 1);
    void leave(lane_id lane) { --lanes_[lane]->in_flight; }
    /// So many entered, and so many left, that were bound by nothing but the most in flight.
    void pass(lane_id lane, std::size_t in, std::size_t out) {
        lanes_[lane]->in_flight = lanes_[lane]->in_flight + in - out;
    }

    void wait(lane_id lane, waiter_id id, std::size_t calls = 1);
    bool cancel(waiter_id id);
    /// Who was taken out and did not come: as if they had waited on.
    void put_back(place const& first);

    /// The client has something to come for, and has come.
    void on_called(lane_id lane, time_point now);
    void on_heard(lane_id lane) { lanes_[lane]->called_at.reset(); }
    /// It was called too long ago.
    bool is_silent(lane_id lane, time_point now) const { return lanes_[lane]->silent(now); }
    /// When the next client that was called is silent.
    std::optional<time_point> next_silent_at(time_point now) const;

    /// Nobody waits in the lane any more.
    void clear(lane_id lane);
    /// Who is to enter next; they have to be taken out by `take`.
    std::optional<place> next(time_point now) const;
    void take(place const& first, time_point now);

    /// When somebody may enter next, as far as the lanes go: not after `now` if at once.
    std::optional<time_point> next_at(time_point now) const;

private:
    struct waiter {
        waiter_id id = 0;
        std::uint64_t arrival = 0;
        std::size_t calls = 1;
        bool gone = false; // cancelled; never the first
    };
    struct client_lane {
        throttle_gate_params params;
        std::chrono::nanoseconds interval{0}; // between entries
        time_point next_slot = time_point::min();
        std::size_t in_flight = 0;
        std::optional<time_point> called_at;
        std::deque<waiter> line; // by arrival

        bool silent(time_point now) const { return called_at && now >= *called_at + patience; }
        bool open(time_point now) const {
            return in_flight < params.max_in_flight && now >= next_slot && !silent(now);
        }
        void enter(time_point slot, std::size_t calls);
        void drop_gone();
    };
    struct spot {
        lane_id lane;
        std::uint64_t arrival;
    };

    std::vector<std::optional<client_lane>> lanes_;
    boost::unordered_flat_map<waiter_id, spot> spots_; // of all who wait
    std::uint64_t arrivals_ = 0;
};

}
