#include "service_bench.hpp"

#include <algorithm>

namespace allot::simulation {
namespace {

using ending = transmission::ending;

BOOST_AUTO_TEST_SUITE(throttled_service)

BOOST_AUTO_TEST_CASE(answers_say_what_they_cost) {
    bench it;
    it.log_in();
    auto const cost = [&it](std::string_view query, std::string_view target = {}) {
        auto what = it.get();
        if (!target.empty())
            what.target = target;
        what.target += query;
        return std::string(parse_answer(it.ask(what).bytes)["x-ms-resource-unit"]);
    };
    BOOST_TEST(cost("") == "1");
    BOOST_TEST(cost("?$expand=assignments") == "2");
    BOOST_TEST(cost("?$expand=assignments&$select=id") == "1");
    BOOST_TEST(cost("?$select=none") == "0"); // a 400 costs nothing
    BOOST_TEST(cost("", "/beta/admin/cloudLicensing/assignments/none/allotment") == "1");
    BOOST_TEST(it.notes.stats().units == 5u);
    BOOST_TEST(it.last().units == 1);
}

BOOST_AUTO_TEST_CASE(what_costs_nothing_is_given_back) {
    bench it(
        R"({"throttle": {"per_second": 1, "burst": 2}, "rules": [{"match": {"nth": [1, 2, 3]}, "do": {"status": 403}}]})");
    it.log_in();
    for (int each = 0; each != 3; ++each)
        BOOST_TEST(parse_answer(it.ask().bytes).status == 403u);
    BOOST_TEST(parse_answer(it.ask().bytes).status == 200u);
    BOOST_TEST(parse_answer(it.ask().bytes).status == 200u);
    BOOST_TEST(parse_answer(it.ask().bytes).status == 429u);
    BOOST_TEST(it.notes.stats().units == 2u);
}

BOOST_AUTO_TEST_CASE(the_percentage_from_0_8_on) {
    bench it(R"({"throttle": {"per_second": 1, "burst": 10}})");
    it.log_in();
    std::string seen;
    for (int each = 0; each != 12; ++each) {
        auto const got = parse_answer(it.ask().bytes);
        seen += std::string(got["x-ms-throttle-limit-percentage"]) + ',';
        BOOST_TEST((got.status == 429) == (each >= 10));
        BOOST_TEST(got["x-ms-resource-unit"].empty() == (each >= 10));
        BOOST_TEST(got["RateLimit-Limit"].empty());
    }
    BOOST_TEST(seen == ",,,,,,,0.80,0.90,1.00,1.09,1.17,");
    bench quiet(R"({"throttle": {"per_second": 1, "burst": 1, "limit_percentage": false}})");
    quiet.log_in();
    for (int each = 0; each != 3; ++each)
        BOOST_TEST(parse_answer(quiet.ask().bytes)["x-ms-throttle-limit-percentage"].empty());
}

BOOST_AUTO_TEST_CASE(rate_limit_fields_where_a_script_asks_for_them) {
    bench it(R"({"throttle": {"per_second": 2, "burst": 4, "rate_limit": true, "retry_after": 9}})");
    it.log_in();
    auto got = parse_answer(it.ask().bytes);
    BOOST_TEST(got["RateLimit-Limit"] == "4");
    BOOST_TEST(got["RateLimit-Remaining"] == "3");
    BOOST_TEST(got["RateLimit-Reset"] == "1");
    for (int each = 0; each != 4; ++each)
        got = parse_answer(it.ask().bytes);
    BOOST_TEST(got.status == 429u);
    BOOST_TEST(got["RateLimit-Remaining"] == "0");
    BOOST_TEST(got["RateLimit-Reset"] == "9");
}

BOOST_AUTO_TEST_CASE(refusals_take_the_forms_in_turns) {
    bench it(R"({"throttle": {"per_second": 0.001, "burst": 1, "retry_after": 7,
                              "retry_after_form": ["date", "two_fields", "absent"]}})");
    it.log_in();
    it.ask();
    auto const hints = [&it] {
        std::string out;
        for (auto const& each : parse_answer(it.ask().bytes).fields)
            if (each.name == "Retry-After")
                out += each.value + ';';
        return out;
    };
    BOOST_TEST(hints() == "Sat, 21 Mar 2026 10:17:12 GMT;");
    BOOST_TEST(hints() == "1;7;");
    BOOST_TEST(hints() == "");
    BOOST_TEST(hints() == "Sat, 21 Mar 2026 10:17:12 GMT;");
}

