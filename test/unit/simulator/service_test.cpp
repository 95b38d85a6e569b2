#include "service_bench.hpp"
#include "support/gzip.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace allot::simulation {
namespace {

using ending = transmission::ending;

std::string rule_script(std::string const& action) {
    return R"({"rules": [{"do": {)" + action + "}}]}";
}

BOOST_AUTO_TEST_SUITE(service_suite)

BOOST_AUTO_TEST_CASE(answers_with_the_ids_of_the_exchange) {
    bench it;
    it.log_in();
    auto const sent = it.ask();
    BOOST_TEST((sent.end == ending::keep_alive));
    auto const got = parse_answer(sent.bytes);
    BOOST_TEST(got.status == 200u);
    BOOST_TEST(got["client-request-id"] == "mine");
    BOOST_TEST(got["request-id"].size() == 36u);
    BOOST_TEST(got["Date"] == "Sat, 21 Mar 2026 10:17:05 GMT");
    auto const again = parse_answer(it.ask().bytes);
    BOOST_TEST(again["request-id"] != got["request-id"]);
    auto anonymous = it.get();
    anonymous.fields.pop_back();
    auto const own = parse_answer(it.ask(anonymous).bytes);
    BOOST_TEST(own["client-request-id"] == own["request-id"]);
}

BOOST_AUTO_TEST_CASE(connection_ends_when_the_request_says_so) {
    bench it;
    it.log_in();
    auto what = it.get();
    what.keep_alive = false;
    auto const sent = it.ask(what);
    BOOST_TEST((sent.end == ending::close));
    BOOST_TEST(sent.close_notify);
    BOOST_TEST(parse_answer(sent.bytes)["Connection"] == "close");
}

BOOST_AUTO_TEST_CASE(without_a_good_token_401) {
    bench it(R"({"token_lifetime_s": 10, "throttle": {"per_second": 1, "burst": 1}})");
    it.log_in();
    auto const refused = [&](request const& what) {
        auto const got = parse_answer(it.ask(what).bytes);
        BOOST_TEST(got.status == 401u);
        BOOST_TEST(got["WWW-Authenticate"].starts_with("Bearer "));
        BOOST_TEST(got.body.find("InvalidAuthenticationToken") != std::string::npos);
    };
    auto what = it.get();
    for (auto const* value : {"", "Bearer", "Bearer ", "Bearer wrong", "Basic abc"}) {
        what.fields[1].value = value;
        refused(what);
    }
    what.fields.clear();
    refused(what);
    // None of these took from the bucket.
    BOOST_TEST(parse_answer(it.ask().bytes).status == 200u);
    it.clock = 10s;
    refused(it.get());
}

BOOST_AUTO_TEST_CASE(throttle_answers_and_marks_early_requests) {
    bench it(R"({"throttle": {"per_second": 2, "burst": 2, "retry_after": 4}, "rules": [
        {"match": {"nth": [1, 2]}, "do": {"headers": {"X-Rule": "1"}}}, {"do": {"reset": true}}]})");
    it.log_in();
    it.ask();
    it.ask();
    auto const refused = it.ask();
    BOOST_TEST((refused.end == ending::keep_alive));
    auto const got = parse_answer(refused.bytes);
    BOOST_TEST(got.status == 429u);
    BOOST_TEST(got["Retry-After"] == "4");
    BOOST_TEST(
        got["x-ms-throttle-scope"] ==
        "Tenant_Application/ReadWrite/" + it.data.client_id() + '/' + it.data.id());
    BOOST_TEST(got["x-ms-throttle-information"] == "ResourceUnitLimitExceeded");
    BOOST_TEST(got.body.find("TooManyRequests") != std::string::npos);
    BOOST_TEST(!it.last().early);
    BOOST_TEST(!it.last().rule.has_value());
    it.clock = 1'000ms;
    BOOST_TEST(parse_answer(it.ask().bytes)["Retry-After"] == "4");
    BOOST_TEST(it.last().early);
    BOOST_TEST(it.last().status == 429u);
    it.clock = 5'000ms;
    // Only now a rule sees a third request.
    BOOST_TEST((it.ask().end == ending::reset));
    auto const seen = it.notes.stats();
    BOOST_TEST(seen.requests == 5u);
    BOOST_TEST(seen.throttled == 2u);
    BOOST_TEST(seen.early == 1u);
    BOOST_TEST(seen.token_requests == 1u);
}

