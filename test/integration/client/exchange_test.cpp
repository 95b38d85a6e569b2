#include "support/coroutine.hpp"
#include "support/simulated_client.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;

struct fixture {
    asio::io_context context;

    result<allotment> get(client& from, assignment_ref reference) {
        return test::run(context, from.get_allotment(std::move(reference)));
    }
};

std::string rule(std::string const& match, std::string const& deed) {
    return R"({"rules":[{"match":{"path":"^/beta/")" + match + R"(},"do":)" + deed + "}]}";
}

BOOST_FIXTURE_TEST_SUITE(exchanges, fixture)

BOOST_AUTO_TEST_CASE(connections_are_kept_and_sessions_resumed) {
    test::simulated_graph graph(5, rule(R"(,"nth":[3])", R"({"status":503})"));
    auto params = graph.params();
    params.connections = 1;
    auto reader = graph.connect(context.get_executor(), std::move(params));
    for (auto const& reference : graph.references())
        BOOST_TEST(get(reader, reference).has_value());
    // The third answer asks for a new connection, which resumes the session of the first.
    BOOST_TEST(reader.stats().requests == 6u);
    BOOST_TEST(reader.stats().retries == 1u);
    BOOST_TEST(reader.stats().connections_opened == 2u);
    BOOST_TEST(reader.stats().sessions_resumed == 1u);
}

BOOST_AUTO_TEST_CASE(the_priority_is_sent_with_every_request_when_set) {
    test::simulated_graph graph(1);
    auto const sent = [&](throttle_priority priority) {
        auto params = graph.params();
        params.priority = priority;
        auto reader = graph.connect(context.get_executor(), std::move(params));
        BOOST_TEST(get(reader, graph.references().front()).has_value());
        auto const last = graph->journal().back();
        BOOST_TEST(last.method == "GET");
        std::vector<std::string> values;
        for (auto const& field : last.fields)
            if (field.name == "x-ms-throttle-priority")
                values.push_back(field.value);
        return values;
    };
    using values = std::vector<std::string>;
    BOOST_TEST((sent(throttle_priority::unset) == values{}));
    BOOST_TEST((sent(throttle_priority::low) == values{"low"}));
    BOOST_TEST((sent(throttle_priority::normal) == values{"normal"}));
    BOOST_TEST((sent(throttle_priority::high) == values{"high"}));
}

BOOST_AUTO_TEST_CASE(row_12_a_stale_connection_is_replayed_once_on_a_fresh_one) {
    test::simulated_graph graph(2, rule(R"(,"nth":[2])", R"({"reset":true})"));
    auto params = graph.params();
    params.connections = 1;
    params.retry.max_attempts = 1;
    auto reader = graph.connect(context.get_executor(), std::move(params));
    for (auto const& reference : graph.references())
        BOOST_TEST(get(reader, reference).has_value());
    BOOST_TEST(reader.stats().requests == 3u);
    BOOST_TEST(reader.stats().connections_opened == 2u);
}

BOOST_AUTO_TEST_CASE(row_13_a_truncated_answer_is_no_row) {
    test::simulated_graph graph(1, rule("", R"({"close_after_bytes":500,"truncate_close_notify":true})"));
    auto params = graph.params();
    params.retry.max_attempts = 3;
    auto reader = graph.connect(context.get_executor(), std::move(params));
    auto const found = get(reader, graph.references()[0]);
    BOOST_TEST((found.error().code == errc::connection_lost));
    BOOST_TEST((found.error().reason == end_reason::attempts));
    BOOST_TEST(found.error().exchange.attempts == 3u);
}

BOOST_AUTO_TEST_CASE(row_11_a_silent_server_is_given_up) {
    test::simulated_graph graph(1, rule("", R"({"delay_ms":600000})"));
    auto params = graph.params();
    params.request_timeout = 50ms;
    params.retry.max_attempts = 2;
    auto reader = graph.connect(context.get_executor(), std::move(params));
    auto const found = get(reader, graph.references()[0]);
    BOOST_TEST((found.error().code == errc::timed_out));
    BOOST_TEST(found.error().exchange.attempts == 2u);
}

