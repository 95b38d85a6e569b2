// The part of `graph_exchange` that takes one request to its result.
#include "io/retrieval.hpp"

#include "base/redact.hpp"
#include "io/answer.hpp"
#include "io/cancellation.hpp"
#include "io/failures.hpp"
#include "io/token_refusals.hpp"
#include "protocol/target.hpp"

#include <allot/secret.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace allot {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

struct graph_exchange::allotment_reading {
    using value_type = allotment;
    static constexpr std::size_t body_limit = 1024 * 1024;
    static constexpr auto requests = &graph_exchange::requests_;

    std::optional<failure>
    operator()(response_reader const& answer, retrieval&, std::optional<allotment>& read) const {
        return read_allotment(answer, decoder, options, read);
    }

    std::optional<result<allotment>>& outcome;
    allotment_decoder& decoder;
    query const& options;
    assignment_ref const* assignment;
};

struct graph_exchange::page_reading {
    using value_type = assignment_page;
    static constexpr std::size_t body_limit = 20 * 1024 * 1024;
    static constexpr auto requests = &graph_exchange::page_requests_;

    std::optional<failure>
    operator()(response_reader const& answer, retrieval& of, std::optional<assignment_page>& read) const {
        return read_page(answer, options, from, of.target, read);
    }

    std::optional<result<assignment_page>>& outcome;
    query const& options;
    origin const& from;
    static constexpr assignment_ref const* assignment = nullptr;
};

template <class Reading>
void graph_exchange::set_up(
    retrieval& of, Reading const& reading, exchange_info& info, envelope_item* resumed) {
    of.started = resumed ? resumed->started : clock::now();
    auto& current = of.current.emplace(attempt{
        of.target, this->*Reading::requests, Reading::body_limit, info, reading.options.traceparent()});
    if (watch_)
        watch_.begin(current.seen, current.target, reading.assignment);
    if (params_.deadline)
        current.deadline = of.started + *params_.deadline;
    if (resumed) {
        of.retry = resumed->retry;
        current.refusals = resumed->refusals;
        current.fresh_connection = resumed->fresh_connection;
        if (resumed->seen.operation != 0)
            current.seen.operation = resumed->seen.operation;
    } else {
        of.retry.emplace(params_.retry, current.deadline);
        retries_.on_request(of.started);
    }
}

template <class Reading>
asio::awaitable<void> graph_exchange::perform(retrieval_ptr of, Reading reading) {
    auto& current = *of->current;
    for (;;) {
        current.report = {};
        current.failed.reset();
        if (watch_)
            watch_.prepare(current.seen, of->retry->attempts());
        // As `run_attempt`, without its frames: Asio keeps two for the next coroutines, this one and the
        // wait's.
        if (!begin_now(current))
            co_await begin(current);
        if (current.lease) {
            auto& link = current.lease->connection();
            auto sent = send(current);
            while (sent == connection::progress::blocked) {
                auto const state = co_await asio::this_coro::cancellation_state;
                bool ready = !is_cancelled(state);
                if (ready)
                    ready = co_await link.wait_for_peer();
                sent = link.continue_exchange(ready);
            }
            current.failed = link.end_exchange();
            conclude(current);
        }
        switch (decide(*of, reading)) {
        case course::answered:
            co_return;
        case course::failed:
            reading.outcome.emplace(std::move(*current.failed));
            co_return;
        case course::again:
            break;
        case course::wait:
            if (co_await wait_for_retry(*of))
                break;
            reading.outcome.emplace(std::move(*current.failed));
            co_return;
        }
    }
}

template <class Reading>
graph_exchange::course graph_exchange::decide(retrieval& of, Reading const& reading) {
    auto& current = *of.current;
    if (current.final)
        return fail(of, std::move(*current.failed));
    if (current.failed && current.failed->code == errc::cancelled) {
        current.failed->reason = end_reason::cancelled;
        if (watch_)
            tell_of_outcome(current, {});
        return fail(of, std::move(*current.failed));
    }
    std::optional<typename Reading::value_type> read;
    if (current.answered) {
        current.failed = reading(current.answered->connection().response(), of, read);
        current.answered.reset();
    }
    if (current.failed && current.token.token) {
        redact(current.failed->message, current.token.token->value.reveal());
        redact(current.failed->graph_code, current.token.token->value.reveal());
        current.refusals.on_answer(*token_, current.token, current.report, *current.failed);
    }
    auto const action = of.retry->on_attempt(clock::now(), current.report, draw());
    current.fresh_connection = action.fresh_connection;
    if (watch_)
        tell_of_outcome(current, action);
    switch (action.step) {
    case retry_step::done:
        if (current.failed) {
            current.failed->reason = end_reason::permanent;
            return fail(of, std::move(*current.failed));
        }
        sum_up(of);
        reading.outcome.emplace(std::move(*read));
        return course::answered;
    case retry_step::give_up:
        current.failed->reason = action.reason;
        if (action.reason == end_reason::parked)
            current.failed = parked_failure(action.at);
        return fail(of, std::move(*current.failed));
    case retry_step::replay:
        // Never refused, but not for free either: the server gets one more request.
        retries_.on_replay(clock::now());
        return course::again;
    case retry_step::refresh_token:
        ++stats_.retries;
        return course::again;
    case retry_step::wait:
        break;
    }
    of.retry_at = action.at;
    return course::wait;
}

void graph_exchange::sum_up(retrieval& of) {
    auto& info = of.current->info;
    info.attempts = of.retry->attempts();
    info.duration = clock::now() - of.started;
}

graph_exchange::course graph_exchange::fail(retrieval& of, failure reason) {
    sum_up(of);
    reason.exchange = of.current->info;
    of.current->failed = std::move(reason);
    return course::failed;
}

asio::awaitable<bool> graph_exchange::wait_for_retry(retrieval& of) {
    auto& current = *of.current;
    parking_spot spot(executor_);
    auto const until = std::min(of.retry_at, current.deadline.value_or(of.retry_at));
    auto const outcome = co_await spot.wait(until);
    std::optional<failure> failed;
    if (outcome == parking_spot::outcome::cancelled)
        failed = cancelled_failure();
    else if (until != of.retry_at)
        failed = deadline_failure("the next attempt");
    else
        failed = co_await retries_.enter(current.deadline);
    if (failed) {
        failed->message += "; before: " + current.failed->message;
        fail(of, std::move(*failed));
        co_return false;
    }
    ++stats_.retries;
    co_return true;
}

void graph_exchange::tell_of_outcome(attempt const& current, retry_action const& action) {
    watch_.finish(
        current.seen, current.report, current.failed, current.info.request_id, current.latency,
        current.bytes);
    if (current.failed)
        watch_.retry(current.seen, action, current.report, *current.failed, clock::now());
}

asio::awaitable<void> graph_exchange::get_allotment(
    assignment_ref const& reference, query const& options, std::string_view encoded_query,
    exchange_info& info, std::optional<result<allotment>>& outcome, envelope_item* resumed) {
    auto of = retrievals_.lend();
    of->target.clear();
    append_allotment_target(of->target, where().base_path, reference, encoded_query);
    allotment_reading const reading{outcome, decoder_, options, &reference};
    set_up(*of, reading, info, resumed);
    return perform(std::move(of), reading);
}

asio::awaitable<void> graph_exchange::get_page(
    std::string target, query const& options, exchange_info& info,
    std::optional<result<assignment_page>>& outcome) {
    auto of = retrievals_.lend();
    of->target = std::move(target);
    page_reading const reading{outcome, options, where()};
    set_up(*of, reading, info, nullptr);
    return perform(std::move(of), reading);
}

}
