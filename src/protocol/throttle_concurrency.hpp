#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace allot {

/// How many requests may be under way at once.
///
/// The limit begins at the most there may be; x 0.9 when throttled or timed out, once for all requests that
/// were inside at the time; + 1 with each good answer while at least half of it is in use. After a hold one
/// request enters, then twice as many with each good answer.
///
/// Discovery, until the server's rate is known: the first 400 calls enter at once, as the smallest budget is
/// taken to have a burst of 500. Then as much may be under way as half a second of the lowest rate brings
/// that the server can have: that at which its bucket of 10 s (documented) and what came in since would now
/// be used up. A server that begins to refuse refuses all that is under way; so that stays below one in a
/// hundred of a minute's requests. Where answers take longer than a fifth of a second it is three times as
/// much as is answered in that time at that rate: with less, the rate would grow too slowly to be found. A
/// fifth less while answers are slower than usual.
///
/// Whatever the limits, one more may enter 30 s after the last one did: places can be lost to clients that
/// are stopped and not destroyed. An entry can be of several calls (`$batch`): it takes one place of the
/// limit, and counts as so many for the rest. Thread safety: unsafe.
class throttle_concurrency {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// What a request had seen as it entered.
    struct mark {
        std::uint64_t cuts = 0;
        std::uint64_t holds = 0;
        friend bool operator==(mark const&, mark const&) = default;
    };

    /// The most there may be, over all clients.
    void add_most(std::size_t more);
    void remove_most(std::size_t less);

    bool has_room(time_point now) const noexcept { return fits() || now >= one_more_at(); }
    /// When there is room, whatever happens.
    time_point room_at(time_point now) const noexcept { return fits() ? now : one_more_at(); }

    /// Whether there is room for all that the clients may have under way.
    bool is_free() const noexcept {
        return limit_ == most_ && !ramp_ &&
               (!discovers_ || window_ >= static_cast<double>(most_ + calls_ - in_flight_));
    }

    /// What who enters now is marked with.
    mark now_seen() const noexcept { return {cuts_, holds_}; }
    mark enter(time_point now, std::size_t calls = 1) noexcept;
    /// Whoever entered leaves, after what the functions below were told of it.
    void leave(mark const& entered, std::size_t calls = 1) noexcept;
    /// Calls of one who stays inside have ended.
    void end_calls(mark const& entered, std::size_t calls) noexcept;
    /// So many entered with one call each, and so many left, while it was free.
    void pass(time_point now, mark const& entered, std::size_t in, std::size_t out) noexcept;

    void grow(mark const& entered) noexcept;
    void cut(mark const& entered) noexcept;
    void on_hold() noexcept;
    /// Whether a hold began since the mark was given.
    bool outdated(mark const& entered) const noexcept { return entered.holds != holds_; }

    std::uint64_t holds() const noexcept { return holds_; }

    bool discovers() const noexcept { return discovers_; }
    /// `lowest_rate`: calls a second. `latency`: of answers, as usual.
    void discover(double lowest_rate, std::chrono::duration<double> latency, bool slower) noexcept;
    /// The rate is known: it limits from now on.
    void end_discovery() noexcept { discovers_ = false; }

    std::size_t in_flight() const noexcept { return in_flight_; }
    std::size_t calls() const noexcept { return calls_; }
    std::size_t limit() const noexcept { return limit_; }

private:
    bool fits() const noexcept {
        return in_flight_ < limit_ && (!ramp_ || since_hold_ < *ramp_) &&
               (!discovers_ || entries_ < free_entries || static_cast<double>(calls_) < window_);
    }
    time_point one_more_at() const noexcept { return last_entry_ + patience; }
    void rescale(std::size_t most) noexcept;
    void learn(std::size_t limit) noexcept;

    static constexpr std::uint64_t free_entries = 400;
    static constexpr double least_window = 12;
    static constexpr std::chrono::seconds patience{30};

    std::size_t most_ = 0;
    std::size_t limit_ = 0;
    double part_ = 1; // limit of most, as it was last learned
    std::size_t in_flight_ = 0;
    std::size_t calls_ = 0; // of those in flight
    time_point last_entry_{};
    std::uint64_t cuts_ = 0;
    std::uint64_t holds_ = 0;
    std::optional<std::size_t> ramp_; // most calls inside of those that entered after the last hold
    std::size_t since_hold_ = 0;      // of those now inside
    bool discovers_ = true;
    std::uint64_t entries_ = 0;
    double window_ = least_window;
};

}