BOOST_AUTO_TEST_CASE(the_deadline_bounds_all_attempts_and_waits) {
    test::simulated_graph graph(1, rule("", R"({"status":429,"headers":{"Retry-After":"60"}})"));
    auto params = graph.params();
    params.deadline = 1s;
    auto reader = graph.connect(context.get_executor(), std::move(params));
    auto const found = get(reader, graph.references()[0]);
    BOOST_TEST((found.error().reason == end_reason::deadline));
    BOOST_TEST(found.error().exchange.http_status == 429);
    BOOST_TEST(graph.fetches() == 1u);
}

BOOST_AUTO_TEST_CASE(row_08_a_hold_longer_than_max_wait_parks_everything) {
    test::simulated_graph graph(2, rule("", R"({"status":429,"headers":{"Retry-After":"3600"}})"));
    auto reader = graph.connect(context.get_executor());
    auto const first = get(reader, graph.references()[0]);
    BOOST_TEST((first.error().code == errc::parked));
    BOOST_TEST((first.error().reason == end_reason::parked));
    BOOST_TEST((*first.error().retry_at > std::chrono::system_clock::now() + 59min));
    BOOST_TEST((get(reader, graph.references()[1]).error().code == errc::parked));
    BOOST_TEST(graph.fetches() == 1u);
}

BOOST_AUTO_TEST_CASE(a_caller_may_hear_of_a_hold_instead_of_waiting) {
    test::simulated_graph graph(2, R"({"throttle":{"per_second":1,"burst":1,"retry_after":60}})");
    auto params = graph.params();
    params.retry.max_wait = 0ms;
    auto reader = graph.connect(context.get_executor(), params);
    auto other = graph.connect(context.get_executor(), params);
    BOOST_TEST(!reader.throttled_until().has_value());
    BOOST_TEST(get(reader, graph.references()[0]).has_value());
    auto const refused = get(reader, graph.references()[1]);
    BOOST_TEST((refused.error().code == errc::parked));
    BOOST_TEST((*refused.error().retry_at > std::chrono::system_clock::now() + 50s));
    BOOST_TEST((reader.throttled_until().value() > std::chrono::steady_clock::now() + 50s));
    // So it is for all clients of the application.
    BOOST_TEST((other.throttled_until() == reader.throttled_until()));
    BOOST_TEST((get(other, graph.references()[0]).error().code == errc::parked));
    BOOST_TEST(graph.fetches() == 2u);
}

BOOST_AUTO_TEST_CASE(row_05_a_refused_token_is_fetched_again_once) {
    test::simulated_graph graph(2, rule(R"(,"nth":[1])", R"({"status":401})"));
    auto reader = graph.connect(context.get_executor());
    BOOST_TEST(get(reader, graph.references()[0]).has_value());
    BOOST_TEST(graph->stats().token_requests == 2u);

    test::simulated_graph storm(1, rule("", R"({"status":401})"));
    auto other = storm.connect(context.get_executor());
    auto const found = get(other, storm.references()[0]);
    BOOST_TEST((found.error().code == errc::unauthorized));
    BOOST_TEST((found.error().reason == end_reason::permanent));
    BOOST_TEST(storm.fetches() == 2u);
}

