#include "io/graph_exchange.hpp"

#include "base/redact.hpp"
#include "io/answer.hpp"
#include "io/retrieval.hpp"
#include "io/token_refusals.hpp"
#include "protocol/target.hpp"

#include <allot/secret.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace allot {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

throttle_gate_params gate_params(client_params const& params) {
    throttle_gate_params made;
    made.max_in_flight = params.connections;
    made.max_rate = params.max_rate;
    made.throttled_delay = params.retry.throttled_delay;
    made.max_wait = params.retry.max_wait;
    return made;
}

connection_pool_params pool_params(client_params const& params) {
    connection_pool_params made;
    made.capacity = params.connections;
    made.idle_timeout = params.idle_timeout;
    made.connect_timeout = params.transport.connect_timeout;
    made.watcher = params.observer.get();
    return made;
}

client_capability capability(client_params const& params) {
    return params.continuous_access_evaluation ? client_capability::cp1 : client_capability::none;
}

std::string user_agent(client_params const& params) {
    return params.application + (params.application.empty() ? "" : " ") + "allot/" ALLOT_VERSION;
}

std::string_view priority_field(throttle_priority value) {
    switch (value) {
    case throttle_priority::unset:
        return {};
    case throttle_priority::low:
        return "low";
    case throttle_priority::normal:
        return "normal";
    case throttle_priority::high:
        return "high";
    }
    return {};
}

}

graph_exchange::graph_exchange(
    asio::any_io_executor const& executor, client_params params, endpoint to, std::string scope) :
    executor_(executor),
    params_(std::move(params)),
    deadlines_(executor),
    pool_(executor, deadlines_, std::move(to), pool_params(params_)),
    gate_(throttle_gate::make(
        executor, shared_gate::of(params_.credential, where().host_field), gate_params(params_))),
    token_(std::make_shared<client_token>(
        executor, token_cache::shared(params_.credential, std::move(scope), capability(params_)),
        params_.retry.max_wait)),
    requests_(where(), user_agent(params_), priority_field(params_.priority)),
    page_requests_(
        where(), user_agent(params_), priority_field(params_.priority), params_.accept_gzip ? "gzip" : ""),
    envelope_requests_(
        request_template::post(where(), user_agent(params_), priority_field(params_.priority))),
    envelopes_(priority_field(params_.priority)),
    retries_(executor),
    watch_(params_.observer.get()),
    random_(std::random_device()()),
    retrievals_(params_.connections) {}

result<std::unique_ptr<graph_exchange>>
graph_exchange::make(asio::any_io_executor const& executor, client_params params) {
    auto where = parse_graph_url(params.graph_url);
    if (!where)
        return where.error();
    auto scope = token_scope(params.graph_url).value();
    auto to = endpoint::make(std::move(*where), params.transport);
    if (!to)
        return to.error();
    return std::unique_ptr<graph_exchange>(
        new graph_exchange(executor, std::move(params), std::move(*to), std::move(scope)));
}

graph_exchange::~graph_exchange() {
    wipe(request_bytes_);
}

void graph_exchange::shut_down() {
    token_->cancel();
    pool_.close_idle();
    wipe(request_bytes_);
}

void graph_exchange::publish() {
    stats_.connections_opened = pool_.opened();
    stats_.sessions_resumed = pool_.resumed();
}

double graph_exchange::draw() {
    return std::uniform_real_distribution<double>()(random_);
}

bool graph_exchange::begin_now(attempt& current) {
    auto const now = clock::now();
    current.pass.reset();
    current.lease.reset();
    auto token = token_->try_get(now, current.refusals.claims());
    if (!token)
        return false;
    current.pass = gate_->try_enter(now, current.calls());
    if (!current.pass)
        return false;
    if (!current.fresh_connection)
        current.lease = pool_.try_acquire(now);
    if (!current.lease)
        return false;
    current.token = std::move(*token);
    return true;
}

