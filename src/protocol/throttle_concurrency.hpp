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
/// fifth less while answers are slower than usual. Thread safety: unsafe.
class throttle_concurrency {
public:
    /// What a request had seen as it entered.
    struct mark {
        std::uint64_t cuts = 0;
        std::uint64_t holds = 0;
    };

    /// The most there may be, over all clients.
    void add_most(std::size_t more);
    void remove_most(std::size_t less);

    bool has_room() const noexcept {
        return in_flight_ < limit_ && (!ramp_ || since_hold_ < *ramp_) &&
               (!discovers_ || entries_ < free_entries || static_cast<double>(in_flight_) < window_);
    }
    mark enter() noexcept;
    /// Whoever entered leaves, after what the functions below were told of it.
    void leave(mark const& entered) noexcept;

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
    std::size_t limit() const noexcept { return limit_; }

private:
    void rescale(std::size_t most) noexcept;
    void learn(std::size_t limit) noexcept;

    static constexpr std::uint64_t free_entries = 400;
    static constexpr double least_window = 12;

    std::size_t most_ = 0;
    std::size_t limit_ = 0;
    double part_ = 1; // limit of most, as it was last learned
    std::size_t in_flight_ = 0;
    std::uint64_t cuts_ = 0;
    std::uint64_t holds_ = 0;
    std::optional<std::size_t> ramp_; // most requests inside of those that entered after the last hold
    std::size_t since_hold_ = 0;      // of those now inside
    bool discovers_ = true;
    std::uint64_t entries_ = 0;
    double window_ = least_window;
};

}
