#include "io/graph_exchange.hpp"

#include "base/redact.hpp"
#include "io/answer.hpp"
#include "io/exchange_attempt.hpp"
#include "io/failures.hpp"
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

constexpr std::size_t allotment_body_limit = 1024 * 1024;
constexpr std::size_t page_body_limit = 20 * 1024 * 1024;

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

struct graph_exchange::allotment_reading {
    using value_type = allotment;
    static constexpr std::size_t body_limit = allotment_body_limit;
    static constexpr auto requests = &graph_exchange::requests_;

    result<allotment> operator()(response_reader const& answer, std::string_view) const {
        return read_allotment(answer, decoder, options);
    }

    allotment_decoder& decoder;
    query const& options;
    assignment_ref const* assignment;
};

struct graph_exchange::page_reading {
    using value_type = assignment_page;
    static constexpr std::size_t body_limit = page_body_limit;
    static constexpr auto requests = &graph_exchange::page_requests_;

    result<assignment_page> operator()(response_reader const& answer, std::string_view target) const {
        return read_page(answer, options, from, target);
    }

    query const& options;
    origin const& from;
    static constexpr assignment_ref const* assignment = nullptr;
};

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
    random_(std::random_device()()) {}

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

asio::awaitable<std::optional<failure>>
graph_exchange::pause(time_point at, std::optional<time_point> deadline) {
    parking_spot spot(executor_);
    auto const until = deadline ? std::min(at, *deadline) : at;
    if (co_await spot.wait(until) == parking_spot::outcome::cancelled)
        co_return cancelled_failure();
    if (until != at)
        co_return deadline_failure("the next attempt");
    co_return std::nullopt;
}

asio::awaitable<std::optional<failure>>
graph_exchange::wait_for_retry(time_point at, std::optional<time_point> deadline) {
    auto failed = co_await pause(at, deadline);
    if (!failed)
        failed = co_await retries_.enter(deadline);
    co_return failed;
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

asio::awaitable<std::optional<failure>> graph_exchange::send(attempt& current) {
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
    return current.lease->connection().exchange(
        request_bytes_, current.body_limit, content_coding::gzip, until);
}

void graph_exchange::conclude(attempt& current, std::optional<failure>&& failed) {
    stats_.in_flight -= current.calls();
    current.ended_at = clock::now();
    current.latency = current.ended_at - current.sent_at;
    current.failed = std::move(failed);
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
    auto failed = co_await send(current);
    conclude(current, std::move(failed));
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

void graph_exchange::tell_of_outcome(attempt const& current, retry_action const& action) {
    watch_.finish(
        current.seen, current.report, current.failed, current.info.request_id, current.latency,
        current.bytes);
    if (current.failed)
        watch_.retry(current.seen, action, current.report, *current.failed, clock::now());
}

template <class Reading>
asio::awaitable<result<typename Reading::value_type>>
graph_exchange::perform(std::string target, Reading reading, exchange_info& info, envelope_item* resumed) {
    auto const started = resumed ? resumed->started : clock::now();
    attempt current{
        std::move(target), this->*Reading::requests, Reading::body_limit, info,
        reading.options.traceparent()};
    if (watch_)
        watch_.begin(current.seen, current.target, reading.assignment);
    std::optional<typename Reading::value_type> found;
    if (params_.deadline)
        current.deadline = started + *params_.deadline;
    retry_state retry(params_.retry, current.deadline);
    if (resumed) {
        retry = resumed->retry;
        current.refusals = resumed->refusals;
        current.fresh_connection = resumed->fresh_connection;
        if (resumed->seen.operation != 0)
            current.seen.operation = resumed->seen.operation;
    } else
        retries_.on_request(started);
    auto finish = [&](failure reason) {
        info.attempts = retry.attempts();
        info.duration = clock::now() - started;
        reason.exchange = info;
        return reason;
    };

    for (;;) {
        current.report = {};
        current.failed.reset();
        if (watch_)
            watch_.prepare(current.seen, retry.attempts());
        // As `run_attempt`, without a frame of its own for every exchange.
        if (!begin_now(current))
            co_await begin(current);
        if (current.lease) {
            auto failed = co_await send(current);
            conclude(current, std::move(failed));
        }
        if (current.final)
            co_return finish(std::move(*current.failed));
        if (current.failed && current.failed->code == errc::cancelled) {
            current.failed->reason = end_reason::cancelled;
            if (watch_)
                tell_of_outcome(current, {});
            co_return finish(std::move(*current.failed));
        }
        if (current.answered) {
            auto read = reading(current.answered->connection().response(), current.target);
            current.answered.reset();
            if (read)
                found = std::move(*read);
            else
                current.failed = std::move(read).error();
        }
        if (current.failed && current.token.token) {
            redact(current.failed->message, current.token.token->value.reveal());
            redact(current.failed->graph_code, current.token.token->value.reveal());
            current.refusals.on_answer(*token_, current.token, current.report, *current.failed);
        }
        auto const action = retry.on_attempt(clock::now(), current.report, draw());
        current.fresh_connection = action.fresh_connection;
        if (watch_)
            tell_of_outcome(current, action);
        switch (action.step) {
        case retry_step::done:
            info.attempts = retry.attempts();
            info.duration = clock::now() - started;
            if (found)
                co_return std::move(*found);
            current.failed->reason = end_reason::permanent;
            co_return finish(std::move(*current.failed));
        case retry_step::give_up:
            current.failed->reason = action.reason;
            if (action.reason == end_reason::parked)
                current.failed = parked_failure(action.at);
            co_return finish(std::move(*current.failed));
        case retry_step::replay:
            // Never refused, but not for free either: the server gets one more request.
            retries_.on_replay(clock::now());
            continue;
        case retry_step::refresh_token:
            break;
        case retry_step::wait:
            if (auto failed = co_await wait_for_retry(action.at, current.deadline)) {
                failed->message += "; before: " + current.failed->message;
                co_return finish(std::move(*failed));
            }
            break;
        }
        ++stats_.retries;
    }
}

asio::awaitable<result<allotment>> graph_exchange::get_allotment(
    assignment_ref const& reference, query const& options, std::string_view encoded_query,
    exchange_info& info) {
    std::string target;
    append_allotment_target(target, where().base_path, reference, encoded_query);
    return perform(std::move(target), allotment_reading{decoder_, options, &reference}, info);
}

asio::awaitable<result<allotment>> graph_exchange::get_alone(
    envelope_item& item, query const& options, std::string_view encoded_query, exchange_info& info) {
    std::string target;
    append_allotment_target(target, where().base_path, *item.reference, encoded_query);
    return perform(std::move(target), allotment_reading{decoder_, options, item.reference}, info, &item);
}

asio::awaitable<result<assignment_page>>
graph_exchange::get_page(std::string target, query const& options, exchange_info& info) {
    return perform(std::move(target), page_reading{options, where()}, info);
}

}