BOOST_AUTO_TEST_CASE(gzip_for_those_who_accept_it) {
    struct row {
        std::string_view script;
        std::string_view page, allotment, unknown; ///< the coding of each
    };
    for (auto const& each : {
             row{"{}", "gzip", "", ""},
             row{R"({"gzip": "pages"})", "gzip", "", ""},
             row{R"({"gzip": "all"})", "gzip", "gzip", "gzip"},
             row{R"({"gzip": "none"})", "", "", ""},
         })
        BOOST_TEST_CONTEXT(each.script) {
            bench it(each.script);
            it.log_in();
            auto const coding_of = [&](std::string target, bool accept) {
                auto what = it.get();
                what.target = std::move(target);
                if (accept)
                    what.fields.push_back({"Accept-Encoding", "gzip"});
                auto const got = parse_answer(it.ask(what).bytes);
                BOOST_TEST(got["Content-Length"] == std::to_string(got.body.size()));
                return std::string(got["Content-Encoding"]);
            };
            std::string const list = "/beta/admin/cloudLicensing/assignments";
            BOOST_TEST(coding_of(list, true) == each.page);
            BOOST_TEST(coding_of(it.get().target, true) == each.allotment);
            BOOST_TEST(coding_of(list + "/none", true) == each.unknown);
            BOOST_TEST(coding_of(list, false) == "");
            BOOST_TEST(coding_of(it.get().target, false) == "");
        }
}

BOOST_AUTO_TEST_CASE(a_rule_encodes_asked_or_not) {
    bench it(
        R"({"rules": [{"match": {"path": "/token$"}, "do": {"encode": "gzip"}},
                      {"match": {"nth": [1]}, "do": {"encode": "unknown"}},
                      {"do": {"encode": "gzip", "headers": {"Content-Encoding": "x-gzip"}}}]})");
    BOOST_TEST(parse_answer(it.token_request().bytes)["Content-Encoding"] == "gzip");
    it.token = boost::json::parse(test::gunzipped(parse_answer(it.token_request().bytes).body))
                   .at("access_token")
                   .as_string();
    BOOST_TEST(parse_answer(it.ask().bytes)["Content-Encoding"] == "br");
    auto const got = parse_answer(it.ask().bytes);
    BOOST_TEST(got["Content-Encoding"] == "x-gzip");
    BOOST_TEST(boost::json::parse(test::gunzipped(got.body)).is_object());
}

BOOST_AUTO_TEST_CASE(a_status_alone_makes_graphs_error) {
    bench it(rule_script(R"("status": 503, "headers": {"Retry-After": ["2", "3"]})"));
    it.log_in();
    auto const sent = it.ask();
    BOOST_TEST((sent.end == ending::keep_alive));
    auto const got = parse_answer(sent.bytes);
    BOOST_TEST(got.status == 503u);
    auto const error = boost::json::parse(got.body).at("error");
    BOOST_TEST(std::string_view(error.at("code").as_string()) == "serviceNotAvailable");
    BOOST_TEST(std::string_view(error.at("innerError").at("client-request-id").as_string()) == "mine");
    BOOST_TEST((std::count_if(got.fields.begin(), got.fields.end(), [](auto const& each) {
                    return each.name == "Retry-After";
                }) == 2));
    BOOST_TEST(it.last().status == 503u);
    BOOST_TEST(it.last().rule.value() == 0u);
    BOOST_TEST(it.last().outcome.empty());
}

