#include "io/connection.hpp"
#include "io/proxy_route.hpp"
#include "support/cancel_steps.hpp"
#include "support/coroutine.hpp"
#include "support/scripted_proxy.hpp"
#include "support/scripted_resolver.hpp"
#include "support/simulated_client.hpp"

#include <boost/test/unit_test.hpp>

#include <cctype>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

/// A simulator that stands for Graph and the authority of the real hosts, behind a proxy that a test decides.
namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
using test::proxy_reply;
using test::scripted_proxy;
using then = proxy_reply::then;

std::string const established = "HTTP/1.1 200 Connection established\r\n\r\n";
constexpr std::string_view credentials = "ada:open-sesame-0123456789";
std::string const encoded = "YWRhOm9wZW4tc2VzYW1lLTAxMjM0NTY3ODk=";

proxy_reply tunnel() {
    return {established, then::tunnel};
}

asio::awaitable<std::string>
open_one(deadline_queue& deadlines, endpoint& to, std::chrono::milliseconds time) {
    auto const executor = co_await asio::this_coro::executor;
    exchange_memory memory(1);
    connection made(readiness_set::make(executor), deadlines, memory);
    auto const failed = co_await made.open(to, clock::now() + time);
    auto const said = failed ? failed->code.message() + ": " + failed->message : "open";
    made.close();
    co_return said;
}

asio::awaitable<std::string> get_one(client with, assignment_ref reference) {
    auto const got = co_await with.get_allotment(std::move(reference));
    co_return got ? "got" : got.error().code.message() + ": " + got.error().message;
}

asio::awaitable<std::string> a_token(token_credential& from) {
    token_request request("https://graph.microsoft.com/.default");
    auto const got = co_await from.fetch_token(std::move(request));
    co_return std::string(got.value().value.reveal());
}

std::string lower_case(std::string text) {
    for (auto& each : text)
        each = static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
    return text;
}

struct fixture {
    std::uint16_t port() const {
        auto const& url = graph->info().graph_url;
        return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
    }
    transport_params transport(std::string const& proxy, std::string_view with = credentials) const {
        transport_params made;
        made.ca_file = graph->info().ca_file;
        made.proxy.url = proxy;
        made.proxy.credentials = secret(with);
        return made;
    }
    endpoint to(transport_params const& through, std::shared_ptr<lookup_service> names = nullptr) const {
        return endpoint(
            parse_graph_url("https://graph.microsoft.com").value(), through,
            tls_context::make_client(through.ca_file).value(), make_proxy_route(through).value(),
            std::move(names));
    }
    std::string open(transport_params const& through, std::chrono::milliseconds time = 30s) {
        auto target = to(through);
        return test::run(context, open_one(deadlines, target, time));
    }
    /// Both the token's secret and Graph's token are sent, each on a connection of its own.
    client_params params(std::string const& proxy) const {
        client_params made;
        client_secret_params login;
        std::ifstream file(graph->info().client_secret_file);
        client_secret.assign(std::istreambuf_iterator<char>(file), {});
        login.token_url = "https://login.microsoftonline.com/" + graph->info().tenant + "/oauth2/v2.0/token";
        login.client_id = graph->info().client_id;
        login.client_secret = secret(std::string_view(client_secret));
        login.transport = made.transport = transport(proxy);
        made.credential = make_client_secret_credential(std::move(login)).value();
        made.retry.max_attempts = 6;
        made.retry.base_delay = 1ms;
        made.retry.max_delay = 2ms;
        return made;
    }
    std::string get(client_params const& with) {
        auto made = make_client(context.get_executor(), with).value();
        return test::run(context, get_one(std::move(made), graph.references().front()));
    }

    test::simulated_graph graph{1};
    mutable std::string client_secret;
    asio::io_context context;
    deadline_queue deadlines{context.get_executor()};
};

bool has(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

}

BOOST_FIXTURE_TEST_SUITE(row_18_proxy, fixture)

