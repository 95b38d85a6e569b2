#include "support/coroutine.hpp"
#include "support/recording_observer.hpp"
#include "support/simulated_client.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using lines = std::vector<std::string>;

std::string const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
// Tokens of the simulator begin so; a server may repeat one cut.
std::string const token_start = "eyJ0eXAiOiJKV1QifQ.";

struct observed {
    asio::io_context context;
    std::shared_ptr<test::recording_observer> seen = std::make_shared<test::recording_observer>();

    client_params watched(test::simulated_graph const& graph) const {
        auto params = graph.params();
        params.connections = 1;
        params.observer = seen;
        return params;
    }
    result<allotment> get(client& from, assignment_ref reference, query options = {}) {
        return test::run(context, from.get_allotment(std::move(reference), std::move(options)));
    }
    void check(lines const& expected) const {
        BOOST_TEST(seen->lines == expected, boost::test_tools::per_element());
        BOOST_TEST(seen->times_are_good());
    }
};

std::string rules(std::string const& match, std::string const& deed) {
    return R"({"rules":[{"match":{"path":"^/beta/")" + match + R"(},"do":)" + deed + "}]}";
}

std::string word(errc code) {
    return make_error_code(code).message();
}

BOOST_FIXTURE_TEST_SUITE(observers, observed)

BOOST_AUTO_TEST_CASE(a_request_and_the_connection_it_takes) {
    test::simulated_graph graph(2);
    {
        auto reader = graph.connect(context.get_executor(), watched(graph));
        for (auto const& each : graph.references())
            BOOST_TEST(get(reader, each).has_value());
    }
    context.restart();
    context.run();
    check(
        {"opened 1 127.0.0.1 TLSv1.3", "token", "started 1.1", "finished 1.1 200", "started 2.1",
         "finished 2.1 200", "closed 1 client after 2"});
    BOOST_TEST(seen->bytes > 100u);
    BOOST_TEST(seen->sent_ids[0] != seen->sent_ids[1]);
    BOOST_TEST(seen->answer_ids[0].size() == 36u);
}

BOOST_AUTO_TEST_CASE(a_page_and_a_finding) {
    test::simulated_graph graph(2);
    auto reader = graph.connect(context.get_executor(), watched(graph));
    auto pages = reader.list_assignments(list_scope::admin());
    BOOST_TEST(test::run(context, pages.next())->has_value());
    BOOST_TEST((get(reader, assignment_ref::admin("none")).error().code == errc::not_found));
    check(
        {"opened 1 127.0.0.1 TLSv1.3", "token", "started 1.1 page", "finished 1.1 page 200", "started 2.1",
         "finished 2.1 404 " + word(errc::not_found)});
}

BOOST_AUTO_TEST_CASE(a_retry_on_a_fresh_connection) {
    test::simulated_graph graph(1, rules(R"(,"nth":[1])", R"({"status":503})"));
    auto reader = graph.connect(context.get_executor(), watched(graph));
    BOOST_TEST(get(reader, graph.references()[0]).has_value());
    auto const why = " 503 " + word(errc::server_error);
    check(
        {"opened 1 127.0.0.1 TLSv1.3", "token", "started 1.1", "finished 1.1" + why,
         "retried 1.1" + why + " for failure", "closed 1 replaced after 1",
         "opened 2 127.0.0.1 TLSv1.3 resumed", "started 1.2", "finished 1.2 200"});
    BOOST_TEST(seen->sent_ids[0] != seen->sent_ids[1]);
}

BOOST_AUTO_TEST_CASE(a_throttle_and_its_end) {
    test::simulated_graph graph(1, rules(R"(,"nth":[1])", R"({"status":429,"headers":{"Retry-After":null,
            "x-ms-throttle-scope":"Tenant_Application/ReadWrite/an-app/a-tenant",
            "x-ms-throttle-information":"ResourceUnitLimitExceeded"}})"));
    auto params = watched(graph);
    params.retry.throttled_delay = 20ms;
    auto reader = graph.connect(context.get_executor(), std::move(params));
    BOOST_TEST(get(reader, graph.references()[0]).has_value());
    auto const why = " 429 " + word(errc::throttled);
    check(
        {"opened 1 127.0.0.1 TLSv1.3", "token", "started 1.1",
         "held 429 by <Tenant_Application/ReadWrite> <ResourceUnitLimitExceeded>", "finished 1.1" + why,
         "retried 1.1" + why + " for failure", "released", "started 1.2", "finished 1.2 200"});
}