BOOST_AUTO_TEST_CASE(budgets_change_in_the_midst_of_a_run) {
    bench it(
        R"({"throttle": {"per_second": 30, "retry_after": 1, "changes": [{"after_s": 20, "per_second": 10},
                                                                            {"after_s": 40, "per_second": 30}]}})");
    it.log_in();
    auto const granted = [&it](std::chrono::milliseconds at) {
        it.clock = at;
        int out = 0;
        while (parse_answer(it.ask().bytes).status == 200)
            ++out;
        return out;
    };
    BOOST_TEST(granted(1s) == 30);
    BOOST_TEST(granted(20s) == 10);
    BOOST_TEST(granted(39s) == 10);
    BOOST_TEST(granted(40s + 500ms) == 25); // 10, and half a second of the new rate
    BOOST_TEST(granted(45s) == 30);
    BOOST_TEST(it.notes.stats().seconds.at(20).units == 10u);
    BOOST_TEST(it.notes.stats().seconds.at(20).throttled == 1u);
}

BOOST_AUTO_TEST_CASE(answers_take_longer_before_the_first_refusal) {
    bench it(
        R"({"throttle": {"per_second": 1, "burst": 4}, "latency_ms": {"base": 20, "loaded": 100, "from": 0.5},
                 "rules": [{"match": {"nth": [4]}, "do": {"delay_ms": 1000}}]})");
    BOOST_TEST((it.token_request().delay == 20ms));
    it.log_in();
    for (auto const delay : {20ms, 20ms, 60ms, 1'100ms, 20ms})
        BOOST_TEST((it.ask().delay == delay));
    BOOST_TEST(it.last().status == 429u);
    auto stranger = it.get();
    stranger.fields.clear();
    BOOST_TEST((it.ask(stranger).delay == 20ms));
}

BOOST_AUTO_TEST_CASE(rules_say_when_to_come_back) {
    bench it(
        R"({"rules": [{"match": {"path": "/token$", "nth": [1]}, "do": {"status": 503, "retry_after": 4}},
                           {"match": {"nth": [1]}, "do": {"status": 503, "retry_after": {"seconds": 65, "form": "rfc850"}}},
                           {"do": {"status": 429, "retry_after": 4, "headers": {"Retry-After": "soon"}}}]})");
    BOOST_TEST(parse_answer(it.token_request().bytes)["Retry-After"] == "4");
    it.log_in();
    BOOST_TEST(parse_answer(it.ask().bytes)["Retry-After"] == "Saturday, 21-Mar-26 10:18:10 GMT");
    BOOST_TEST(parse_answer(it.ask().bytes)["Retry-After"] == "soon");
}

BOOST_AUTO_TEST_CASE(same_requests_same_answers) {
    auto const answers = [](bool with_stats) {
        bench it(R"({"throttle": {"per_second": 1, "burst": 5}, "latency_ms": {"base": 1, "jitter": 50},
                     "rules": [{"match": {"probability": 0.3}, "do": {"status": 503}}]})");
        it.log_in();
        std::string out;
        for (int each = 0; each != 20; ++each) {
            auto const sent = it.ask();
            out += sent.bytes + std::to_string(sent.delay.count());
            if (with_stats)
                it.ask({"GET", "/stats", {{"Host", "h"}}, "", true});
        }
        return out;
    };
    auto const once = answers(false);
    BOOST_TEST((once == answers(false)));
    BOOST_TEST((once == answers(true)));
}

BOOST_AUTO_TEST_CASE(stats_tell_the_truth_and_change_nothing) {
    bench it(R"({"throttle": {"per_second": 1, "burst": 1}, "latency_ms": 50})");
    it.log_in();
    it.clock = 2'345ms;
    it.ask();
    it.ask();
    auto const entries = it.notes.entries().size();
    request const what{"GET", "/stats", {{"Host", "h"}}, "", true};
    auto const sent = it.ask(what);
    BOOST_TEST((sent.delay == 0us));
    BOOST_TEST((sent.end == ending::keep_alive));
    BOOST_TEST(it.notes.entries().size() == entries);
    auto const got = parse_answer(sent.bytes);
    BOOST_TEST(got.status == 200u);
    BOOST_TEST(got["Content-Type"] == "application/json");
    BOOST_TEST(
        got.body ==
        R"({"elapsed_ms":2345,"requests":2,"batch_items":0,"throttled":1,"early":0,"units":1,)"
        R"("by_status":{"200":1,"429":1},"items_by_status":{},"token_requests":1,"discovery_requests":0,"malformed":0,)"
        R"("connections":0,"sessions_resumed":0,"journal_lines_lost":0,"per_second":{"requests":[0,0,2],"batch_items":[0,0,0],)"
        R"("throttled":[0,0,1],"early":[0,0,0],"units":[0,0,1]}})"
        "\n");
    auto post = what;
    post.method = "POST";
    BOOST_TEST(parse_answer(it.ask(post).bytes).status == 405u);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
