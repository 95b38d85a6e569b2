#include "io/token_reply.hpp"
#include "unit/protocol/http_answers.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace allot {
namespace {

using namespace std::chrono_literals;

struct fixture {
    std::chrono::steady_clock::time_point const asked{100h};
    // Thu, 01 Jan 2026 12:00:00 GMT
    std::chrono::system_clock::time_point const now{1'767'268'800s};

    token_attempt attempt() const {
        token_attempt what;
        what.tried = "client secret of app-1";
        what.url = "https://login.example/t/oauth2/v2.0/token";
        what.form = "client_secret=marker";
        what.asked_at = asked;
        what.now = now;
        return what;
    }

    token_reply read(int status, std::string const& fields, std::string const& body) const {
        response_reader reader;
        test::feed(
            reader, "HTTP/1.1 " + std::to_string(status) + " X\r\n" + fields +
                        "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
        BOOST_TEST_REQUIRE(reader.status() == status);
        return read_token_reply(reader, attempt());
    }

    static bool has(std::string const& text, std::string_view part) {
        return text.find(part) != std::string::npos;
    }
};

std::string const on_time = "Date: Thu, 01 Jan 2026 12:00:02 GMT\r\n";
std::string const bad_secret =
    R"({"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.)"
    R"( Trace ID: tid Correlation ID: cid Timestamp: 2026-01-01 12:00:02Z","error_codes":[7000215],)"
    R"("timestamp":"2026-01-01 12:00:02Z","trace_id":"tid","correlation_id":"cid"})";

BOOST_FIXTURE_TEST_SUITE(token_replies, fixture)

BOOST_AUTO_TEST_CASE(a_token_and_the_clock_of_its_issuer) {
    auto const got = read(200, on_time, R"({"access_token":"t","expires_in":3599,"refresh_in":1800})");
    BOOST_TEST_REQUIRE(got.token.has_value());
    BOOST_TEST(got.token->value.reveal() == "t");
    BOOST_TEST((got.token->acquired_at == asked));
    BOOST_TEST((got.token->expires_at == asked + 3599s));
    BOOST_TEST((got.token->refresh_at == asked + 1800s));
    BOOST_TEST((got.token->clock_offset == 2s));
    for (auto const* const date : {"", "Date: yesterday\r\n"})
        BOOST_TEST(!read(200, date, R"({"access_token":"t"})").token->clock_offset.has_value());
}

BOOST_AUTO_TEST_CASE(an_expiry_date_counts_by_the_clock_of_its_issuer) {
    // An hour ahead of this machine; the token lives for ten minutes.
    auto const got = read(
        200, "Date: Thu, 01 Jan 2026 13:00:00 GMT\r\n", R"({"access_token":"t","expires_on":"1767273000"})");
    BOOST_TEST((got.token->expires_at == asked + 10min));
}

BOOST_AUTO_TEST_CASE(a_refusal_says_what_was_tried_where_what_came_back_and_what_to_do) {
    auto const got = read(401, on_time, bad_secret);
    BOOST_TEST(
        got.reason.message == "client secret of app-1: no access token from "
                              "https://login.example/t/oauth2/v2.0/token: invalid_client: AADSTS7000215: "
                              "Invalid client secret provided. (trace id tid, correlation id cid, time "
                              "2026-01-01 12:00:02Z); give the secret's value, not its id");
    BOOST_TEST((got.reason.code == errc::token_unavailable));
    BOOST_TEST(got.reason.graph_code == "invalid_client");
    BOOST_TEST(got.reason.exchange.http_status == 401);
    // Not Graph's 401, which asks for another token.
    BOOST_TEST(got.report.status == 400);
}

BOOST_AUTO_TEST_CASE(row_21_a_clock_that_is_off_is_named) {
    auto const slow = read(401, "Date: Thu, 01 Jan 2026 12:07:30 GMT\r\n", bad_secret);
    BOOST_TEST(
        slow.reason.message.ends_with("; this machine's clock is 7 min behind the token endpoint's: set it"));
    auto const fast = read(502, "Date: Thu, 01 Jan 2026 11:54:00 GMT\r\n", "");
    BOOST_TEST(fast.reason.message.ends_with(
        "; this machine's clock is 6 min ahead of the token endpoint's: set it"));
    BOOST_TEST(
        !has(read(401, "Date: Thu, 01 Jan 2026 12:05:00 GMT\r\n", bad_secret).reason.message, "clock"));
    BOOST_TEST(!has(read(401, "", bad_secret).reason.message, "clock"));
}

BOOST_AUTO_TEST_CASE(causes_that_can_pass_are_reported_as_such) {
    auto const throttled = read(429, "Retry-After: 3\r\n", R"({"error":"temporarily_unavailable"})");
    BOOST_TEST(throttled.report.status == 503);
    BOOST_TEST((throttled.report.retry_after == 3s));
    BOOST_TEST(read(429, "", "").report.status == 429);
    BOOST_TEST(read(502, "", "<html>").report.status == 502);
    auto const coded =
        read(400, "", R"({"error":"invalid_request","error_description":"AADSTS90033: A transient error."})");
    BOOST_TEST(coded.report.status == 503);
    BOOST_TEST(coded.reason.message.ends_with("try again later"));
}

BOOST_AUTO_TEST_CASE(answers_that_are_none) {
    auto const page = read(200, "", "<html>Sign in to this network</html>");
    BOOST_TEST(!page.token.has_value());
    BOOST_TEST(page.report.status == 200);
    BOOST_TEST(has(page.reason.message, "expected JSON"));
    BOOST_TEST(has(page.reason.message, "check that the token URL"));
    BOOST_TEST(!has(page.reason.message, "Sign in"));
    auto const moved = read(302, "Location: https://elsewhere.example/\r\n", "");
    BOOST_TEST(has(moved.reason.message, "status 302 without an OAuth error; redirects are not followed"));
    BOOST_TEST(has(read(404, "", "").reason.message, "check the token URL"));
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_repeats_the_secret_does_not_make_it_a_message) {
    auto const got = read(400, "", R"({"error":"invalid_client","error_description":"no client marker"})");
    BOOST_TEST(has(got.reason.message, "no client [redacted]"));
    BOOST_TEST(!has(to_string(got.reason), "marker"));
}

BOOST_AUTO_TEST_CASE(no_answer_at_all) {
    failure why;
    why.code = errc::resolve_failed;
    why.cause = error_code(2, boost::system::system_category());
    why.message = "looking up login.example: Host not found";
    auto const got = no_token_reply(why, attempt());
    BOOST_TEST((got.report.transport == errc::resolve_failed));
    BOOST_TEST((got.reason.code == errc::token_unavailable));
    BOOST_TEST((got.reason.cause == why.cause));
    BOOST_TEST(
        has(got.reason.message, "client secret of app-1: no access token from https://login.example/t"));
    BOOST_TEST(has(got.reason.message, "Host not found; check the host name"));
    why.code = errc::cancelled;
    BOOST_TEST((no_token_reply(why, attempt()).reason.code == errc::cancelled));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
