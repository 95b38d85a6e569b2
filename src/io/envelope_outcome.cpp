// The part of `graph_exchange` that says what becomes of the items of an envelope.
#include "base/redact.hpp"
#include "io/answer.hpp"
#include "io/exchange_attempt.hpp"
#include "io/failures.hpp"
#include "io/graph_exchange.hpp"

#include <algorithm>
#include <utility>

namespace allot {
using clock = std::chrono::steady_clock;

namespace {

constexpr int failed_dependency = 424;

/// Not the credential's affair, nor that of the network on the way: another envelope may do.
bool may_be_of_envelope(attempt_report const& report) {
    if (report.transport)
        return report.transport != errc::certificate_rejected && report.transport != errc::proxy_refused;
    return report.status != 401 && departure_of(report).kind != departure_kind::throttled;
}

}

/// The gate, the token or a deadline was in the way, or the caller.
void graph_exchange::end_unsent(attempt& current) {
    auto const now = clock::now();
    bool const cancelled = current.failed->code == errc::cancelled;
    if (cancelled)
        current.failed->reason = end_reason::cancelled;
    for (auto* const each : current.items) {
        each->failed = current.failed;
        if (watch_ && cancelled)
            watch_.finish(each->seen, current.report, each->failed, {}, current.latency, 0);
        // It was the deadline of one of them.
        bool const spared = current.failed->reason == end_reason::deadline && current.deadline &&
                            each->deadline.value_or(time_point::max()) > *current.deadline;
        if (spared) {
            each->again_at = now;
            each->on_budget = false;
        } else
            end(*each, std::move(*each->failed));
    }
}

/// No answer, one to the envelope alone, or one that is not to be believed.
envelope_verdict graph_exchange::fail_all(attempt& current) {
    auto const size = current.items.size();
    bool const sent = !current.info.client_request_id.empty();
    bool const late =
        current.deadline && current.report.transport == errc::timed_out && clock::now() >= *current.deadline;
    bool const stale = current.report.stale && current.report.transport == errc::connection_lost;
    bool const doubtful = sent && !late && !stale && may_be_of_envelope(current.report);
    // One for all: they are to meet again.
    auto const drawn = draw();
    for (auto* const each : current.items) {
        each->report = current.report;
        each->failed = current.failed;
        settle(current, *each, drawn);
        if (!doubtful)
            continue;
        if (each->ended && each->failed->reason == end_reason::permanent) {
            // What is final for an envelope is not for those in it: another one of them may be the reason.
            if (each->retry.attempts() < params_.retry.max_attempts) {
                each->ended = false;
                each->again_at = clock::now();
                // Refused as it came: nothing of it was evaluated, and nothing is repeated.
                each->on_budget = current.report.status == 200 || current.report.status == 204;
                ++stats_.retries;
            } else {
                each->failed->reason = end_reason::attempts;
            }
        }
        each->most = std::max<std::size_t>(size / 2, 1);
    }
    return doubtful ? envelope_verdict::bad : envelope_verdict::neutral;
}

void graph_exchange::settle(attempt const& current, envelope_item& item, double drawn) {
    auto const now = clock::now();
    if (item.failed && current.token.token) {
        redact(item.failed->message, current.token.token->value.reveal());
        redact(item.failed->graph_code, current.token.token->value.reveal());
        item.refusals.on_answer(*token_, current.token, item.report, *item.failed);
    }
    auto const action = item.retry.on_attempt(now, item.report, drawn);
    item.fresh_connection = action.fresh_connection;
    if (watch_) {
        watch_.finish(
            item.seen, item.report, item.failed, item.info.request_id, current.latency, current.bytes);
        if (item.failed)
            watch_.retry(item.seen, action, item.report, *item.failed, now);
    }
    item.again_at = action.at;
    item.on_budget = false;
    switch (action.step) {
    case retry_step::done:
        if (item.failed && item.report.status == failed_dependency &&
            item.retry.attempts() < params_.retry.max_attempts) {
            // Nothing of ours depends on anything: that answer is about the envelope.
            item.most = 1;
            item.on_budget = true;
            break;
        }
        if (item.failed) {
            item.failed->reason = end_reason::permanent;
            return end(item, std::move(*item.failed));
        }
        item.ended = true;
        item.info.attempts = item.retry.attempts();
        item.info.duration = now - item.started;
        return;
    case retry_step::give_up:
        item.failed->reason = action.reason;
        return end(
            item, action.reason == end_reason::parked ? parked_failure(action.at) : std::move(*item.failed));
    case retry_step::replay:
        retries_.on_replay(now);
        return;
    case retry_step::refresh_token:
        // Others in an envelope have no need of the token that a challenge asks for.
        if (!item.refusals.claims().empty())
            item.most = 1;
        break;
    case retry_step::wait:
        item.on_budget = true;
        break;
    }
    ++stats_.retries;
}

void graph_exchange::end(envelope_item& item, failure why) {
    item.ended = true;
    item.info.attempts = item.retry.attempts();
    item.info.duration = clock::now() - item.started;
    why.exchange = item.info;
    item.failed = std::move(why);
}

}
