#include "io/token_endpoint.hpp"

#include "io/answer.hpp"
#include "io/connection.hpp"
#include "io/failures.hpp"
#include "io/parking_spot.hpp"
#include "json/decode.hpp"
#include "protocol/http_request.hpp"
#include "protocol/retry_state.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <algorithm>
#include <random>

namespace allot {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t token_body_limit = 256 * 1024;
constexpr std::chrono::seconds request_timeout{30};

retry_params token_retries() {
    retry_params made;
    made.max_attempts = 4;
    made.base_delay = std::chrono::milliseconds(500);
    made.max_delay = std::chrono::seconds(10);
    made.max_wait = std::chrono::minutes(1);
    return made;
}

std::string_view advice_for(token_error const& said) {
    for (auto const code : said.codes) {
        switch (code) {
        case 7000215:
            return "; give the secret's value, not its id";
        case 7000222:
            return "; the secret has expired: make a new one in the app registration";
        case 700016:
            return "; check the client id and the tenant";
        case 90002:
            return "; check the tenant";
        case 70011:
        case 500011:
            return "; check that the cloud fits the tenant";
        default:
            break;
        }
    }
    return "";
}

struct token_reply {
    std::optional<access_token> token;
    attempt_report report;
    failure reason;
};

access_token to_token(token_answer&& answer, clock::time_point asked_at) {
    auto expires_at = clock::time_point::max();
    if (answer.expires_in)
        expires_at = asked_at + *answer.expires_in;
    else if (answer.expires_on)
        expires_at = asked_at + (*answer.expires_on - std::chrono::system_clock::now());
    std::optional<clock::time_point> refresh_at;
    if (answer.refresh_in)
        refresh_at = asked_at + *answer.refresh_in;
    return access_token(secret(std::move(answer.access_token)), asked_at, expires_at, refresh_at);
}

token_reply read_reply(response_reader const& answer, std::string const& url, clock::time_point asked_at) {
    token_reply reply;
    reply.report.status = answer.status();
    reply.reason.code = errc::token_unavailable;
    reply.reason.exchange.http_status = answer.status();
    reply.reason.message = "no access token from " + url + ": ";
    if (answer.status() == 200) {
        auto token = decode_token_answer(answer.body());
        if (token)
            reply.token = to_token(std::move(*token), asked_at);
        else
            reply.reason.message += to_string(token.error());
        return reply;
    }
    reply.report.retry_after = read_retry_after(answer);
    if (auto const said = decode_token_error(answer.body())) {
        reply.reason.graph_code = said->error;
        reply.reason.message += said->error + ": " + said->description;
        reply.reason.message += advice_for(*said);
        if (said->error == "temporarily_unavailable")
            reply.report.status = 503;
    } else {
        reply.reason.message += "status " + std::to_string(answer.status());
    }
    // Only Graph's 401 asks for another token.
    if (reply.report.status == 401)
        reply.report.status = 400;
    return reply;
}

asio::awaitable<token_reply>
ask(connection& with, endpoint& to, std::chrono::milliseconds connect_timeout, std::string_view request,
    std::string const& url) {
    token_reply reply;
    auto const asked_at = clock::now();
    auto failed = co_await with.open(to, asked_at + connect_timeout);
    if (!failed)
        failed = co_await with.exchange(request, token_body_limit, clock::now() + request_timeout);
    if (!failed) {
        reply = read_reply(with.response(), url, asked_at);
        co_return reply;
    }
    reply.report.transport = failed->code;
    reply.reason = std::move(*failed);
    reply.reason.message = "no access token from " + url + ": " + reply.reason.message;
    if (reply.report.transport != errc::cancelled)
        reply.reason.code = errc::token_unavailable;
    co_return reply;
}

}

token_endpoint::token_endpoint(
    origin where, transport_params transport, std::shared_ptr<tls_context const> tls) :
    where_(std::move(where)),
    transport_(std::move(transport)),
    tls_(std::move(tls)) {}

result<token_endpoint> token_endpoint::make(std::string const& url, transport_params transport) {
    auto where = parse_token_url(url);
    if (!where)
        return where.error();
    auto tls = tls_context::make_client(transport.ca_file);
    if (!tls)
        return tls.error();
    return token_endpoint(std::move(*where), std::move(transport), std::move(*tls));
}

std::string token_endpoint::url() const {
    return "https://" + where_.host_field + where_.base_path;
}

asio::awaitable<result<access_token>> token_endpoint::request(secret form) const {
    auto const executor = co_await asio::this_coro::executor;
    deadline_queue deadlines(executor);
    endpoint to(where_, transport_, tls_);
    std::mt19937_64 random{std::random_device()()};
    retry_state retry(token_retries(), std::nullopt);
    secret const bytes(
        write_post(where_, "application/x-www-form-urlencoded", form.reveal(), "allot/" ALLOT_VERSION));
    for (;;) {
        connection with(executor, deadlines);
        auto reply = co_await ask(with, to, transport_.connect_timeout, bytes.reveal(), url());
        with.close();
        if (reply.token)
            co_return std::move(*reply.token);
        if (reply.report.transport == errc::cancelled)
            co_return cancelled_failure();
        auto const draw = std::uniform_real_distribution<double>()(random);
        auto const action = retry.on_attempt(clock::now(), reply.report, draw);
        reply.reason.exchange.attempts = retry.attempts();
        reply.reason.reason = action.reason;
        if (action.step == retry_step::done || action.step == retry_step::give_up)
            co_return std::move(reply.reason);
        parking_spot spot(executor);
        if (co_await spot.wait(action.at) == parking_spot::outcome::cancelled)
            co_return cancelled_failure();
    }
}

secret encode_form(std::vector<std::pair<std::string_view, std::string_view>> const& fields) {
    std::string out;
    // Room for all, so that no copy is left behind by growing.
    std::size_t most = 0;
    for (auto const& [name, value] : fields)
        most += 3 * (name.size() + value.size()) + 2;
    out.reserve(most);
    auto append = [&out](std::string_view text) {
        auto encoded = boost::urls::encode(text, boost::urls::unreserved_chars);
        out += encoded;
        wipe(encoded);
    };
    for (auto const& [name, value] : fields) {
        if (!out.empty())
            out += '&';
        append(name);
        out += '=';
        append(value);
    }
    return secret(std::move(out));
}

}
