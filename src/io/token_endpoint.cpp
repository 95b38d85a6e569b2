#include "io/token_endpoint.hpp"

#include "io/connection.hpp"
#include "io/failures.hpp"
#include "io/parking_spot.hpp"
#include "io/token_reply.hpp"
#include "protocol/http_request.hpp"
#include "protocol/retry_state.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <random>

namespace allot {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t token_body_limit = 256 * 1024;

retry_params token_retries() {
    retry_params made;
    made.max_attempts = 4;
    made.base_delay = std::chrono::milliseconds(500);
    made.max_delay = std::chrono::seconds(10);
    made.max_wait = std::chrono::minutes(1);
    return made;
}

/// How long the parts of one attempt may take, and when all must be over.
struct attempt_times {
    std::chrono::milliseconds connect;
    std::chrono::milliseconds request;
    clock::time_point deadline;
};

asio::awaitable<token_reply>
ask(connection& with, endpoint& to, attempt_times const& times, std::string_view request,
    token_attempt& what) {
    what.asked_at = clock::now();
    auto failed = co_await with.open(to, std::min(times.deadline, what.asked_at + times.connect));
    if (!failed) {
        auto const until = std::min(times.deadline, clock::now() + times.request);
        // Without gzip: the size of a compressed answer tells what its secret has in common with the rest.
        failed = co_await with.exchange(request, token_body_limit, content_coding::identity, until);
    }
    what.now = std::chrono::system_clock::now();
    if (failed)
        co_return no_token_reply(std::move(*failed), what);
    co_return read_token_reply(with.response(), what);
}

/// Why no more attempts are made, in the terms of `token_credential::fetch_token`.
void note_end(
    failure& reason, retry_action const& action, attempt_report const& report,
    std::chrono::milliseconds total) {
    reason.reason = action.reason;
    if (action.step != retry_step::give_up)
        return;
    reason.reason = end_reason::attempts;
    auto const seconds = [](std::chrono::milliseconds time) {
        return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + " s";
    };
    auto const asked = reason.exchange.attempts;
    reason.message += "; asked " + std::to_string(asked) + (asked == 1 ? " time" : " times");
    if (action.reason == end_reason::deadline)
        reason.message += ", for which it has " + seconds(total);
    if (!report.retry_after)
        return;
    if (action.reason != end_reason::attempts)
        reason.message += "; it asks to wait " + seconds(*report.retry_after);
    constexpr std::chrono::milliseconds longest = std::chrono::hours(24);
    reason.retry_at = std::chrono::system_clock::now() + std::min(*report.retry_after, longest);
}

}

token_endpoint::token_endpoint(
    origin where, transport_params transport, std::shared_ptr<tls_context const> tls,
    std::shared_ptr<proxy_route const> proxy, token_endpoint_limits limits) :
    where_(std::move(where)),
    transport_(std::move(transport)),
    tls_(std::move(tls)),
    proxy_(std::move(proxy)),
    limits_(limits) {}

result<token_endpoint>
token_endpoint::make(std::string const& url, transport_params transport, token_endpoint_limits limits) {
    auto where = parse_token_url(url);
    if (!where)
        return where.error();
    auto tls = tls_context::make_client(transport.ca_file, tls_answers::secret);
    if (!tls)
        return tls.error();
    auto proxy = make_proxy_route(transport);
    if (!proxy)
        return proxy.error();
    return token_endpoint(
        std::move(*where), std::move(transport), std::move(*tls), std::move(*proxy), limits);
}

std::string token_endpoint::url() const {
    return "https://" + where_.host_field + where_.base_path;
}

std::string token_endpoint::route() const {
    auto out = "trusts " + transport_.ca_file;
    for (auto const& each : transport_.connect_to)
        out += '\n' + each.host + ':' + std::to_string(each.port) + ':' + each.address + ':' +
               std::to_string(each.address_port);
    if (proxy_ && proxy_->leads_to(where_))
        out +=
            std::string("\nthrough ") + (proxy_->where.tls ? "https " : "http ") + proxy_->where.host_field;
    return out;
}

asio::awaitable<result<access_token>> token_endpoint::request(std::string tried, form_maker make_form) const {
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const executor = co_await asio::this_coro::executor;
    deadline_queue deadlines(executor);
    endpoint to(where_, transport_, tls_, proxy_);
    std::mt19937_64 random{std::random_device()()};
    attempt_times const times{
        transport_.connect_timeout, limits_.request_timeout, clock::now() + limits_.total};
    retry_state retry(token_retries(), times.deadline);
    auto const place = url();
    for (;;) {
        auto const form = make_form();
        if (!form)
            co_return form.error();
        secret const bytes(
            write_post(where_, "application/x-www-form-urlencoded", form->reveal(), "allot/" ALLOT_VERSION));
        token_attempt what;
        what.tried = tried;
        what.url = place;
        what.form = form->reveal();
        exchange_memory memory(1);
        connection with(readiness_set::make(executor), deadlines, memory);
        auto reply = co_await ask(with, to, times, bytes.reveal(), what);
        with.close();
        if (reply.token)
            co_return std::move(*reply.token);
        if (reply.report.transport == errc::cancelled)
            co_return cancelled_failure();
        auto const draw = std::uniform_real_distribution<double>()(random);
        auto const action = retry.on_attempt(clock::now(), reply.report, draw);
        reply.reason.exchange.attempts = retry.attempts();
        note_end(reply.reason, action, reply.report, limits_.total);
        if (action.step == retry_step::done || action.step == retry_step::give_up)
            co_return std::move(reply.reason);
        parking_spot spot(executor);
        if (co_await spot.wait(action.at) == parking_spot::outcome::cancelled)
            co_return cancelled_failure();
    }
}

}
