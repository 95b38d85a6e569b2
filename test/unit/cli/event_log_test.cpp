#include "cli/event_log.hpp"
#include "unit/cli/packets.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace allot;
using namespace allot::test;
using namespace std::chrono_literals;

namespace {

struct logged {
    packets output;
    std::optional<console> terminal;
    std::shared_ptr<observer> log;
    assignment_ref const reference = assignment_ref::user("u-1", "a-1");
    observed_request request{7, &reference, "/beta/users/u-1/x", 2, "client-id"};

    void open(log_level level, log_format format = log_format::text) {
        console_options options;
        options.level = level;
        options.format = format;
        terminal.emplace(options, output.descriptor(), terminal_look{});
        log = make_event_log(*terminal);
    }
    void expect(std::vector<std::string> const& expected) {
        auto const got = output.take();
        BOOST_TEST(got == expected, boost::test_tools::per_element());
    }
    /// One line of JSON with these members, besides its time.
    void expect_json(char const* expected) {
        auto const got = output.take();
        BOOST_TEST_REQUIRE(got.size() == 1u);
        auto value = boost::json::parse(got[0]);
        auto& members = value.as_object();
        BOOST_TEST(members.at("time").as_string().size() == std::string("2026-11-23T15:18:43.123Z").size());
        members.erase("time");
        BOOST_TEST((value == boost::json::parse(expected)), got[0]);
        BOOST_TEST(got[0].ends_with("}\n"));
    }
    void hold() {
        gate_held event;
        event.wait = 4500ms;
        event.status = 429;
        event.retry_after = 5s;
        event.limit = "Tenant/Read\x1b[2J";
        event.request_id = "their-id";
        event.client_request_id = "client-id";
        log->on_gate_held(event);
    }
    void all_of_debug() {
        log->on_token_taken({"a source", 90s});
        log->on_connection_opened({3, "::1", 443, true, true, "TLSv1.3", 2ms});
        log->on_request_started({request});
        log->on_request_finished({request, 503, errc::server_error, 12ms, "their-id", 40});
        log->on_request_retried({request, retry_cause::failure, 503, errc::server_error, {}, 250ms});
        log->on_request_finished({request, 0, errc::timed_out, 30s, "", 0});
        log->on_connection_closed({3, "::1", 443, close_cause::failed, errc::timed_out, 9});
        log->on_connection_failed({errc::connect_failed, {}, "connecting to x\n: refused", 1ms});
    }
};

}

BOOST_FIXTURE_TEST_SUITE(event_log_, logged)

BOOST_AUTO_TEST_CASE(there_is_none_where_nobody_would_read_it) {
    for (auto const level : {log_level::off, log_level::error, log_level::warning}) {
        open(level);
        BOOST_TEST(!log);
    }
    open(log_level::info);
    all_of_debug();
    expect({});
}

BOOST_AUTO_TEST_CASE(holds_are_told_when_they_begin_and_end) {
    open(log_level::info);
    hold();
    hold(); // its end has moved
    log->on_gate_released({5s});
    hold();
    std::string const began =
        "allot: Graph throttles: no requests for 5s (status 429, limit Tenant/Read\\x1b[2J, request-id "
        "their-id, client-request-id client-id)\n";
    expect({began, "allot: Graph's throttle is over: requests go on\n", began});
}

BOOST_AUTO_TEST_CASE(every_line_has_the_ids_that_are_known) {
    open(log_level::debug);
    all_of_debug();
    expect(
        {"allot: debug: token of a source for 1m30s\n",
         "allot: debug: connection 3: open to proxy ::1 port 443 with TLSv1.3, resumed, in 2.000 ms\n",
         "allot: debug: request 7.2: GET /beta/users/u-1/x (client-request-id client-id)\n",
         "allot: debug: request 7.2: 503 in 12.000 ms, 40 bytes (error server_error, request-id their-id, "
         "client-request-id client-id)\n",
         "allot: debug: request 7.2: again in 250.000 ms (cause failure, status 503, error server_error, "
         "client-request-id client-id)\n",
         "allot: debug: request 7.2: timed_out in 30000.000 ms, 0 bytes (client-request-id client-id)\n",
         "allot: debug: connection 3: closed after 9 requests (cause failed, error timed_out)\n",
         "allot: debug: no connection: connecting to x\\x0a: refused (error connect_failed)\n"});
}

BOOST_AUTO_TEST_CASE(json_has_a_member_for_each_fact) {
    open(log_level::debug, log_format::json);
    log->on_request_finished({request, 503, errc::server_error, 12ms, "their-id", 40});
    expect_json(
        R"j({"level":"debug","event":"request_finished",
        "message":"request 7.2: 503 in 12.000 ms, 40 bytes (error server_error, request-id their-id, client-request-id client-id)",
        "operation":7,"attempt":2,"scope":"user","principalId":"u-1","assignmentId":"a-1",
        "path":"/beta/users/u-1/x","client_request_id":"client-id","status":503,"error":"server_error",
        "latency_ms":12.0,"bytes":40,"request_id":"their-id"})j");
    log->on_request_started({{1, nullptr, "/beta/x", 1, "c"}});
    expect_json(
        R"j({"level":"debug","event":"request_started",
        "message":"request 1.1: GET /beta/x (client-request-id c)","operation":1,"attempt":1,
        "path":"/beta/x","client_request_id":"c"})j");
    hold();
    expect_json(
        R"j({"level":"info","event":"gate_held",
        "message":"Graph throttles: no requests for 5s (status 429, limit Tenant/Read\u001b[2J, request-id their-id, client-request-id client-id)",
        "wait_ms":4500.0,"status":429,"retry_after_ms":5000,"limit":"Tenant/Read\u001b[2J",
        "request_id":"their-id","client_request_id":"client-id"})j");
    log->on_connection_closed({3, "::1", 443, close_cause::idle, {}, 9});
    expect_json(
        R"j({"level":"debug","event":"connection_closed",
        "message":"connection 3: closed after 9 requests (cause idle)","connection":3,"address":"::1",
        "port":443,"cause":"idle","requests":9})j");
}

BOOST_AUTO_TEST_SUITE_END()
