#pragma once

#include <boost/intrusive/list.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace allot {

/// An entry of a `deadline_wheel`. Leaves its wheel when destroyed.
class deadline
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    std::chrono::steady_clock::time_point at() const noexcept { return at_; }
    bool armed() const noexcept { return is_linked(); }
    void disarm() noexcept;

protected:
    deadline() = default;
    ~deadline() { disarm(); }

private:
    friend class deadline_wheel;
    std::chrono::steady_clock::time_point at_;
    class deadline_wheel* wheel_ = nullptr;
};

/// All deadlines of a client on one coarse timer: arming and disarming are O(1) and never allocate.
/// An entry expires at the first `advance` after its time, never before it.
class deadline_wheel {
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::milliseconds tick{10};

    /// Preconditions: `entry` outlives its stay. An armed entry is moved.
    void arm(deadline& entry, time_point at) noexcept;

    /// Takes one entry that has expired at `now` out of the wheel; null when there is none.
    /// Entries are found in order of their tick.
    deadline* expired(time_point now) noexcept;

    bool empty() const noexcept { return armed_ == 0; }

private:
    friend class deadline;
    static constexpr std::size_t slot_count = 1024;
    using slot = boost::intrusive::list<deadline, boost::intrusive::constant_time_size<false>>;

    static std::int64_t tick_of(time_point at) noexcept;

    std::array<slot, slot_count> slots_;
    std::size_t armed_ = 0;
    std::int64_t swept_ = 0; ///< all ticks up to this one hold no expired entry
};

}
