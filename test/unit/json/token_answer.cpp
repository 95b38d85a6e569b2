#include "helpers.hpp"
#include "json/decode.hpp"

using namespace std::chrono_literals;
using allot_test::error_of;

namespace {

std::string const token = "eyJtYXJrZXI.c2VjcmV0-_~+/==";

std::string with(std::string const& members) {
    return R"({"access_token":")" + token + "\"" + (members.empty() ? "" : ",") + members + "}";
}

std::string error(std::string_view body) {
    return error_of(allot::decode_token_answer(body));
}

std::string const seconds = "expected whole seconds from 0 to 9223372036, found ";
std::string const instant = "expected whole seconds since 1970 from 0 to 9223372036, or a date like "
                            "09/14/2017 17:01:23 +00:00, found ";

}

BOOST_AUTO_TEST_SUITE(token_answers)

BOOST_AUTO_TEST_CASE(numbers_as_numbers_or_text) {
    for (std::string const members :
         {R"("token_type":"bearer","expires_in":3599,"refresh_in":1800,"expires_on":1774173425)",
          R"("token_type":"BEARER","expires_in":"3599","refresh_in":"1800","expires_on":"1774173425")"}) {
        auto const answer = allot::decode_token_answer(with(members));
        BOOST_REQUIRE(answer);
        BOOST_TEST(answer->access_token == token);
        BOOST_TEST(answer->token_type == "Bearer");
        BOOST_TEST(bool(answer->expires_in == 3599s));
        BOOST_TEST(bool(answer->refresh_in == 1800s));
        BOOST_TEST(answer->expires_on->time_since_epoch().count() == 1774173425);
    }
}

BOOST_AUTO_TEST_CASE(numbers_without_a_fraction) {
    auto const answer = allot::decode_token_answer(
        with(R"("expires_in":3599.0,"refresh_in":18e2,"expires_on":1774173425.0)"));
    BOOST_REQUIRE(answer);
    BOOST_TEST(bool(answer->expires_in == 3599s));
    BOOST_TEST(bool(answer->refresh_in == 1800s));
    BOOST_TEST(answer->expires_on->time_since_epoch().count() == 1774173425);
    auto const least = allot::decode_token_answer(with(R"("expires_in":0.0,"expires_on":-0.0)"));
    BOOST_REQUIRE(least);
    BOOST_TEST(bool(least->expires_in == 0s));
    BOOST_TEST(least->expires_on->time_since_epoch().count() == 0);
}

