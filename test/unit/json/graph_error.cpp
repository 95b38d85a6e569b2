#include "json/decode.hpp"

#include <boost/test/unit_test.hpp>

namespace {

// "CODE | MESSAGE | INNERMOST | REQUEST-ID | CLIENT-REQUEST-ID", or "none".
std::string error(std::string_view body) {
    auto const found = allot::decode_graph_error(body);
    if (!found)
        return "none";
    return found->code + " | " + found->message + " | " + found->innermost_code + " | " + found->request_id +
           " | " + found->client_request_id;
}

}

BOOST_AUTO_TEST_SUITE(graph_errors)

BOOST_AUTO_TEST_CASE(the_deepest_code_is_the_innermost) {
    BOOST_TEST(error(R"({"error":{"code":"a","message":"m"}})") == "a | m | a |  | ");
    BOOST_TEST(error(R"({"error":{"code":"a","message":"m","innerError":{"code":"b","request-id":"r",
                  "client-request-id":"c","date":"2026-03-21T10:17:05"}}})") == "a | m | b | r | c");
    BOOST_TEST(
        error(
            R"({"error":{"code":"a","innererror":{"code":"b","INNERERROR":{"innerError":{"code":"d"}}}}})") ==
        "a |  | d |  | ");
    BOOST_TEST(error(R"({"error":{"code":"a","innerError":{"code":""}}})") == "a |  | a |  | ");
    BOOST_TEST(
        error(R"({"error":{"code":"","message":"m","innerError":{"request-id":"r"}}})") == " | m |  | r | ");
    BOOST_TEST(
        error(R"({"error":{"code":"a","innerError":{"code":"b","innerError":{}}}})") == "a |  | b |  | ");
}

BOOST_AUTO_TEST_CASE(odd_types_are_passed_over) {
    BOOST_TEST(error(R"({"error":{"code":429,"message":null}})") == "429 |  | 429 |  | ");
    BOOST_TEST(error(R"({"error":{"code":["a"],"message":{},"innerError":"x"}})") == " |  |  |  | ");
    BOOST_TEST(
        error(R"({"error":{"code":true,"innerError":{"code":-1,"request-id":7}}})") == " |  | -1 | 7 | ");
    BOOST_TEST(error(R"({"error":{}})") == " |  |  |  | ");
    BOOST_TEST(error(R"({"x":1,"error":{"code":"a"},"y":2})") == "a |  | a |  | ");
}

BOOST_AUTO_TEST_CASE(other_bodies_are_none) {
    for (auto const* const body :
         {"", "null", "[]", "{}", "\"error\"", R"({"error":null})", R"({"error":"invalid_client"})",
          R"({"error":[{"code":"a"}]})", R"({"Error":{"code":"a"}})", "<html></html>",
          R"({"error":{"code":"a"})", "\xff\xfe"})
        BOOST_TEST(error(body) == "none", body);
    std::string deep = R"({"error":)";
    for (int level = 0; level != 40; ++level)
        deep += R"({"code":"a","innerError":)";
    BOOST_TEST(error(deep + "{}" + std::string(41, '}')) == "none");
}

BOOST_AUTO_TEST_SUITE_END()
