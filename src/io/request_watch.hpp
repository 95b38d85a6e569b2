#pragma once

#include "protocol/cached_token.hpp"
#include "protocol/http_response.hpp"
#include "protocol/retry_state.hpp"

#include <allot/credential.hpp>
#include <allot/failure.hpp>
#include <allot/observer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace allot {

/// Tells a client's observer, where there is one, of requests, retries, holds and tokens. Without one it is
/// false, and nothing else may be called. Thread safety: one strand.
class request_watch {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Null for no observer. Lifetimes: `to` outlives the watch.
    explicit request_watch(observer* to) noexcept : to_(to) {}

    explicit operator bool() const noexcept { return to_ != nullptr; }

    /// A result is wanted. Lifetimes: the arguments as long as `request`.
    void begin(observed_request& request, std::string_view target, assignment_ref const* assignment) noexcept;

    /// The next attempt, after `attempts` that count. Nothing is sent yet.
    void prepare(observed_request& request, std::uint32_t attempts) noexcept;

    void take_token(cached_token const& token, token_credential const& source, time_point now);

    /// Lifetimes: `client_request_id` until the next `prepare`.
    void start(observed_request& request, std::string_view client_request_id) noexcept;

    /// How an attempt ended; nothing is told of one that was not sent.
    void finish(
        observed_request const& request, attempt_report const& report, std::optional<failure> const& failed,
        std::string_view request_id, std::chrono::nanoseconds latency, std::size_t bytes) noexcept;

    void retry(
        observed_request const& request, retry_action const& action, attempt_report const& report,
        failure const& why, time_point now) noexcept;

    /// An answer throttled the client; the gate is closed until `until`. `token`: what the request carried.
    template <class Answer>
    void throttled(
        observed_request const& request, Answer const& answer, attempt_report const& report,
        std::string_view request_id, std::string_view token, std::optional<time_point> until, time_point now);

    /// A request has to wait at the gate, which is held until `until`, if it is.
    void wait_at_gate(std::optional<time_point> until, time_point now) noexcept;

    bool sees_hold() const noexcept { return held_since_.has_value(); }
    /// A request passed the gate.
    void pass_gate(time_point now) noexcept;

private:
    /// Whether the end of the hold is news.
    bool note_hold(std::optional<time_point> until, time_point now) noexcept;

    observer* to_;
    std::uint64_t operations_ = 0;
    std::uint64_t generation_ = 0; ///< of the token in use
    std::optional<time_point> held_since_;
    time_point held_until_{};
};

}
