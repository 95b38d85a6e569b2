#pragma once

#include "throttle_rules/transport.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

namespace bench {

using time_point = std::chrono::steady_clock::time_point;
using seconds_of = std::chrono::duration<double>;

/// What there was of one look-up before now.
struct attempts {
    unsigned retries = 0;
    seconds_of waited{0}; ///< between them
};

/// When a peer sends single look-ups, first and again. One object for all callers of a run.
class look_up_rule {
public:
    virtual ~look_up_rule() = default;

    /// Ends when the attempt may be sent.
    virtual boost::asio::awaitable<void> admit(attempts const& before);

    /// How long to wait before trying again; nothing: the caller gets this answer. `draw` is a random number
    /// in [0, 1).
    virtual std::optional<seconds_of>
    on_answer(time_point now, answer const& got, attempts const& before, double draw) = 0;
};

/// Starts so many callers, each of which looks one id up after the other.
void start_look_ups(run& of, std::unique_ptr<look_up_rule> rule, std::size_t at_once = callers);

/// A Retry-After of nothing but digits.
std::optional<seconds_of> whole_seconds(std::string_view retry_after);

}
