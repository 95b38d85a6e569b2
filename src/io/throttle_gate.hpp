#pragma once

#include "io/parking_spot.hpp"
#include "io/shared_gate.hpp"
#include "io/wake_timer.hpp"

#include <allot/failure.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace allot {

/// One client's side of the throttle gate: lets its requests enter, makes them wait, wakes them.
/// Thread safety: one strand; `read`: safe.
class throttle_gate final : public gate_front, public std::enable_shared_from_this<throttle_gate> {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// The right to send one request. Given back unused when destroyed before `leave`.
    class pass {
    public:
        pass(std::shared_ptr<throttle_gate> gate, shared_gate::ticket entered) noexcept :
            gate_(std::move(gate)),
            ticket_(entered) {}
        pass(pass&& other) noexcept = default;
        pass& operator=(pass&& other) noexcept;
        ~pass();
        void leave(time_point now, departure const& how);
        /// Whether a hold began after it was given: then nothing may be sent with it.
        bool outdated() const noexcept { return gate_->shared_->outdated(ticket_); }

    private:
        std::shared_ptr<throttle_gate> gate_; // none once left
        shared_gate::ticket ticket_;
    };

    /// With a lane of its own in `shared`.
    static std::shared_ptr<throttle_gate> make(
        boost::asio::any_io_executor const& executor, std::shared_ptr<shared_gate> shared,
        throttle_gate_params const& params);
    ~throttle_gate() override;

    std::optional<pass> try_enter(time_point now);

    /// The pass is not `outdated` at the end of the wait.
    /// Errors: `parked` with `retry_at`, `deadline_exceeded` at `until`, `cancelled`.
    boost::asio::awaitable<result<pass>> enter(std::optional<time_point> until);

    /// Time held counts from when this client came.
    shared_gate::figures read(time_point now) const;

private:
    struct waiter
        : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
        explicit waiter(throttle_gate& gate);
        ~waiter();
        waiter(waiter const&) = delete;
        waiter& operator=(waiter const&) = delete;

        shared_gate::waiter_id id() const noexcept { return reinterpret_cast<std::uintptr_t>(this); }

        throttle_gate& owner;
        parking_spot spot;
        bool in_line = true; ///< as far as this side knows
        std::optional<shared_gate::ticket> entered;
        std::optional<time_point> parked;
    };

    throttle_gate(boost::asio::any_io_executor const& executor, std::shared_ptr<shared_gate> shared);

    void gate_changed() override;
    /// Wakes whoever may enter, or must be told that the gate is parked.
    void apply(shared_gate::news const& news);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<shared_gate> shared_;
    shared_gate::lane_id lane_ = 0;
    std::chrono::nanoseconds held_before_{0};
    boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>> waiters_;
    wake_timer timer_;
};

}