BOOST_AUTO_TEST_CASE(a_hold_that_another_client_met) {
    test::simulated_graph graph(2, R"({"throttle":{"per_second":1,"burst":1,"retry_after":60}})");
    auto params = watched(graph);
    params.retry.max_wait = 0ms;
    auto unseen = params;
    unseen.observer = nullptr;
    auto other = graph.connect(context.get_executor(), unseen);
    auto reader = graph.connect(context.get_executor(), params);
    for (auto const& each : graph.references())
        get(other, each);
    BOOST_TEST((get(reader, graph.references()[0]).error().code == errc::parked));
    BOOST_TEST((get(reader, graph.references()[0]).error().code == errc::parked));
    check({"held 0 by <> <>"});
}

BOOST_AUTO_TEST_CASE(a_stale_connection) {
    test::simulated_graph graph(2, rules(R"(,"nth":[2])", R"({"reset":true})"));
    auto reader = graph.connect(context.get_executor(), watched(graph));
    for (auto const& each : graph.references())
        BOOST_TEST(get(reader, each).has_value());
    auto const why = " 0 " + word(errc::connection_lost);
    check(
        {"opened 1 127.0.0.1 TLSv1.3", "token", "started 1.1", "finished 1.1 200", "started 2.1",
         "closed 1 failed " + word(errc::connection_lost) + " after 2", "finished 2.1" + why,
         "retried 2.1" + why + " for stale_connection", "opened 2 127.0.0.1 TLSv1.3 resumed", "started 2.1",
         "finished 2.1 200"});
}

BOOST_AUTO_TEST_CASE(a_lost_connection_and_no_other) {
    test::simulated_graph graph(1, rules("", R"({"close_after_bytes":50,"truncate_close_notify":true})"));
    auto params = watched(graph);
    params.retry.max_attempts = 2;
    auto reader = graph.connect(context.get_executor(), params);
    BOOST_TEST((get(reader, graph.references()[0]).error().code == errc::connection_lost));
    BOOST_TEST(seen->count("closed") == 2u);
    BOOST_TEST(seen->count("finished") == 2u);
    BOOST_TEST(seen->count("retried") == 1u);
    BOOST_TEST(seen->lines.back() == "finished 1.2 0 " + word(errc::connection_lost));

    seen->lines.clear();
    params.transport.connect_to.push_back({"", 0, "127.0.0.1", 1});
    auto lost = graph.connect(context.get_executor(), params);
    BOOST_TEST((get(lost, graph.references()[0]).error().code == errc::connect_failed));
    check(
        {"failed " + word(errc::connect_failed),
         "retried 1.1 0 " + word(errc::connect_failed) + " for failure unsent",
         "failed " + word(errc::connect_failed)});
}

BOOST_AUTO_TEST_CASE(a_refused_token) {
    test::simulated_graph graph(1, rules(R"(,"nth":[1])", R"({"status":401})"));
    auto reader = graph.connect(context.get_executor(), watched(graph));
    BOOST_TEST(get(reader, graph.references()[0]).has_value());
    auto const why = " 401 " + word(errc::unauthorized);
    check(
        {"opened 1 127.0.0.1 TLSv1.3", "token", "started 1.1", "finished 1.1" + why,
         "retried 1.1" + why + " for refused_token", "token", "started 1.1", "finished 1.1 200"});
}

BOOST_AUTO_TEST_CASE(a_cancelled_request) {
    test::simulated_graph graph(1, rules("", R"({"delay_ms":600000})"));
    auto params = watched(graph);
    params.request_timeout = 10min;
    auto reader = graph.connect(context.get_executor(), std::move(params));
    asio::cancellation_signal signal;
    asio::co_spawn(
        context, reader.get_allotment(graph.references()[0]),
        asio::bind_cancellation_slot(signal.slot(), [](std::exception_ptr, result<allotment> const& got) {
            BOOST_TEST((got.error().code == errc::cancelled));
        }));
    auto stop = [](test::simulated_graph& of, asio::cancellation_signal& with) -> asio::awaitable<void> {
        while (!of->wait_for_requests(2, 0ms)) // the first one is for a token
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        with.emit(asio::cancellation_type::terminal);
    };
    asio::co_spawn(context, stop(graph, signal), asio::detached);
    context.run();
    check(
        {"opened 1 127.0.0.1 TLSv1.3", "token", "started 1.1",
         "closed 1 failed " + word(errc::cancelled) + " after 1", "finished 1.1 0 " + word(errc::cancelled)});
}

