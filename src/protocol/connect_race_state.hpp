#pragma once

#include "protocol/address_memory.hpp"
#include "protocol/network_address.hpp"

#include <allot/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace allot {

/// What came to pass.
enum class race_news {
    time,      ///< nothing but that time passed
    connected, ///< an attempt succeeded
    failed,    ///< an attempt failed
    cancelled, ///< nobody wants a connection any more
};

struct race_event {
    race_news news = race_news::time;
    std::size_t attempt = 0; ///< of `connected` and `failed`
    error_code why;          ///< of `failed`
};

/// What to do next.
enum class race_step {
    start,       ///< begin the attempt, then ask again at once
    wait,        ///< until an event, or `until`
    won,         ///< the attempt has won: keep it, drop all others
    lost,        ///< all attempts failed
    out_of_time, ///< the deadline passed: drop all attempts
    cancelled,   ///< drop all attempts
};

struct race_action {
    race_step step;
    std::size_t attempt = 0;                          ///< of `start` and `won`: an index of `addresses()`
    std::chrono::steady_clock::time_point until = {}; ///< of `wait`
};

/// Connects to one of several addresses as RFC 8305 section 5 says ("Happy Eyeballs"): one attempt after the
/// other, the next as soon as one fails or `delay` after the last was begun, while the earlier ones go on;
/// the first that completes wins.
class connect_race_state {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// The "Connection Attempt Delay" that RFC 8305 section 8 recommends.
    static constexpr std::chrono::milliseconds delay{250};

    /// `addresses` in the order they are tried.
    connect_race_state(std::vector<network_address> addresses, time_point until);

    /// The first event is `time`. Events of attempts that have ended, and all events after the end, change
    /// nothing; after the end the last action is returned again.
    race_action resume(time_point now, race_event const& event);

    std::vector<network_address> const& addresses() const noexcept { return addresses_; }

    /// Tells what was learnt about each address. Preconditions: the race has ended.
    void teach(address_memory& memory, time_point now) const;

    /// "127.0.0.1:443 (Connection refused), [::1]:443 (no answer)": what became of each attempt.
    std::string report(std::uint16_t port) const;

    /// Why the last attempt that failed did so; unset when none has.
    error_code cause() const noexcept { return cause_; }

private:
    enum class phase { untried, pending, failed, connected };
    struct entry {
        phase now = phase::untried;
        time_point started;
        error_code why;
    };

    void take(time_point now, race_event const& event);
    race_action next(time_point now);
    race_action end(race_step step, std::size_t attempt = 0);
    address_verdict verdict(entry const& of) const noexcept;

    std::vector<network_address> addresses_;
    std::vector<entry> attempts_;
    time_point until_;
    time_point next_start_ = time_point::min();
    std::size_t started_ = 0; ///< attempts begun: the first ones of the order
    std::size_t pending_ = 0; ///< of these, without an outcome
    std::optional<race_action> end_;
    error_code cause_;
};

}