BOOST_AUTO_TEST_CASE(other_answers_of_rules) {
    struct {
        std::string action;
        unsigned status;
        std::string_view type;
        std::string_view body;
    } const cases[] = {
        {R"("status": 204)", 204, "", ""},
        {R"("status": 200)", 200, "", ""},
        {R"("status": 302, "headers": {"Location": "https://elsewhere/"})", 302, "", ""},
        {R"("body": "<html>", "headers": {"content-type": "text/html"})", 200, "text/html", "<html>"},
        {R"("body": {"value": null}, "headers": {"Content-Type": null})", 200, "", R"({"value":null})"},
        {R"("status": 500, "body": "")", 500, "application/json", ""},
    };
    for (auto const& each : cases) {
        BOOST_TEST_CONTEXT(each.action) {
            bench it(rule_script(each.action));
            it.log_in();
            auto const got = parse_answer(it.ask().bytes);
            BOOST_TEST(got.status == each.status);
            BOOST_TEST(got["Content-Type"].starts_with(each.type));
            BOOST_TEST(got["Content-Type"].empty() == each.type.empty());
            BOOST_TEST(got.body == each.body);
        }
    }
}

BOOST_AUTO_TEST_CASE(fields_alone_change_the_normal_answer) {
    bench it(rule_script(R"("headers": {"request-id": null, "X-One": "1", "Connection": "close"})"));
    it.log_in();
    auto const sent = it.ask();
    auto const got = parse_answer(sent.bytes);
    BOOST_TEST(got.status == 200u);
    BOOST_TEST(got["request-id"].empty());
    BOOST_TEST(got["X-One"] == "1");
    BOOST_TEST(got.body.find("cloudLicensing") != std::string::npos);
    BOOST_TEST((sent.end == ending::close));
}

BOOST_AUTO_TEST_CASE(ways_to_end) {
    struct {
        std::string action;
        std::size_t bytes; ///< 9999: the whole answer
        ending end;
        bool close_notify;
        unsigned status; ///< in the journal
        std::string_view outcome;
    } const cases[] = {
        {R"("reset": true)", 0, ending::reset, false, 0, "reset"},
        {R"("reset": true, "close_after_bytes": 40)", 40, ending::reset, false, 200, "reset"},
        {R"("close_after_bytes": 0)", 0, ending::close, true, 0, "closed"},
        {R"("close_after_bytes": 500)", 500, ending::close, true, 200, "closed"},
        {R"("close_after_bytes": 500, "truncate_close_notify": true)", 500, ending::close, false, 200,
         "truncated"},
        {R"("close_after_bytes": 100000)", 9999, ending::close, true, 200, ""},
        {R"("truncate_close_notify": true)", 9999, ending::close, false, 200, "truncated"},
        {R"("half_close": true)", 9999, ending::half_close, true, 200, "half_closed"},
        {R"("half_close": true, "close_after_bytes": 0)", 0, ending::half_close, true, 0, "half_closed"},
        {R"("raw": "HTTP/1.1 20")", 11, ending::keep_alive, true, 0, "raw"},
        {R"("raw": "HTTP/1.1 20", "close_after_bytes": 5)", 5, ending::close, true, 0, "closed"},
        {R"("raw": "HTTP/1.1 20", "truncate_close_notify": true)", 11, ending::close, false, 0, "truncated"},
    };
    for (auto const& each : cases) {
        BOOST_TEST_CONTEXT(each.action) {
            bench plain;
            plain.log_in();
            auto const whole = plain.ask().bytes.size();
            bench it(rule_script(each.action));
            it.log_in();
            auto const sent = it.ask();
            BOOST_TEST(sent.bytes.size() == (each.bytes == 9999 ? whole : each.bytes));
            BOOST_TEST((sent.end == each.end));
            BOOST_TEST(sent.close_notify == each.close_notify);
            BOOST_TEST(it.last().status == each.status);
            BOOST_TEST(it.last().outcome == each.outcome);
        }
    }
}

BOOST_AUTO_TEST_CASE(delay_and_drip_leave_the_answer_whole) {
    bench it(rule_script(R"("delay_ms": 70, "drip_bytes_per_s": 12.5)"));
    it.log_in();
    auto const sent = it.ask();
    BOOST_TEST((sent.delay == 70ms));
    BOOST_TEST(sent.bytes_per_second.value() == 12.5);
    BOOST_TEST((sent.end == ending::keep_alive));
    BOOST_TEST(parse_answer(sent.bytes).status == 200u);
}

BOOST_AUTO_TEST_CASE(rules_with_a_path_reach_the_token_endpoint) {
    bench it(R"({"rules": [{"match": {"path": "/token$", "nth": [1]}, "do": {"status": 503}}]})");
    auto const sent = it.token_request();
    auto const got = parse_answer(sent.bytes);
    BOOST_TEST(got.status == 503u);
    BOOST_TEST(got.body.find("temporarily_unavailable") != std::string::npos);
    BOOST_TEST(parse_answer(it.token_request().bytes).status == 200u);
    BOOST_TEST(it.notes.stats().token_requests == 2u);
    BOOST_TEST(it.notes.stats().requests == 0u);
}

BOOST_AUTO_TEST_CASE(documents_of_the_authority_are_counted_apart) {
    bench it(
        R"({"rules": [{"match": {"path": "openid", "nth": [2]}, "do": {"status": 503}}, {"do": {"status": 500}}]})");
    request const what{
        "GET",
        '/' + it.data.id() + "/v2.0/.well-known/openid-configuration",
        {{"Host", "localhost:1"}},
        "",
        true};
    auto const got = parse_answer(it.ask(what).bytes);
    BOOST_TEST(got.status == 200u);
    BOOST_TEST(
        std::string_view(boost::json::parse(got.body).at("token_endpoint").as_string()) ==
        "https://localhost:1/" + it.data.id() + "/oauth2/v2.0/token");
    BOOST_TEST(parse_answer(it.ask(what).bytes).status == 503u);
    BOOST_TEST(it.notes.stats().discovery_requests == 2u);
    BOOST_TEST(it.notes.stats().token_requests == 0u);
    BOOST_TEST(it.notes.stats().requests == 0u);
}

BOOST_AUTO_TEST_CASE(head_gets_no_body) {
    bench it;
    it.log_in();
    auto what = it.get();
    what.method = "HEAD";
    auto const got = parse_answer(it.ask(what).bytes);
    BOOST_TEST(got.status == 405u);
    BOOST_TEST(got.body.empty());
    BOOST_TEST(got["Content-Length"] != "0");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_request) {
    bench it;
    auto const sent = it.answers->refuse_malformed(it.now());
    BOOST_TEST((sent.end == ending::close));
    auto const got = parse_answer(sent.bytes);
    BOOST_TEST(got.status == 400u);
    BOOST_TEST(got["Connection"] == "close");
    BOOST_TEST(it.notes.stats().malformed == 1u);
    BOOST_TEST(it.notes.stats().requests == 0u);
    BOOST_TEST(it.notes.entries().empty());
}

BOOST_AUTO_TEST_CASE(journal_tells_the_request_but_no_secret) {
    bench it;
    it.clock = 3ms;
    it.log_in();
    it.clock = 1'500ms;
    auto what = it.get();
    what.fields.push_back({"Proxy-Authorization", "Basic " + it.token});
    it.ask(what);
    auto const entries = it.notes.entries();
    BOOST_TEST_REQUIRE(entries.size() == 2u);
    BOOST_TEST((entries[0].time == 3ms));
    BOOST_TEST(entries[0].method == "POST");
    BOOST_TEST(entries[1].connection == 2u);
    BOOST_TEST(entries[1].target == what.target);
    BOOST_TEST(entries[1].fields[1].value == "bearer " + redacted_authorization(it.token));
    for (auto const& each : entries) {
        auto const line = to_json(each);
        BOOST_TEST(line.find(it.token) == std::string::npos);
        BOOST_TEST(line.find(secret_text) == std::string::npos);
        BOOST_TEST(boost::json::parse(line).is_object());
    }
}

BOOST_AUTO_TEST_CASE(same_seed_same_faults) {
    auto const faults = [] {
        bench it(R"({"rules": [{"match": {"probability": 0.3}, "do": {"status": 500}}]})");
        it.log_in();
        std::string out;
        for (int each = 0; each != 100; ++each)
            out += parse_answer(it.ask().bytes).status == 500 ? '5' : '2';
        return out;
    };
    auto const once = faults();
    BOOST_TEST(once == faults());
    BOOST_TEST(once.find('5') != std::string::npos);
    BOOST_TEST(once.find('2') != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