asio::awaitable<void> graph_exchange::begin(attempt& current) {
    auto stop = [&current](failure reason) {
        current.failed = std::move(reason);
        current.final = true;
        current.lease.reset();
    };
    auto& pass = current.pass;
    auto& lease = current.lease;
    std::optional<cached_token> token;
    // Whatever had to be waited for, what came before it may have passed meanwhile: a token can expire, a
    // hold can begin.
    for (;;) {
        token = token_->try_get(clock::now(), current.refusals.claims());
        if (!token) {
            pass.reset();
            auto fetched = co_await token_->get(current.deadline, current.refusals.claims());
            if (!fetched)
                co_return stop(current.refusals.without_token(std::move(fetched).error()));
            continue;
        }
        if (pass && pass->outdated())
            pass.reset();
        if (!pass)
            pass = gate_->try_enter(clock::now(), current.calls());
        if (!pass) {
            if (watch_)
                watch_.wait_at_gate(gate_figures().held_until, clock::now());
            auto entered = co_await gate_->enter(current.deadline, current.calls());
            if (!entered)
                co_return stop(std::move(entered).error());
            pass = std::move(*entered);
            continue;
        }
        if (lease)
            break;
        if (!current.fresh_connection)
            lease = pool_.try_acquire(clock::now());
        if (lease)
            break;
        auto acquired = co_await pool_.acquire(current.fresh_connection, current.deadline);
        if (!acquired) {
            current.failed = std::move(acquired).error();
            current.report.transport = current.failed->code;
            current.final = current.failed->reason == end_reason::deadline;
            pass->leave(clock::now(), departure_of(current.report));
            co_return;
        }
        lease = std::move(*acquired);
    }
    current.token = std::move(*token);
}

connection::progress graph_exchange::send(attempt& current) {
    if (auto const offset = current.token.token->clock_offset)
        stats_.issuer_clock_offset.store(*offset, std::memory_order_relaxed);
    uuid_text const request_id(random_);
    current.info.client_request_id = std::string_view(request_id);
    // Before the bytes are there that all requests share: an observer may start another one.
    if (watch_)
        tell_of_start(current);
    current.requests.write(
        request_bytes_, current.target, current.token.token->value.reveal(), request_id, current.traceparent,
        current.items.empty() ? std::string_view() : write_envelope(current));
    current.sent_at = clock::now();
    auto until = current.sent_at + params_.request_timeout;
    if (current.deadline)
        until = std::min(until, *current.deadline);
    stats_.requests += current.calls();
    stats_.in_flight += current.calls();
    // gzip also where it was not asked for: a server may choose then (RFC 9110 section 12.5.3).
    return current.lease->connection().begin_exchange(
        request_bytes_, current.body_limit, content_coding::gzip, until);
}

void graph_exchange::conclude(attempt& current) {
    stats_.in_flight -= current.calls();
    current.ended_at = clock::now();
    current.latency = current.ended_at - current.sent_at;
    auto lease = std::exchange(current.lease, std::nullopt);
    auto const& response = lease->connection().response();
    if (current.failed) {
        current.report.transport = current.failed->code;
        current.report.stale = lease->reused() && !response.started();
    } else {
        quickest_ = std::min(quickest_.value_or(current.latency), current.latency);
        auto const status = response.status();
        current.report.status = status;
        current.info.http_status = status;
        current.info.request_id = response.field("request-id");
        // Proxies like to show what they were sent.
        redact(current.info.request_id, current.token.token->value.reveal());
        if (status != 200 && status != 204)
            current.failed = read_refusal(response, where(), current.target, current.report);
    }
    auto const& report = current.report;
    if (!report.transport && report.status < 500 && report.status != 401 && report.claims.empty())
        token_->accept(current.token.generation);
    bool const answered = !current.failed;
    // The parts of an envelope say how they leave.
    if (!answered || current.items.empty()) {
        auto how = departure_of(report);
        if (!report.transport)
            read_load(response, current.latency, how);
        current.pass->leave(current.ended_at, how);
        if (how.kind == departure_kind::throttled)
            ++stats_.throttled;
        if (watch_)
            tell_of_end(current, response, how);
    }
    publish();
    if (answered)
        current.answered = std::move(lease);
}

asio::awaitable<void> graph_exchange::run_attempt(attempt& current) {
    if (!begin_now(current))
        co_await begin(current);
    if (!current.lease)
        co_return;
    auto const sent = send(current);
    current.failed = co_await current.lease->connection().finish_exchange(sent);
    conclude(current);
}

void graph_exchange::tell_of_start(attempt& current) {
    auto const now = clock::now();
    watch_.take_token(current.token, *params_.credential, now);
    if (watch_.sees_hold())
        watch_.pass_gate(now);
    if (current.items.empty())
        return watch_.start(current.seen, current.info.client_request_id);
    for (auto* const each : current.items)
        watch_.start(each->seen, current.info.client_request_id);
}

void graph_exchange::tell_of_end(attempt& current, response_reader const& answer, departure const& how) {
    current.bytes = answer.body().size();
    if (how.kind == departure_kind::throttled)
        watch_.throttled(
            current.first_seen(), answer, current.report, current.info.request_id,
            current.token.token->value.reveal(), gate_figures().held_until, clock::now());
}

}
