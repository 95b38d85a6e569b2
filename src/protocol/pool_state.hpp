#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace allot {

/// Which connection of a pool serves whom. A connection is a slot number; the driver owns what is behind it.
class pool_state {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using waiter_id = std::uintptr_t;
    using slot = std::uint32_t;

    /// A slot handed to somebody, who releases it in the end.
    struct grant {
        slot connection;
        bool open; ///< nothing usable is behind the slot: close what is there and open it anew
    };
    struct handed {
        waiter_id waiter;
        grant granted;
    };

    /// Preconditions: `capacity` > 0.
    pool_state(std::size_t capacity, std::chrono::milliseconds idle_timeout);

    /// A slot at once, or nothing: then the caller calls `wait`. A `fresh` one has never carried a request.
    std::optional<grant> acquire(time_point now, bool fresh);

    /// Queues the caller; a later `release` names it.
    void wait(waiter_id id, bool fresh);

    /// False when the waiter was already handed a slot: it must release that.
    bool cancel(waiter_id id);

    /// Gives a slot back. `reusable`: the connection can carry another request. When somebody waits, the slot
    /// is handed to the one who waits longest.
    std::optional<handed> release(time_point now, slot connection, bool reusable);

    /// Takes one slot out of use whose connection has idled too long; the driver closes it.
    std::optional<slot> expire(time_point now);

    std::size_t idle() const noexcept { return idle_.size(); }
    std::size_t leased() const noexcept { return leased_; }
    std::size_t waiting() const noexcept { return waiters_.size(); }

private:
    struct idle_slot {
        slot connection;
        time_point since;
    };
    struct waiter {
        waiter_id id;
        bool fresh;
    };

    std::chrono::milliseconds idle_timeout_;
    std::deque<idle_slot> idle_; ///< longest idle first
    std::vector<slot> closed_;
    std::deque<waiter> waiters_;
    std::size_t leased_ = 0;
};

}