BOOST_AUTO_TEST_CASE(no_event_has_a_token_even_where_a_server_repeats_it) {
    auto const echo = [](std::string const& status) {
        return R"({"status":)" + status + R"(,"headers":{"request-id":"Bearer )" + token_start +
               R"(","x-ms-throttle-scope":")" + token_start + R"(/x","x-ms-throttle-information":")" +
               token_start + R"("},"body":"{\"error\":{\"code\":\")" + token_start + R"(\",\"message\":\")" +
               token_start + R"(\"}}"})";
    };
    auto const rule = [](std::string const& nth, std::string const& deed) {
        return R"({"match":{"path":"^/beta/","nth":)" + nth + R"(},"do":)" + deed + "}";
    };
    test::simulated_graph graph(
        1, R"({"rules":[)" + rule("[1]", echo("429")) + "," + rule("[2]", echo("500")) + "," +
               rule("[3]", echo("403")) + "," + rule("[4]", echo("401")) + "]}");
    auto params = watched(graph);
    params.retry.throttled_delay = 5ms;
    auto reader = graph.connect(context.get_executor(), std::move(params));
    std::string all;
    auto const refused = get(reader, graph.references()[0]);
    BOOST_TEST((refused.error().code == errc::forbidden));
    all += to_string(refused.error()) + refused.error().exchange.request_id;
    BOOST_TEST(get(reader, graph.references()[0]).has_value());
    BOOST_TEST(seen->count("finished") == 5u);
    BOOST_TEST(seen->count("token") == 2u);
    BOOST_TEST(seen->count("held 429 by <[redacted]/x> <[redacted]>") == 1u);
    BOOST_TEST(seen->answer_ids[0] == "Bearer [redacted]");
    for (auto const& each : seen->texts)
        all += each;
    for (auto const& each : seen->lines)
        all += each;
    BOOST_TEST(all.find(token_start.substr(0, 8)) == std::string::npos);
    BOOST_TEST(all.find("[redacted]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_observer_may_use_the_client) {
    test::simulated_graph graph(2);
    auto params = watched(graph);
    params.connections = 2;
    auto reader = graph.connect(context.get_executor(), std::move(params));
    auto const references = graph.references();
    std::optional<result<allotment>> inner;
    seen->at_start = [&] {
        BOOST_TEST(reader.stats().requests == 0u);
        BOOST_TEST(!reader.throttled_until().has_value());
        asio::co_spawn(
            context, reader.get_allotment(references[1]),
            [&inner](std::exception_ptr, result<allotment> got) { inner = std::move(got); });
    };
    auto const outer = get(reader, references[0]);
    BOOST_TEST_REQUIRE(inner.has_value());
    for (auto const& [which, got] : {std::pair(0u, outer), std::pair(1u, *inner)}) {
        auto plain = graph.connect(context.get_executor());
        BOOST_TEST((got.value().id == get(plain, references[which]).value().id));
    }
}

BOOST_AUTO_TEST_CASE(a_trace_goes_out_with_every_attempt) {
    test::simulated_graph graph(1, rules(R"(,"nth":[1])", R"({"status":503})"));
    auto reader = graph.connect(context.get_executor());
    auto const options = query().traceparent(trace);
    BOOST_TEST(get(reader, graph.references()[0], options).has_value());
    auto pages = reader.list_assignments(list_scope::admin(), options);
    BOOST_TEST(test::run(context, pages.next())->has_value());
    std::size_t traced = 0;
    for (auto const& entry : graph->journal())
        for (auto const& field : entry.fields)
            if (simulation::same_name(field.name, "traceparent"))
                traced += field.value == trace ? 1 : 0;
    BOOST_TEST(traced == 3u);
    BOOST_TEST(graph.fetches() == 3u);

    auto const refused = get(reader, graph.references()[0], query().traceparent("00-1-2-3"));
    BOOST_TEST((refused.error().code == errc::invalid_query));
    BOOST_TEST(refused.error().message.find("traceparent \"00-1-2-3\": it has 8 bytes") == 0u);
    BOOST_TEST(graph.fetches() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
