#include "protocol/retry_state.hpp"

#include <algorithm>
#include <cmath>

namespace allot {
namespace {

using namespace std::chrono;

bool is_throttled(attempt_report const& report) {
    return !report.transport && (report.status == 429 || report.status == 509);
}

bool can_pass(attempt_report const& report) {
    if (report.transport)
        return transport_can_pass(report.transport);
    switch (report.status) {
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
    case 509:
        return true;
    case 409:
        return report.concurrency_violation || report.retry_after;
    default:
        return false;
    }
}

}

bool transport_can_pass(error_code const& transport) noexcept {
    return transport == errc::resolve_failed || transport == errc::connect_failed ||
           transport == errc::connection_lost || transport == errc::tls_failed ||
           transport == errc::timed_out || transport == errc::malformed_response;
}

retry_action retry_state::on_attempt(time_point now, attempt_report const& report, double draw) {
    bool const stale = report.stale && report.transport == errc::connection_lost;
    if (stale && !replayed_ && !past_deadline(now)) {
        replayed_ = true;
        return {.step = retry_step::replay, .at = now, .fresh_connection = true};
    }

    auto const give_up = [](time_point at, end_reason reason) {
        return retry_action{.step = retry_step::give_up, .at = at, .reason = reason};
    };
    bool const refresh = can_refresh(report);
    if (refresh && !past_deadline(now)) {
        token_refused_ = true;
        challenged_ = challenged_ || !report.claims.empty();
        return {.step = retry_step::refresh_token, .at = now};
    }

    ++attempts_;
    if (refresh)
        return give_up(now, end_reason::deadline);
    if (!can_pass(report))
        return {.step = retry_step::done, .at = now};
    auto const hint = report.retry_after.value_or(milliseconds{0});
    // Before the other reasons: a parked result stays open for a later run, the others end it.
    if (hint > params_.max_wait)
        return give_up(now + hint, end_reason::parked);
    if (attempts_ >= params_.max_attempts)
        return give_up(now, end_reason::attempts);
    auto const at = now + std::max<steady_clock::duration>(hint, backoff(report, draw));
    if (past_deadline(at))
        return give_up(now, end_reason::deadline);
    ++backoffs_;
    bool const unavailable = !report.transport && report.status == 503;
    return {.step = retry_step::wait, .at = at, .fresh_connection = stale || unavailable};
}

// Once for a token that is refused; and once for a challenge, which says what the next token has to have. A
// token that does not come of that refresh says nothing: it was asked for before, or without the claims.
bool retry_state::can_refresh(attempt_report const& report) const noexcept {
    if (report.transport)
        return false;
    if (!report.claims.empty() && !(challenged_ && report.answers_challenge))
        return report.status == 401 || report.status == 403;
    return report.status == 401 && !(token_refused_ && report.fresh_token);
}

steady_clock::duration retry_state::backoff(attempt_report const& report, double draw) const {
    bool const blind = is_throttled(report) && !report.retry_after;
    duration<double, std::milli> const first = blind ? params_.throttled_delay : params_.base_delay;
    duration<double, std::milli> const most = params_.max_delay;
    // Beyond 2^63 every delay is the largest one.
    auto const doublings = static_cast<int>(std::min<std::uint32_t>(backoffs_, 63));
    return duration_cast<steady_clock::duration>(draw * std::min(most, first * std::ldexp(1.0, doublings)));
}

}
