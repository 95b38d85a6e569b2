#pragma once

#include "io/context_life.hpp"
#include "io/free_passage.hpp"
#include "protocol/throttle_gate_state.hpp"

#include <allot/credential.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace allot {

/// A client's side of a shared gate.
class gate_front {
public:
    virtual ~gate_front() = default;
    /// Where `gate_changed` is called.
    virtual boost::asio::any_io_executor const& front_executor() const noexcept = 0;
    /// Time to `look`: somebody was admitted, a hold began, the gate is free no more, or the next entry is
    /// due earlier than told.
    virtual void gate_changed() = 0;
};

/// The throttle gate of one application and tenant at one Graph host: one for all clients and threads of the
/// process. Each client has a lane. The lock covers the state alone; who is admitted while another client
/// acts hears of it on the executor of their own.
///
/// While the gate is free, clients do not come here: their requests pass by themselves (`free_passage`), and
/// every ten milliseconds one of them reports. Whatever ends that time, clients see at once by `is_open`.
/// Thread safety: safe.
class shared_gate {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using lane_id = throttle_gate_state::lane_id;
    using waiter_id = throttle_gate_state::waiter_id;
    using ticket = throttle_gate_state::ticket;
    using admission = throttle_gate_state::admission;

    struct newcomer {
        waiter_id waiter = 0;
        std::uint32_t calls = 1;
    };

    /// What there is for a lane.
    struct news {
        std::vector<admission> admitted;
        std::optional<time_point> parked;  ///< nobody of the lane is in line any more: the hold ends then
        std::optional<time_point> wake_at; ///< to look again
        bool free = false;                 ///< nobody of the lane is in line any more: its passage is open
    };

    /// What people want to know of a gate.
    struct figures {
        std::chrono::nanoseconds held{0};
        std::optional<time_point> held_until;
        std::optional<time_point> throttled_until; ///< by the hold or the pace
        std::optional<double> rate;                ///< units a second, as learned
        std::size_t limit = 0;                     ///< requests at once, as learned
    };

    /// The gate that others use for the same `throttle_key` and host, or a new one. What it
    /// learned from a refusal is kept for ten minutes after its last client has left, a hold to its end.
    static std::shared_ptr<shared_gate>
    of(std::shared_ptr<token_credential> const& credential, std::string_view host);

    /// `front` is called on its executor, until it has parted or the context of that ends. `own` is opened
    /// and closed by the members below that say so. Lifetimes: `own` until it has parted.
    lane_id join(
        std::weak_ptr<gate_front> front, boost::asio::any_io_executor const& executor, free_passage& own,
        throttle_gate_params const& params);
    /// Precondition: nobody of the lane is inside or waits.
    void part(lane_id lane);

    /// Whether requests may pass there, now.
    bool is_open(free_passage const& passage) const noexcept {
        return passage.is_open(word_.opening.load(std::memory_order_acquire));
    }

    // To be called where the lane's client runs; these open its passage, or close it.
    std::optional<ticket> try_enter(time_point now, lane_id lane, std::uint32_t calls = 1);
    /// Those join the line, in this order, unless there is none: see `news`.
    news look(time_point now, lane_id lane, std::span<newcomer const> newcomers);
    /// With news when somebody of the lane waits.
    std::optional<news> leave(time_point now, ticket const& entered, departure const& how);
    /// As `throttle_gate_state::settle`, then as `look`.
    news settle(time_point now, ticket& entered, departure const& how, std::uint32_t calls);

    std::optional<time_point> parked_until(time_point now, lane_id lane) const;

    /// For a waiter that is cancelled or destroyed. What it owned by then goes on to others.
    void cancel(time_point now, lane_id lane, waiter_id waiter);
    /// For a request that is destroyed: as `leave`, unused, but its lane hears of the news like any other,
    /// and of nothing if it is to be `called`.
    void give_back(time_point now, ticket const& unused, bool called);

    /// Whether a hold began since the ticket was given.
    bool outdated(ticket const& entered) const noexcept {
        return entered.seen.holds != word_.holds.load(std::memory_order_acquire);
    }

    figures read(time_point now) const;

private:
    struct lane_record {
        std::weak_ptr<gate_front> front;
        std::shared_ptr<context_life> life; ///< of its executor; null: there is no such lane
        free_passage* passage = nullptr;
        free_passage::counts counted;   ///< as the state knows
        free_passage::mark passed_with; ///< what is not counted yet
        std::vector<admission> inbox;   ///< admitted, not taken yet
        std::optional<time_point> told; ///< when it looks again by itself
        bool called = false;            ///< `gate_changed` is on its way
    };
    class visit;
    class call_list;

    bool worth_keeping(time_point now) const;

    mutable std::mutex mutex_;
    time_point latest_ = time_point::min(); ///< of all calls: threads read their clocks before they lock
    throttle_gate_state state_;
    std::vector<lane_record> lanes_;
    time_point kept_until_ = time_point::min(); ///< without clients
    std::uint64_t openings_ = 0;
    throttle_concurrency::mark opened_with_; ///< the last of those
    struct alignas(64) {
        std::atomic<std::uint64_t> holds{0};
        std::atomic<std::uint64_t> opening{0}; ///< 0: the gate is not free
    } word_;                                   ///< read all the time and seldom written
};

}