BOOST_AUTO_TEST_CASE(row_18_token_and_allotment_come_through_tunnels) {
    scripted_proxy const proxy(port(), [](std::size_t) { return tunnel(); });
    BOOST_TEST(get(params(proxy.url())) == "got");
    auto const seen = proxy.seen();
    BOOST_TEST_REQUIRE(seen.size() == 2U);
    for (std::size_t i = 0; i != 2; ++i) {
        std::string const host = i == 0 ? "login.microsoftonline.com:443" : "graph.microsoft.com:443";
        BOOST_TEST(
            seen[i] == "CONNECT " + host + " HTTP/1.1\r\nHost: " + host +
                           "\r\nUser-Agent: allot/" ALLOT_VERSION "\r\nProxy-Authorization: Basic " +
                           encoded + "\r\n\r\n");
    }
    for (auto const& entry : graph->journal())
        for (auto const& field : entry.fields)
            BOOST_TEST(!has(field.name + field.value, "roxy"), field.name);
}

BOOST_AUTO_TEST_CASE(row_18_a_proxy_that_hangs_costs_the_connect_timeout) {
    for (std::string const said : {"", "HTTP/1.1 200 OK\r\nA:", "HTTP/1.1 103 Early Hints\r\n\r\n"}) {
        scripted_proxy const proxy(port(), [&](std::size_t) { return proxy_reply{said, then::hang}; });
        auto const got = open(transport(proxy.url()), 100ms);
        BOOST_TEST(
            got == "timed out: proxy 127.0.0.1:" + std::to_string(proxy.port()) +
                       ", asked to connect to graph.microsoft.com:443: no answer within the deadline");
    }
}

BOOST_AUTO_TEST_CASE(row_18_a_proxy_that_is_not_there) {
    auto const got = open(transport("http://127.0.0.1:1"));
    BOOST_TEST(got == "no connection: connecting to proxy 127.0.0.1:1: 127.0.0.1:1 (Connection refused)");
    test::scripted_resolver const nobody;
    auto target = to(transport("http://proxy.corp:1"), nobody.serve());
    auto const unknown = test::run(context, open_one(deadlines, target, 30s));
    BOOST_TEST(has(unknown, "host name not resolved: proxy proxy.corp:1: looking up proxy.corp: "), unknown);
}

BOOST_AUTO_TEST_CASE(row_18_the_proxys_addresses_race) {
    test::scripted_resolver resolver;
    resolver.answer("proxy.corp", {"127.0.0.2", "127.0.0.1"});
    scripted_proxy const proxy(port(), [](std::size_t) { return tunnel(); });
    auto target = to(transport("http://proxy.corp:" + std::to_string(proxy.port())), resolver.serve());
    BOOST_TEST(test::run(context, open_one(deadlines, target, 30s)) == "open");
    BOOST_TEST(proxy.seen().size() == 1U);
}

BOOST_AUTO_TEST_CASE(row_18_the_host_is_verified_inside_the_tunnel) {
    scripted_proxy const proxy(port(), [](std::size_t) { return tunnel(); });
    auto const through = transport(proxy.url());
    endpoint other(
        parse_graph_url("https://graph.example").value(), through,
        tls_context::make_client(through.ca_file).value(), make_proxy_route(through).value());
    auto const got = test::run(context, open_one(deadlines, other, 30s));
    BOOST_TEST(has(got, "certificate rejected: TLS with graph.example through proxy 127.0.0.1:"), got);
}

BOOST_AUTO_TEST_CASE(row_18_cancelling_at_every_step) {
    scripted_proxy const proxy(port(), [](std::size_t) { return tunnel(); });
    auto target = to(transport(proxy.url()));
    test::cancel_at_every_step(
        context, [&] { return open_one(deadlines, target, 30s); },
        [](std::string const& said, bool cancelled) {
            if (cancelled)
                BOOST_TEST((said == "open" || has(said, "cancelled: ")), said);
            else
                BOOST_TEST(said == "open");
        });
}

