#include "io/request_watch.hpp"

#include "base/redact.hpp"
#include "io/answer.hpp"
#include "io/part_answer.hpp"

#include <algorithm>
#include <string>

namespace allot {
namespace {

constexpr std::chrono::seconds telling_move{1};

int status_of(attempt_report const& report) noexcept {
    return report.transport ? 0 : report.status;
}

std::optional<retry_cause> cause_of(retry_step step) noexcept {
    switch (step) {
    case retry_step::done:
    case retry_step::give_up:
        break;
    case retry_step::replay:
        return retry_cause::stale_connection;
    case retry_step::refresh_token:
        return retry_cause::refused_token;
    case retry_step::wait:
        return retry_cause::failure;
    }
    return std::nullopt;
}

/// What a server said, without the token that it may repeat.
std::string without(std::string_view token, std::string_view said) {
    std::string out(said);
    redact(out, token);
    return out;
}

}

void request_watch::begin(
    observed_request& request, std::string_view target, assignment_ref const* assignment) noexcept {
    request.operation = ++operations_;
    request.assignment = assignment;
    request.path = target.substr(0, target.find('?'));
}

void request_watch::prepare(observed_request& request, std::uint32_t attempts) noexcept {
    request.attempt = attempts + 1;
    request.client_request_id = {};
}

void request_watch::take_token(cached_token const& token, token_credential const& source, time_point now) {
    if (token.generation == generation_)
        return;
    generation_ = token.generation;
    auto const description = source.description();
    token_taken event{description, std::nullopt};
    if (token.token->expires_at != time_point::max())
        event.lifetime = token.token->expires_at - now;
    to_->on_token_taken(event);
}

void request_watch::start(observed_request& request, std::string_view client_request_id) noexcept {
    request.client_request_id = client_request_id;
    to_->on_request_started({request});
}

void request_watch::finish(
    observed_request const& request, attempt_report const& report, std::optional<failure> const& failed,
    std::string_view request_id, std::chrono::nanoseconds latency, std::size_t bytes) noexcept {
    if (request.client_request_id.empty())
        return;
    // Those of an earlier answer do not belong to an attempt without one.
    auto const id = report.transport ? std::string_view() : request_id;
    to_->on_request_finished(
        {request, status_of(report), failed ? failed->code : error_code(), latency, id, bytes});
}

void request_watch::retry(
    observed_request const& request, retry_action const& action, attempt_report const& report,
    failure const& why, time_point now) noexcept {
    if (auto const cause = cause_of(action.step))
        to_->on_request_retried(
            {request, *cause, status_of(report), why.code, action.at,
             std::max<std::chrono::nanoseconds>(action.at - now, std::chrono::nanoseconds::zero())});
}

template <class Answer>
void request_watch::throttled(
    observed_request const& request, Answer const& answer, attempt_report const& report,
    std::string_view request_id, std::string_view token, std::optional<time_point> until, time_point now) {
    if (!note_hold(until, now))
        return;
    auto const limit = without(token, throttle_scope(answer));
    auto const information = without(token, answer.field("x-ms-throttle-information"));
    to_->on_gate_held(
        {held_until_, held_until_ - now, report.status, report.retry_after, limit, information, request_id,
         request.client_request_id});
}

template void request_watch::throttled(
    observed_request const&, response_reader const&, attempt_report const&, std::string_view,
    std::string_view, std::optional<time_point>, time_point);
template void request_watch::throttled(
    observed_request const&, part_answer const&, attempt_report const&, std::string_view, std::string_view,
    std::optional<time_point>, time_point);

void request_watch::wait_at_gate(std::optional<time_point> until, time_point now) noexcept {
    if (note_hold(until, now))
        to_->on_gate_held({held_until_, held_until_ - now, 0, std::nullopt, {}, {}, {}, {}});
}

bool request_watch::note_hold(std::optional<time_point> until, time_point now) noexcept {
    if (!until || (held_since_ && *until - held_until_ < telling_move))
        return false;
    held_until_ = *until;
    if (!held_since_)
        held_since_ = now;
    return true;
}

void request_watch::pass_gate(time_point now) noexcept {
    // One that entered before the hold began says nothing of its end.
    if (now < held_until_)
        return;
    auto const since = *held_since_;
    held_since_.reset();
    to_->on_gate_released({now - since});
}

}