BOOST_AUTO_TEST_CASE(row_16_redirects_are_not_followed) {
    test::simulated_graph graph(
        1, rule("", R"({"status":307,"headers":{"Location":"https://elsewhere.example/x"}})"));
    auto reader = graph.connect(context.get_executor());
    auto const found = get(reader, graph.references()[0]);
    BOOST_TEST((found.error().code == errc::redirected));
    BOOST_TEST(found.error().message.find("elsewhere.example") != std::string::npos);
    BOOST_TEST(graph.fetches() == 1u);
}

BOOST_AUTO_TEST_CASE(cancelling_leaves_the_client_usable) {
    test::simulated_graph graph(4, rule(R"(,"nth":[1])", R"({"delay_ms":600000})"));
    auto params = graph.params();
    params.connections = 1;
    params.request_timeout = 10min; // only the cancellation can end the wait in time
    auto reader = graph.connect(context.get_executor(), std::move(params));
    std::vector<errc> ended;
    asio::cancellation_signal signals[2];
    auto fetch = [](client& from, assignment_ref reference,
                    std::vector<errc>& codes) -> asio::awaitable<void> {
        co_await asio::this_coro::throw_if_cancelled(false);
        auto const found = co_await from.get_allotment(std::move(reference));
        codes.push_back(found ? errc{} : static_cast<errc>(found.error().code.value()));
    };
    // The first is under way, the second waits for the only connection.
    for (int i = 0; i != 2; ++i)
        asio::co_spawn(
            context, fetch(reader, graph.references()[0], ended),
            asio::bind_cancellation_slot(signals[i].slot(), asio::detached));
    auto stop = [](test::simulated_graph& of, asio::cancellation_signal* each) -> asio::awaitable<void> {
        while (!of->wait_for_requests(2, 0ms))
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        each[1].emit(asio::cancellation_type::terminal);
        each[0].emit(asio::cancellation_type::terminal);
    };
    asio::co_spawn(context, stop(graph, signals), asio::detached);
    context.run();
    BOOST_TEST((ended == std::vector<errc>{errc::cancelled, errc::cancelled}));
    BOOST_TEST(reader.stats().in_flight == 0u);
    BOOST_TEST(get(reader, graph.references()[3]).has_value());
    BOOST_TEST(reader.stats().connections_opened == 2u);
}

BOOST_AUTO_TEST_CASE(operations_outlive_their_client) {
    test::simulated_graph graph(30);
    std::optional<client> reader(graph.connect(context.get_executor()));
    auto items = reader->get_allotments(graph.references());
    auto one = asio::co_spawn(context, reader->get_allotment(graph.references()[0]), asio::use_future);
    reader.reset();
    auto count = [](batch from) -> asio::awaitable<int> {
        int good = 0;
        for (auto item = co_await from.next(); item; item = co_await from.next())
            good += item->result ? 1 : 0;
        co_return good;
    };
    BOOST_TEST(test::run(context, count(std::move(items))) == 30);
    BOOST_TEST(one.get().has_value());
}

BOOST_AUTO_TEST_CASE(a_context_may_be_destroyed_with_operations_under_way) {
    test::simulated_graph graph(100, R"({"throttle":{"per_second":1,"burst":1,"retry_after":60}})");
    auto own = std::make_unique<asio::io_context>();
    {
        auto reader = graph.connect(own->get_executor());
        auto wait = [](batch from) -> asio::awaitable<void> {
            while (co_await from.next()) {
            }
        };
        asio::co_spawn(*own, wait(reader.get_allotments(graph.references())), asio::detached);
        // Some hold a connection, some wait for the gate, the reader for a result.
        while (graph.fetches() < 5)
            own->poll();
    }
    // What they held goes with it; AddressSanitizer and LeakSanitizer watch.
    own.reset();
    BOOST_TEST(graph.fetches() >= 5u);
}

BOOST_AUTO_TEST_CASE(invalid_parameters_are_named) {
    test::simulated_graph graph(1);
    auto refused = [&](auto change) {
        auto params = graph.params();
        change(params);
        auto made = make_client(context.get_executor(), std::move(params));
        BOOST_TEST_REQUIRE(!made);
        BOOST_TEST((made.error().code == errc::invalid_params));
        return made.error().message;
    };
    auto names = [](std::string const& text, char const* word) {
        return text.find(word) != std::string::npos;
    };
    BOOST_TEST(names(refused([](client_params& p) { p.graph_url = "http://graph.example"; }), "https"));
    BOOST_TEST(names(refused([](client_params& p) { p.credential = nullptr; }), "credential"));
    BOOST_TEST(names(refused([](client_params& p) { p.connections = 0; }), "connections is 0"));
    BOOST_TEST(names(refused([](client_params& p) { p.max_rate = 0; }), "max_rate"));
    BOOST_TEST(names(refused([](client_params& p) { p.request_timeout = 0ms; }), "request_timeout"));
    BOOST_TEST(names(refused([](client_params& p) { p.retry.max_attempts = 0; }), "max_attempts"));
    BOOST_TEST(names(refused([](client_params& p) { p.application = "a\r\nb"; }), "application"));
    BOOST_TEST(
        names(refused([](client_params& p) { p.transport.ca_file = "/nowhere/ca.pem"; }), "/nowhere/ca.pem"));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
