#pragma once

#include "io/free_passage.hpp"
#include "io/parking_spot.hpp"
#include "io/shared_gate.hpp"
#include "io/wake_timer.hpp"

#include <allot/failure.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace allot {

/// One client's side of the throttle gate: lets its requests enter, makes them wait, wakes them. While the
/// gate is free, the client's own bound is all there is to keep, and that is kept here.
/// Thread safety: one strand; `read`: safe.
class throttle_gate final : public gate_front, public std::enable_shared_from_this<throttle_gate> {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// The right to send one request. Given back unused when destroyed before `leave`. Keeps the gate.
    class pass {
    public:
        pass(pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)), ticket_(other.ticket_) {}
        pass& operator=(pass&& other) noexcept;
        ~pass();

        void leave(time_point now, departure const& how);
        /// For a request of several calls: some of them ended in a way of their own. `leave` is told of the
        /// others; `unused` when there are none.
        void settle(time_point now, departure const& how, std::uint32_t calls);
        /// Whether a hold began after it was given: then nothing may be sent with it.
        bool outdated() const noexcept { return gate_->shared_->outdated(ticket_); }

    private:
        friend class throttle_gate;
        pass(throttle_gate& gate, shared_gate::ticket const& entered) noexcept :
            gate_(&gate),
            ticket_(entered) {}

        throttle_gate* gate_; // none once left
        shared_gate::ticket ticket_;
    };

    /// With a lane of its own in `shared`.
    static std::shared_ptr<throttle_gate> make(
        boost::asio::any_io_executor const& executor, std::shared_ptr<shared_gate> shared,
        throttle_gate_params const& params);
    ~throttle_gate() override;

    /// For a request that makes so many calls.
    std::optional<pass> try_enter(time_point now, std::uint32_t calls = 1);

    /// The pass is not `outdated` at the end of the wait.
    /// Errors: `parked` with `retry_at`, `deadline_exceeded` at `until`, `cancelled`.
    boost::asio::awaitable<result<pass>> enter(std::optional<time_point> until, std::uint32_t calls = 1);

    /// Time held counts from when this client came.
    shared_gate::figures read(time_point now) const;

private:
    struct waiter
        : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
        waiter(throttle_gate& gate, std::uint32_t calls);
        ~waiter();
        waiter(waiter const&) = delete;
        waiter& operator=(waiter const&) = delete;

        shared_gate::waiter_id id() const noexcept { return reinterpret_cast<std::uintptr_t>(this); }

        throttle_gate& owner;
        parking_spot spot;
        std::uint32_t calls;
        bool in_line = false; ///< of the shared gate, as far as this side knows
        std::optional<shared_gate::ticket> entered{};
        std::optional<time_point> parked{};
    };

    throttle_gate(
        boost::asio::any_io_executor const& executor, std::shared_ptr<shared_gate> shared,
        throttle_gate_params const& params);

    boost::asio::any_io_executor const& front_executor() const noexcept override { return executor_; }
    void gate_changed() override { look(); }

    bool is_open() const noexcept { return in_line_ == 0 && shared_->is_open(passage_); }
    void count_in();
    /// The last thing that is done to this object.
    void keep_while_used();
    void leave(time_point now, shared_gate::ticket const& entered, departure const& how);
    void give_back(shared_gate::ticket const& unused);
    void give(shared_gate::ticket const& entered, waiter& to);
    void mind_large(int more);
    /// Has those who wait here join the shared line, or pass; takes what there is for them.
    void look();
    /// Wakes whoever may enter, or must be told that the gate is parked.
    void apply(shared_gate::news const& news);
    /// The same for those who wait here.
    void serve();

    boost::asio::any_io_executor executor_;
    std::shared_ptr<shared_gate> shared_;
    shared_gate::lane_id lane_ = 0;
    free_passage passage_;
    throttle_gate_params const params_;
    std::size_t inside_ = 0;
    int large_ = 0;                       // waiters with several calls: they need the shared line
    std::shared_ptr<throttle_gate> kept_; // itself, while somebody is inside
    std::chrono::nanoseconds held_before_{0};
    // First those in the shared line, then those that only wait for one of this client to leave.
    boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>> waiters_;
    std::size_t in_line_ = 0;
    wake_timer timer_;
};

}
