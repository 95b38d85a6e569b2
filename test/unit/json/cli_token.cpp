#include "json/cli_token.hpp"

#include "helpers.hpp"

using namespace std::chrono_literals;
using allot_test::error_of;

namespace {

std::string const token = "eyJtYXJrZXI.c2VjcmV0-_~+/==";

std::string with(std::string const& members) {
    return R"({"accessToken":")" + token + "\"" + (members.empty() ? "" : ",") + members + "}";
}

std::string error(std::string_view output) {
    return error_of(allot::decode_cli_token(output));
}

}

BOOST_AUTO_TEST_SUITE(azure_cli_tokens)

BOOST_AUTO_TEST_CASE(what_the_azure_cli_writes) {
    auto const answer = allot::decode_cli_token(R"({
  "accessToken": "eyJhYmMi.x.y",
  "expiresOn": "2026-01-09 12:34:56.000000",
  "expires_on": 1767958496,
  "subscription": "00000000-0000-0000-0000-000000000001",
  "tenant": "00000000-0000-0000-0000-000000000002",
  "tokenType": "Bearer"
}
)");
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->access_token == "eyJhYmMi.x.y");
    BOOST_TEST(answer->token_type == "Bearer");
    BOOST_TEST(answer->tenant == "00000000-0000-0000-0000-000000000002");
    BOOST_TEST(answer->expires_on->time_since_epoch().count() == 1767958496);
    BOOST_TEST(!answer->expires_on_local);
}

BOOST_AUTO_TEST_CASE(only_the_token_is_required) {
    for (std::string const members :
         {R"()", R"("tokenType":null,"expires_on":null,"expiresOn":null,"tenant":null)"}) {
        auto const answer = allot::decode_cli_token(with(members));
        BOOST_REQUIRE(answer);
        BOOST_TEST(answer->access_token == token);
        BOOST_TEST(answer->token_type == "");
        BOOST_TEST(answer->tenant == "");
        BOOST_TEST(!answer->expires_on);
        BOOST_TEST(!answer->expires_on_local);
    }
}

BOOST_AUTO_TEST_CASE(the_time_since_1970_comes_before_the_local_one) {
    for (std::string const time : {"1767958496", R"("1767958496")"}) {
        auto const answer = allot::decode_cli_token(with(R"("expiresOn":"nonsense","expires_on":)" + time));
        BOOST_REQUIRE(answer);
        BOOST_TEST(answer->expires_on->time_since_epoch().count() == 1767958496);
    }
}

BOOST_AUTO_TEST_CASE(the_local_time_of_older_versions) {
    std::chrono::local_seconds const wanted(
        std::chrono::local_days(std::chrono::year(2026) / 1 / 9).time_since_epoch() + 12h + 34min + 56s);
    for (std::string const time :
         {"2026-01-09 12:34:56.000000", "2026-01-09 12:34:56.999999", "2026-01-09 12:34:56"}) {
        auto const answer = allot::decode_cli_token(with(R"("expiresOn":")" + time + '"'));
        BOOST_REQUIRE(answer);
        BOOST_TEST((answer->expires_on_local == wanted), time);
        BOOST_TEST(!answer->expires_on);
    }
}

BOOST_AUTO_TEST_CASE(wrong_members_are_named_without_their_content) {
    std::string const local = "at /expiresOn: expected a local time like 2026-01-09 12:34:56.000000, found ";
    std::string const seconds = "at /expires_on: expected whole seconds from 0 to 9223372036, found ";
    struct {
        std::string members;
        std::string error;
    } const rows[] = {
        {R"("tokenType":"pop")", "at /tokenType: expected Bearer, found a string of 3 bytes"},
        {R"("expires_on":-1)", seconds + "a number"},
        {R"("expires_on":"soon")", seconds + "a string of 4 bytes"},
        {R"("expires_on":[])", seconds + "an array"},
        {R"("expiresOn":1767958496)", local + "a number"},
        {R"("expiresOn":"2026-01-09")", local + "a string of 10 bytes"},
        {R"("expiresOn":"2026-02-30 12:34:56")", local + "a string of 19 bytes"},
        {R"("expiresOn":"2026-01-09T12:34:56")", local + "a string of 19 bytes"},
        {R"("expiresOn":"2026-01-09 12:34:56Z")", local + "a string of 20 bytes"},
        {R"("expiresOn":"2026-01-09 12:34:56+01:00")", local + "a string of 25 bytes"},
    };
    for (auto const& row : rows)
        BOOST_TEST(error(with(row.members)) == row.error);
}

BOOST_AUTO_TEST_CASE(no_token) {
    std::string const length = "at /accessToken: expected a token of 1 to 65536 bytes, found ";
    BOOST_TEST(error("{}") == length + "nothing");
    BOOST_TEST(error(R"({"access_token":"a"})") == length + "nothing");
    BOOST_TEST(error(R"({"accessToken":""})") == length + "a string of 0 bytes");
    BOOST_TEST(error("[]") == "in the document: expected an object, found an array");
    BOOST_TEST(
        error("") ==
        "in the document: expected JSON, found 0 bytes that are not (incomplete JSON at byte 0)");
}

BOOST_AUTO_TEST_CASE(no_error_shows_the_token) {
    for (auto const& output :
         {token, '"' + token + '"', with("") + 'x', with(R"("tokenType":")" + token + '"'),
          with(R"("expires_on":")" + token + '"'), with(R"("expiresOn":")" + token + '"'),
          R"({"accessToken":")" + token + R"( "})"}) {
        auto const text = error(output);
        BOOST_TEST(text != "decoded");
        BOOST_TEST(text.find("c2VjcmV0") == text.npos, text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