BOOST_AUTO_TEST_CASE(row_18_refusals_are_final_and_setbacks_pass) {
    for (auto const& [status, attempts] : std::vector<std::pair<int, std::size_t>>{
             {407, 1}, {403, 1}, {302, 1}, {400, 1}, {502, 4}, {503, 4}, {504, 4}}) {
        auto const bytes = "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 0\r\n\r\n";
        scripted_proxy const proxy(port(), [&](std::size_t) { return proxy_reply{bytes, then::close}; });
        auto made = params(proxy.url());
        made.credential = make_token_credential(secret(std::string_view("a-token")));
        made.retry.max_attempts = 4;
        auto const got = get(made);
        BOOST_TEST(has(got, "proxy 127.0.0.1:" + std::to_string(proxy.port())), got);
        BOOST_TEST(has(got, "(" + std::to_string(status) + ")"), got);
        BOOST_TEST(got.starts_with(attempts == 1 ? "refused by the proxy: " : "no connection: "), got);
        BOOST_TEST(proxy.seen().size() == attempts);
    }
}

BOOST_AUTO_TEST_CASE(row_18_no_answers_make_the_proxy_see_a_secret) {
    auto const start = [](std::string const& status) { return "HTTP/1.1 " + status + "\r\n"; };
    std::vector<proxy_reply> const replies{
        tunnel(),
        tunnel(),
        {"HTTP/1.1 200 OK\r\n\r\ngarbage", then::hang},
        {"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\ngarbage", then::close},
        {"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 401 X\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n",
         then::hang},
        {"HTTP/1.0 200 OK\r\n\r\n", then::close},
        {start("502 Bad Gateway") + "Content-Length: 0\r\n\r\n", then::close},
        {start("503 Busy") + "Retry-After: 1\r\nContent-Length: 0\r\n\r\n", then::hang},
        {start("504 Late") + "\r\nbody without an end", then::close},
        {start("407 Who") +
             "Proxy-Authenticate: Basic realm=\"x\"\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
         then::hang},
        {start("407 Who") + "Proxy-Authenticate: Bearer realm=\"x\"\r\nContent-Length: 0\r\n\r\n",
         then::hang},
        {start("401 Who") + "WWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n", then::hang},
        {start("307 There") + "Location: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", then::hang},
        {start("100 Continue") + "\r\n" + established, then::tunnel},
        {start("103 Early Hints") + "\r\n", then::close},
        {start("200 OK") + "A: " + std::string(40'000, 'x') + "\r\n\r\n", then::hang},
        {"SSH-2.0-x\r\n", then::hang},
        {"", then::close},
    };
    // Good at the simulator, too.
    std::string const token = test::run(context, a_token(*graph.login()));
    std::mt19937 random(18);
    std::size_t got = 0;
    for (int run = 0; run != 150; ++run) {
        std::vector<std::size_t> script(12);
        for (auto& each : script)
            each = random() % replies.size();
        scripted_proxy const proxy(
            port(), [&](std::size_t number) { return replies[script[number % script.size()]]; });
        auto made = params(proxy.url());
        // Only some have to fetch a token first: a token endpoint is asked again after half a second.
        if (run % 15 != 0)
            made.credential = make_token_credential(secret(std::string_view(token)));
        auto const said = get(made);
        got += said == "got" ? 1 : 0;
        BOOST_TEST(!has(said, encoded), said);
        BOOST_TEST(!has(said, "open-sesame"), said);
        for (auto const& seen : proxy.seen()) {
            auto const bytes = lower_case(seen);
            // A tunnel's TLS is what a proxy that said 200 may see; nothing of the first lines is for others.
            BOOST_TEST(bytes.starts_with("connect "), bytes);
            BOOST_TEST(!has(bytes, "\r\nauthorization:"), bytes);
            BOOST_TEST(!has(bytes, "bearer"), bytes);
            BOOST_TEST(!has(bytes, lower_case(token)), bytes);
            BOOST_TEST(!has(bytes, "client_secret"), bytes);
            BOOST_TEST(!has(bytes, lower_case(client_secret)), bytes);
        }
    }
    BOOST_TEST(got != 0U);
    BOOST_TEST(got != 150U);
    for (auto const& entry : graph->journal())
        for (auto const& field : entry.fields)
            BOOST_TEST(!has(field.name + field.value, "roxy"), field.name);
}

BOOST_AUTO_TEST_SUITE_END()

}
