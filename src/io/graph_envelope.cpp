// The part of `graph_exchange` that sends several requests as one.
#include "base/redact.hpp"
#include "io/answer.hpp"
#include "io/exchange_attempt.hpp"
#include "io/failures.hpp"
#include "io/graph_exchange.hpp"
#include "protocol/http_request.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace allot {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t envelope_body_limit = 20 * 1024 * 1024;

bool is_server_failure(attempt_report const& report) {
    return report.transport || report.status == 408 ||
           (report.status >= 500 && departure_of(report).kind != departure_kind::throttled);
}

}

envelope_item graph_exchange::begin_item(std::uint64_t id, assignment_ref const& reference) {
    auto const now = clock::now();
    std::optional<time_point> deadline;
    if (params_.deadline)
        deadline = now + *params_.deadline;
    retries_.on_request(now);
    envelope_item made{
        .id = id,
        .reference = &reference,
        .started = now,
        .deadline = deadline,
        .retry = retry_state(params_.retry, deadline)};
    return made;
}

asio::awaitable<envelope_verdict> graph_exchange::get_envelope(
    std::span<envelope_item* const> items, query const& options, std::string_view encoded_query) {
    exchange_info info;
    auto const target = where().base_path + "/$batch";
    attempt current{target, envelope_requests_, envelope_body_limit, info, options.traceparent()};
    current.items = items;
    current.encoded_query = encoded_query;
    for (auto* const each : items) {
        if (each->deadline)
            current.deadline = std::min(current.deadline.value_or(*each->deadline), *each->deadline);
        current.fresh_connection = current.fresh_connection || each->fresh_connection;
        if (!watch_)
            continue;
        if (each->target.empty()) {
            append_allotment_target(each->target, where().base_path, *each->reference, encoded_query);
            watch_.begin(each->seen, each->target, each->reference);
        }
        watch_.prepare(each->seen, each->retry.attempts());
    }
    co_await run_attempt(current);
    for (auto* const each : items) {
        each->report = {};
        each->found.reset();
        each->failed.reset();
        each->info.client_request_id = info.client_request_id;
        if (!info.request_id.empty())
            each->info.request_id = info.request_id;
        if (info.http_status != 0)
            each->info.http_status = info.http_status;
    }
    if (current.final || (current.failed && current.failed->code == errc::cancelled)) {
        end_unsent(current);
        co_return envelope_verdict::neutral;
    }
    if (!current.answered)
        co_return fail_all(current);
    co_return take_parts(current, options);
}

std::string_view graph_exchange::write_envelope(attempt const& current) {
    envelopes_.begin();
    for (auto const* const each : current.items)
        envelopes_.add(each->id, *each->reference, current.encoded_query);
    return envelopes_.finish();
}

envelope_verdict graph_exchange::take_parts(attempt& current, query const& options) {
    if (!parts_)
        parts_ = std::make_unique<envelope_reading>();
    auto& reading = *parts_;
    auto const& response = current.answered->connection().response();
    reading.leaving = {};
    reading.missing = reading.failed = 0;
    current.bytes = response.body().size();
    auto parts = read_envelope(response, reading.decoder);
    if (parts) {
        reading.parts = *parts;
        reading.ids.clear();
        for (auto const* const each : current.items)
            reading.ids.push_back(each->id);
        match_parts(reading.ids, reading.parts, reading.matched);
        if (!reading.matched.problem.empty()) {
            current.failed.emplace();
            current.failed->code = errc::bad_body;
            current.failed->message =
                "the answer to a batch has " + reading.matched.problem + ": nothing of it is believed";
        }
    } else {
        current.failed = std::move(parts).error();
    }
    if (current.failed) {
        departure how{departure_kind::answered};
        how.latency = current.latency;
        current.pass->leave(current.ended_at, how);
        current.answered.reset();
        return fail_all(current);
    }
    for (std::size_t at = 0; at != current.items.size(); ++at)
        read_part(current, *current.items[at], reading.matched.parts[at], options);
    leave_gate(current);
    current.answered.reset();
    for (auto* const each : current.items) {
        settle(current, *each, draw());
        current.bytes = 0; // told once
    }
    auto const slow = current.latency > params_.request_timeout / 2;
    bool const bad = slow || reading.missing != 0 || reading.failed * 4 > current.items.size();
    return bad ? envelope_verdict::bad : envelope_verdict::good;
}

void graph_exchange::read_part(
    attempt const& current, envelope_item& item, std::size_t index, query const& options) {
    auto& reading = *parts_;
    if (index == matched_parts::none) {
        ++reading.missing;
        item.report.transport = errc::malformed_response;
        reading.leaving.add(departure_of(item.report));
        item.failed.emplace();
        item.failed->code = errc::malformed_response;
        item.failed->message = "the answer to a batch of " + std::to_string(current.items.size()) +
                               " requests has none to this one";
        return;
    }
    part_answer const answer(
        reading.decoder, index, reading.parts[index], current.answered->connection().response());
    item.report.status = item.info.http_status = answer.status();
    if (auto const id = answer.field("request-id"); is_field_value(id))
        item.info.request_id = id;
    redact(item.info.request_id, current.token.token->value.reveal());
    if (answer.status() == 200 || answer.status() == 204) {
        item.failed = read_allotment(answer, options, item.found);
    } else {
        std::string target;
        append_allotment_target(target, where().base_path, *item.reference, current.encoded_query);
        item.failed = read_refusal(answer, where(), target, item.report);
    }
    auto how = departure_of(item.report);
    read_load(answer, current.latency, how);
    reading.leaving.add(how);
    if (how.kind == departure_kind::throttled)
        ++stats_.throttled;
    if (is_server_failure(item.report))
        ++reading.failed;
}

void graph_exchange::leave_gate(attempt& current) {
    auto const granted = parts_->leaving.granted(current.latency);
    auto const failed = parts_->leaving.failed();
    auto const throttled = parts_->leaving.throttled(current.latency);
    auto& pass = *current.pass;
    if (granted.calls != 0 && granted.calls != current.calls())
        pass.settle(current.ended_at, granted.how, granted.calls);
    if (failed.calls != 0 && failed.calls != current.calls())
        pass.settle(current.ended_at, failed.how, failed.calls);
    if (throttled.calls != 0)
        pass.leave(current.ended_at, throttled.how);
    else if (granted.calls == current.calls())
        pass.leave(current.ended_at, granted.how);
    else
        pass.leave(current.ended_at, failed.calls == current.calls() ? failed.how : departure());
    if (!watch_ || throttled.calls == 0)
        return;
    auto const until = gate_figures().held_until;
    for (std::size_t at = 0; at != current.items.size(); ++at) {
        auto& item = *current.items[at];
        auto const index = parts_->matched.parts[at];
        if (index == matched_parts::none || departure_of(item.report).kind != departure_kind::throttled)
            continue;
        part_answer const answer(
            parts_->decoder, index, parts_->parts[index], current.answered->connection().response());
        watch_.throttled(
            item.seen, answer, item.report, item.info.request_id, current.token.token->value.reveal(), until,
            clock::now());
    }
}

}
