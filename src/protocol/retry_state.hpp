#pragma once

#include <allot/error.hpp>
#include <allot/failure.hpp>
#include <allot/params.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace allot {

/// How one attempt ended.
struct attempt_report {
    error_code transport{}; ///< an `errc` when no complete answer arrived, else unset
    int status = 0;         ///< of the answer; without meaning when `transport` is set
    std::optional<std::chrono::milliseconds> retry_after{}; ///< as from `parse_retry_after`
    bool stale = false;                 ///< no byte of an answer came, on a connection used before
    bool concurrency_violation = false; ///< the answer's Graph code is Directory_ConcurrencyViolation
    bool fresh_token = false;           ///< this attempt's token was asked for after the first 401
    bool answers_challenge = false;     ///< this attempt's token was asked for with the claims of a challenge
    /// JSON text of the answer's claims challenge (401, or 403 by Conditional Access); empty for none, and
    /// where no other token is to be had for it.
    std::string claims{};
};

/// Whether a transport error is one that another attempt can do without.
bool transport_can_pass(error_code const& transport) noexcept;

enum class retry_step {
    done,          ///< the answer is final: good, or one that trying again cannot help
    replay,        ///< send again at once; the attempt does not count
    refresh_token, ///< send again with the token that replaces the refused one; the attempt does not count
    wait,          ///< send again, not before `at`
    give_up,       ///< trying again might help, but `reason` forbids it
};

struct retry_action {
    retry_step step = retry_step::done;
    /// With `wait`: the earliest time to send. Given up as parked: when Graph would answer again. Else: now.
    std::chrono::steady_clock::time_point at{};
    /// With `give_up`: why. With `done` and a bad answer: permanent.
    end_reason reason = end_reason::permanent;
    bool fresh_connection = false; ///< the next attempt must not use a connection that served before
};

/// Decides after each attempt at one result whether and when to send again (`retry_params`; reliability
/// rules: only what can help, full jitter, a server's hint is a floor, no sleep that ends in failure).
/// Neither the scope-wide hold nor the retry budget is its business: a `wait` passes through both.
class retry_state {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `deadline` is that of the whole result.
    retry_state(retry_params const& params, std::optional<time_point> deadline) noexcept :
        params_(params),
        deadline_(deadline) {}

    /// `draw` is a fresh random number in [0, 1). Not to be called again after `done` or `give_up`.
    retry_action on_attempt(time_point now, attempt_report const& report, double draw);

    /// Attempts reported so far, without those that do not count.
    std::uint32_t attempts() const noexcept { return attempts_; }

private:
    bool past_deadline(time_point at) const noexcept { return deadline_ && at >= *deadline_; }
    bool can_refresh(attempt_report const& report) const noexcept;
    std::chrono::steady_clock::duration backoff(attempt_report const& report, double draw) const;

    retry_params params_;
    std::optional<time_point> deadline_;
    std::uint32_t attempts_ = 0;
    std::uint32_t backoffs_ = 0;
    bool replayed_ = false;
    bool token_refused_ = false;
    bool challenged_ = false;
};

}
