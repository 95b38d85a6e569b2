#pragma once

#include "io/parking_spot.hpp"
#include "io/wake_timer.hpp"
#include "protocol/throttle_gate_state.hpp"

#include <allot/failure.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace allot {

/// Runs the throttle gate: lets requests enter, makes them wait, wakes them.
/// Thread safety: one strand.
class throttle_gate {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// The right to send one request. Given up unused when destroyed before `leave`.
    class pass {
    public:
        pass(throttle_gate& gate, throttle_gate_state::ticket entered) noexcept :
            gate_(&gate),
            ticket_(entered) {}
        pass(pass&& other) noexcept;
        pass& operator=(pass&& other) noexcept;
        ~pass();
        void leave(departure const& how);
        /// Whether a hold began after it was given: then nothing may be sent with it.
        bool outdated() const noexcept { return gate_->state_.outdated(ticket_); }

    private:
        throttle_gate* gate_;
        throttle_gate_state::ticket ticket_;
    };

    throttle_gate(boost::asio::any_io_executor const& executor, throttle_gate_params const& params);

    std::optional<pass> try_enter(time_point now);

    /// Errors: `parked` with `retry_at`, `deadline_exceeded` at `until`, `cancelled`.
    boost::asio::awaitable<result<pass>> enter(std::optional<time_point> until);

    throttle_gate_state const& state() const noexcept { return state_; }

private:
    struct waiter
        : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
        explicit waiter(throttle_gate& gate);
        ~waiter();
        waiter(waiter const&) = delete;
        waiter& operator=(waiter const&) = delete;

        throttle_gate_state::waiter_id id() const noexcept { return reinterpret_cast<std::uintptr_t>(this); }

        throttle_gate& owner;
        parking_spot spot;
        std::optional<throttle_gate_state::ticket> entered;
        std::optional<time_point> parked;
    };

    void leave(throttle_gate_state::ticket const& entered, departure const& how);
    /// Wakes whoever may enter, or must be told that the gate is parked.
    void pump();

    boost::asio::any_io_executor executor_;
    throttle_gate_state state_;
    boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>> waiters_;
    wake_timer timer_;
};

}
