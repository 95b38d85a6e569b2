#include "io/local_connection.hpp"
#include "support/cancel_steps.hpp"
#include "support/coroutine.hpp"
#include "support/full_port.hpp"
#include "support/plain_server.hpp"

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
using test::full_port;
using test::http_answer;
using test::plain_reply;
using test::plain_server;

constexpr std::string_view request = "GET /token HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::size_t body_limit = 1000;

origin place(std::string const& url) {
    return parse_local_url("endpoint", url).value();
}

/// Times for the two steps.
struct patience {
    std::chrono::milliseconds connect = 30s;
    std::chrono::milliseconds answer = 30s;
};

/// "200 BODY", or the failure's message.
asio::awaitable<std::string> talk(deadline_queue& deadlines, origin to, patience time) {
    co_await asio::this_coro::throw_if_cancelled(false);
    local_connection with(co_await asio::this_coro::executor, deadlines);
    auto failed = co_await with.open(to, clock::now() + time.connect);
    if (!failed)
        failed = co_await with.exchange(request, body_limit, clock::now() + time.answer);
    if (failed)
        co_return failed->code.message() + ": " + failed->message;
    co_return std::to_string(with.response().status()) + " " + std::string(with.response().body());
}

struct fixture {
    asio::io_context context;
    deadline_queue deadlines{context.get_executor()};

    std::string ask(origin const& to, patience time = patience()) {
        return test::run(context, talk(deadlines, to, time));
    }
    std::string ask(plain_server const& server, patience time = patience()) {
        return ask(place(server.url()), time);
    }
};

bool starts(std::string const& text, std::string_view prefix) {
    return text.starts_with(prefix);
}

BOOST_FIXTURE_TEST_SUITE(local_connections, fixture)

BOOST_AUTO_TEST_CASE(an_exchange) {
    plain_server const server({{http_answer("200 OK", "hello")}});
    BOOST_TEST(ask(server) == "200 hello");
    BOOST_TEST(server.requests() == std::vector<std::string>{std::string(request)});
}

BOOST_AUTO_TEST_CASE(an_answer_that_leaves_the_connection_open_is_complete_too) {
    plain_server const server({{http_answer("200 OK", "hello"), true}});
    BOOST_TEST(ask(server) == "200 hello");
}

BOOST_AUTO_TEST_CASE(a_name_of_this_machine) {
    plain_server const server({{http_answer("200 OK", "hello")}});
    BOOST_TEST(ask(place("http://localhost:" + std::to_string(server.port()))) == "200 hello");
}

BOOST_AUTO_TEST_CASE(what_a_name_resolves_to_is_checked_before_connecting) {
    for (auto const* const elsewhere :
         {"192.0.2.1", "10.0.0.1", "169.253.0.1", "0.0.0.0", "2001:db8::1", "::ffff:192.0.2.1"}) {
        origin to;
        to.host = elsewhere;
        to.host_field = "localhost";
        BOOST_TEST(starts(ask(to), "invalid parameter: localhost is no address of this machine"), elsewhere);
    }
}

BOOST_AUTO_TEST_CASE(nobody_listens) {
    std::string url;
    {
        plain_server const server(std::vector<plain_reply>{});
        url = server.url();
    }
    BOOST_TEST(starts(ask(place(url)), "no connection: connecting to 127.0.0.1:"));
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_not_taken_ends_at_the_deadline) {
    full_port const port;
    auto const said = ask(place(port.url()), patience{30ms, 30s});
    BOOST_TEST(starts(said, "timed out: connecting to 127.0.0.1:"), said);
}

BOOST_AUTO_TEST_CASE(no_answer_ends_at_the_deadline) {
    plain_server const server({{"", true}});
    auto const said = ask(server, patience{30s, 30ms});
    BOOST_TEST(starts(said, "timed out: answer of 127.0.0.1:"), said);
}

BOOST_AUTO_TEST_CASE(half_an_answer_ends_at_the_deadline) {
    plain_server const server({{http_answer("200 OK", "hello").substr(0, 60), true}});
    BOOST_TEST(starts(ask(server, patience{30s, 30ms}), "timed out: answer of 127.0.0.1:"));
}

BOOST_AUTO_TEST_CASE(answers_cut_short_are_none) {
    auto const whole = http_answer("200 OK", "hello");
    for (std::size_t size = 0; size != whole.size(); ++size) {
        plain_server const server({{whole.substr(0, size)}});
        BOOST_TEST(starts(ask(server), "connection lost: answer of 127.0.0.1:"), size);
    }
}

BOOST_AUTO_TEST_CASE(framing_is_strict_and_sizes_are_limited) {
    struct {
        std::string answer, outcome;
    } const rows[] = {
        {"220 ready\r\n", "malformed response"},
        {"HTTP/1.1 200 OK\r\n\r\nuntil the end", "malformed response"},
        {http_answer("200 OK", "hello") + "HTTP/1.1", "malformed response"},
        {http_answer("200 OK", std::string(body_limit, 'x')), "200 xxx"},
        {http_answer("200 OK", std::string(body_limit + 1, 'x')), "response too large"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "response too large"},
        {http_answer("200 OK", "", "X: " + std::string(40'000, 'x') + "\r\n"), "response too large"},
    };
    for (auto const& row : rows) {
        plain_server const server({{row.answer, true}});
        auto const said = ask(server);
        BOOST_TEST(starts(said, row.outcome), said.substr(0, 100));
    }
}

BOOST_AUTO_TEST_CASE(cancellation_at_every_step) {
    plain_server const server([](std::size_t, std::string const&) {
        return plain_reply{http_answer("200 OK", "hello"), false};
    });
    test::cancel_at_every_step(
        context, [&] { return talk(deadlines, place(server.url()), patience()); },
        [](std::string const& said, bool cancelled) {
            // What is complete at the moment of the cancellation may still be the result.
            BOOST_TEST((said == "200 hello" || (cancelled && starts(said, "cancelled: "))), said);
        });
}

BOOST_AUTO_TEST_CASE(cancellation_while_a_connection_is_not_taken) {
    full_port const port;
    asio::cancellation_signal cancel;
    std::string said;
    asio::co_spawn(
        context, talk(deadlines, place(port.url()), patience()),
        asio::bind_cancellation_slot(
            cancel.slot(), [&](std::exception_ptr, std::string text) { said = std::move(text); }));
    context.poll();
    cancel.emit(asio::cancellation_type::terminal);
    context.run_for(1min);
    BOOST_TEST(starts(said, "cancelled: connecting to 127.0.0.1:"), said);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
