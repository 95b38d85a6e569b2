#include "simulator/batch_answer.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

namespace allot::simulation {
namespace {

reply reply_of(std::string type, std::string body) {
    return {
        200,
        {{"Content-Type", std::move(type)}},
        std::make_shared<std::string const>(std::move(body)),
        false};
}

BOOST_AUTO_TEST_SUITE(batch_answer_suite)

BOOST_AUTO_TEST_CASE(json_as_it_is_and_other_bodies_as_base64) {
    BOOST_TEST(
        batch_body({{"1", reply_of("application/json;charset=utf-8", R"({"a":1})")}}) ==
        R"({"responses":[{"id":"1","status":200,"headers":{"Content-Type":"application/json;charset=utf-8"},)"
        R"("body":{"a":1}}]})");
    BOOST_TEST(
        batch_body({{"1", reply_of("text/html", "<b>\xff?")}}).find(R"("body":"PGI+/z8="})") !=
        std::string::npos);
    BOOST_TEST(
        batch_body({{"1", reply_of("application/json", "{"), false, false}}).find(R"("body":"ew=="})") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_body) {
    for (auto answer : {reply{204, {}, nullptr}, reply_of("text/plain", "")}) {
        auto const status = std::to_string(answer.status);
        BOOST_TEST(batch_body({{"a", std::move(answer)}})
                       .starts_with(R"({"responses":[{"id":"a","status":)" + status));
    }
    BOOST_TEST(batch_body({{"a", reply{204, {}, nullptr}}}).find("body") == std::string::npos);
    BOOST_TEST(batch_body({}) == R"({"responses":[]})");
}

BOOST_AUTO_TEST_CASE(fields_of_the_item_alone) {
    reply const answer{
        429,
        {{"Retry-After", "1"},
         {"request-id", "r"},
         {"client-request-id", "c"},
         {"x-ms-ags-diagnostic", "d"},
         {"X-One", "x"},
         {"retry-after", "7"}},
        nullptr};
    BOOST_TEST(
        batch_body({{"1", answer}}) ==
        R"({"responses":[{"id":"1","status":429,"headers":{"Retry-After":"1, 7","X-One":"x"}}]})");
    BOOST_TEST(
        batch_body({{"1", answer, true}}).find(R"({"retry-after":"1, 7","x-one":"x"})") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