// App Service with api-version 2017-09-01: no expires_in, and a date.
BOOST_AUTO_TEST_CASE(dates) {
    for (std::string const date :
         {"3/22/2026 9:57:05 AM +00:00", "03/22/2026 09:57:05 +00:00", "2026-03-22T09:57:05.0000000+00:00"}) {
        auto const answer = allot::decode_token_answer(with(R"("expires_on":")" + date + '"'));
        BOOST_REQUIRE(answer);
        BOOST_TEST(!answer->expires_in);
        BOOST_TEST(answer->expires_on->time_since_epoch().count() == 1774173425, date);
    }
    BOOST_TEST(error(with(R"("expires_on":"04/11/2262 23:47:16 +00:00")")) == "decoded");
}

BOOST_AUTO_TEST_CASE(a_virtual_machine) {
    auto const answer = allot::decode_token_answer(allot_test::fixture("imds-token.json"));
    BOOST_REQUIRE(answer);
    BOOST_TEST(
        answer->access_token ==
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.Zml4dHVyZS1pbWRz.Zml4dHVyZS1zaWduYXR1cmU");
    BOOST_TEST(bool(answer->expires_in == 86399s));
    BOOST_TEST(bool(answer->refresh_in == 43199s));
    BOOST_TEST(answer->expires_on->time_since_epoch().count() == 1774173425);
}

BOOST_AUTO_TEST_CASE(only_the_token_is_required) {
    for (
        std::string const members :
        {R"()", R"("token_type":null,"expires_in":null,"refresh_in":null,"expires_on":null)",
         R"("refresh_token":"","resource":"https://graph.microsoft.com/","ext_expires_in":{},"not_before":"x")"}) {
        auto const answer = allot::decode_token_answer(with(members));
        BOOST_REQUIRE(answer);
        BOOST_TEST(answer->access_token == token);
        BOOST_TEST(answer->token_type == "");
        BOOST_TEST(!answer->expires_in);
        BOOST_TEST(!answer->refresh_in);
        BOOST_TEST(!answer->expires_on);
    }
    BOOST_TEST(error(with(R"("expires_in":0,"refresh_in":9223372036)")) == "decoded");
}

// So managed identity answered, as the tests of Microsoft's own clients have it.
BOOST_AUTO_TEST_CASE(an_empty_duration_is_none) {
    auto const answer =
        allot::decode_token_answer(with(R"("expires_in":"","refresh_in":"","expires_on":"1560974028")"));
    BOOST_REQUIRE(answer);
    BOOST_TEST(!answer->expires_in);
    BOOST_TEST(!answer->refresh_in);
    BOOST_TEST(answer->expires_on->time_since_epoch().count() == 1560974028);
}

BOOST_AUTO_TEST_CASE(the_token) {
    std::string const length = "at /access_token: expected a token of 1 to 65536 bytes, found ";
    std::string const character = "at /access_token: expected a token of letters, digits and - . _ ~ + / =, "
                                  "found another character at byte ";
    auto const body = [](std::string const& value) { return R"({"access_token":")" + value + "\"}"; };
    BOOST_TEST(error("{}") == length + "nothing");
    BOOST_TEST(error(R"({"access_token":null})") == length + "nothing");
    BOOST_TEST(error(R"({"access_token":["a"]})") == length + "an array");
    BOOST_TEST(error(R"({"access_token":12345})") == length + "a number");
    BOOST_TEST(error(body("")) == length + "a string of 0 bytes");
    BOOST_TEST(error(body(std::string(65536, 'a'))) == "decoded");
    BOOST_TEST(error(body(std::string(65537, 'a'))) == length + "a string of 65537 bytes");
    BOOST_TEST(error(body("a b")) == character + "1");
    BOOST_TEST(error(body("ab\\r\\nHost: x")) == character + "2");
    BOOST_TEST(error(body("\\u0000")) == character + "0");
    BOOST_TEST(error(body("abc\xc3\xa4")) == character + "3");
    BOOST_TEST(error(body("a\\\"")) == character + "1");
}

BOOST_AUTO_TEST_CASE(wrong_members_are_named_without_their_content) {
    struct {
        std::string members;
        std::string error;
    } const rows[] = {
        {R"("token_type":"pop")", "at /token_type: expected Bearer, found a string of 3 bytes"},
        {R"("token_type":1)", "at /token_type: expected Bearer, found a number"},
        {R"("expires_in":-1)", "at /expires_in: " + seconds + "a number"},
        {R"("expires_in":1.5)", "at /expires_in: " + seconds + "a number"},
        {R"("expires_in":3599.5)", "at /expires_in: " + seconds + "a number"},
        {R"("expires_in":-1.0)", "at /expires_in: " + seconds + "a number"},
        {R"("expires_in":9223372037.0)", "at /expires_in: " + seconds + "a number"},
        {R"("expires_in":1e300)", "at /expires_in: " + seconds + "a number"},
        {R"("expires_in":1e999)", "at /expires_in: " + seconds + "a number"},
        {R"("expires_in":9223372037)", "at /expires_in: " + seconds + "a number"},
        {R"("expires_in":18446744073709551615)", "at /expires_in: " + seconds + "a number"},
        {R"("expires_in":"99999999999999999999")", "at /expires_in: " + seconds + "a string of 20 bytes"},
        {R"("expires_in":"1h")", "at /expires_in: " + seconds + "a string of 2 bytes"},
        {R"("expires_in":" 1")", "at /expires_in: " + seconds + "a string of 2 bytes"},
        {R"("expires_in":"3599.0")", "at /expires_in: " + seconds + "a string of 6 bytes"},
        {R"("expires_in":"-0")", "at /expires_in: " + seconds + "a string of 2 bytes"},
        {R"("expires_in":"+1")", "at /expires_in: " + seconds + "a string of 2 bytes"},
        {R"("expires_in":"-1")", "at /expires_in: " + seconds + "a string of 2 bytes"},
        {R"("expires_in":true)", "at /expires_in: " + seconds + "a boolean"},
        {R"("refresh_in":{})", "at /refresh_in: " + seconds + "an object"},
        {R"("expires_in":"09/14/2017 17:01:23 +00:00")",
         "at /expires_in: " + seconds + "a string of 26 bytes"},
        {R"("expires_on":"21/03/2026 10:17:05 +00:00")",
         "at /expires_on: " + instant + "a string of 26 bytes"},
        {R"("expires_on":"12/31/1969 23:59:59 +00:00")",
         "at /expires_on: " + instant + "a string of 26 bytes"},
        {R"("expires_on":"04/12/2262 00:00:00 +00:00")",
         "at /expires_on: " + instant + "a string of 26 bytes"},
        {R"("expires_on":"")", "at /expires_on: " + instant + "a string of 0 bytes"},
        {R"("expires_on":1774173425000)", "at /expires_on: " + instant + "a number"},
        {R"("expires_on":[1774173425])", "at /expires_on: " + instant + "an array"},
    };
    for (auto const& row : rows)
        BOOST_TEST(error(with(row.members)) == row.error);
}

BOOST_AUTO_TEST_CASE(other_bodies) {
    BOOST_TEST(
        error("") ==
        "in the document: expected JSON, found 0 bytes that are not (incomplete JSON at byte 0)");
    BOOST_TEST(
        error("<html>") ==
        "in the document: expected JSON, found 6 bytes that are not (syntax error at byte 0)");
    BOOST_TEST(error("[]") == "in the document: expected an object, found an array");
    BOOST_TEST(error("null") == "in the document: expected an object, found null");
    BOOST_TEST(
        error("\"" + token + "\"") == "in the document: expected an object, found a string of 27 bytes");
}

BOOST_AUTO_TEST_CASE(no_error_shows_the_token) {
    std::string const marker = "c2VjcmV0";
    for (auto const& body :
         {token, '"' + token + '"', '[' + with("") + ']', with("").substr(0, 40), with("") + 'x',
          with(R"("token_type":")" + token + '"'), with(R"("expires_in":")" + token + '"'),
          with(R"("refresh_in":")" + token + '"'), with(R"("expires_on":")" + token + '"'),
          R"({"access_token":")" + token + R"( "})", R"({"access_token":")" + token + R"(\n"})",
          R"({"access_token":{")" + token + R"(":1}})"}) {
        auto const text = error(body);
        BOOST_TEST(text != "decoded");
        BOOST_TEST(text.find(marker) == text.npos, text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(token_errors)

BOOST_AUTO_TEST_CASE(all_members) {
    auto const error = allot::decode_token_error(
        R"({"error":"interaction_required","error_description":"AADSTS530032: no","error_codes":[530032,"x",1.5,7],
            "timestamp":"2026-01-09 02:02:12Z","trace_id":"t","correlation_id":"c","claims":"{\"access_token\":{}}",
            "suberror":"basic_action"})");
    BOOST_REQUIRE(error);
    BOOST_TEST(error->error == "interaction_required");
    BOOST_TEST(error->description == "AADSTS530032: no");
    BOOST_TEST(error->codes == (std::vector<std::int64_t>{530032, 7}), boost::test_tools::per_element());
    BOOST_TEST(error->trace_id == "t");
    BOOST_TEST(error->correlation_id == "c");
    BOOST_TEST(error->timestamp == "2026-01-09 02:02:12Z");
    BOOST_TEST(error->claims == R"({"access_token":{}})");
}

BOOST_AUTO_TEST_CASE(odd_types_are_passed_over) {
    auto const error = allot::decode_token_error(
        R"({"error":"x","error_description":1,"error_codes":5,"timestamp":null,"trace_id":[],"claims":{}})");
    BOOST_REQUIRE(error);
    BOOST_TEST(error->error == "x");
    BOOST_TEST(error->description == "");
    BOOST_TEST(error->codes.empty());
    BOOST_TEST(error->claims == "");
}

BOOST_AUTO_TEST_CASE(other_bodies_are_none) {
    for (auto const* const body :
         {"", "null", "[]", "{}", "<html>", R"({"error":""})", R"({"error":null})",
          R"({"error":{"code":"x"}})", R"({"error_description":"x"})", R"({"error":"x")"})
        BOOST_TEST(!allot::decode_token_error(body), body);
}

BOOST_AUTO_TEST_SUITE_END()
