#include "helpers.hpp"
#include "json/cli_token.hpp"
#include "json/encode.hpp"
#include "support/watched_memory.hpp"

#include <string>
#include <string_view>

using allot::test::allocations_of;
using allot::test::marker;
using allot::test::marker_freed;

BOOST_AUTO_TEST_SUITE(memory)

BOOST_AUTO_TEST_CASE(an_answer_allocates_only_its_result) {
    for (auto const* const name :
         {"allotment-bare.json", "allotment-expanded.json", "allotment-for-assignment.json"}) {
        auto const body = allot_test::fixture(name);
        allot::allotment_decoder decoder;
        auto const first = decoder.decode_answer(body, {});
        BOOST_REQUIRE(first);
        auto const of_a_copy = allocations_of([&first] { auto const copy = *first; });
        // More answers than the buffer could hold if it were not used again.
        for (int repeated = 0; repeated != 20; ++repeated) {
            auto const of_an_answer =
                allocations_of([&] { auto const again = decoder.decode_answer(body, {}); });
            BOOST_TEST(of_an_answer == of_a_copy, name);
        }
    }
    allot::allotment_decoder decoder;
    BOOST_TEST(
        allocations_of([&decoder] { auto const none = decoder.decode_answer("{\"value\":[]}", {}); }) != 0u);
    BOOST_TEST(
        allocations_of([&decoder] { auto const none = decoder.decode_answer("{\"value\":[]}", {}); }) == 0u);
}

BOOST_AUTO_TEST_CASE(encoding_allocates_only_the_text) {
    allot::allotment_decoder decoder;
    auto const value = decoder.decode_answer(allot_test::fixture("allotment-expanded.json"), {}).value();
    std::string out;
    out.reserve(16 * 1024);
    BOOST_TEST(allocations_of([&] { allot::append_json(out, *value); }) == 0u);
}

BOOST_AUTO_TEST_CASE(memory_that_held_a_token_is_wiped) {
    std::string const token = "bWFya2VyLW9mLWEtc2VjcmV0LXRva2Vu";
    auto const freed_by = [&token](std::string const& body) {
        marker_freed = false;
        auto answer = allot::decode_token_answer("{}");
        marker = token;
        answer = allot::decode_token_answer(body);
        marker = {};
        return marker_freed;
    };
    auto const quoted = '"' + token + '"';
    BOOST_TEST(!freed_by(R"({"access_token":)" + quoted + "}"));
    BOOST_TEST(!freed_by(R"({"access_token":)" + quoted + R"(,"expires_in":[)" + quoted + "]}"));
    BOOST_TEST(!freed_by(R"({"access_token":)" + quoted + ",,"));
    BOOST_TEST(!freed_by(R"({"id_token":)" + quoted + R"(,"access_token":")" + token + R"( "})"));
    BOOST_TEST(!freed_by(R"({"access_token":"\u0062)" + token.substr(1) + "\"}"));
}

BOOST_AUTO_TEST_CASE(memory_that_held_a_token_of_the_azure_cli_is_wiped) {
    std::string const token = "bWFya2VyLW9mLWEtc2VjcmV0LXRva2Vu";
    auto const freed_by = [&token](std::string const& end) {
        auto const output = R"({"accessToken":")" + token + end;
        marker_freed = false;
        auto answer = allot::decode_cli_token("{}");
        marker = token;
        answer = allot::decode_cli_token(output);
        marker = {};
        return marker_freed;
    };
    BOOST_TEST(!freed_by(R"("})"));
    BOOST_TEST(!freed_by(R"(","expires_on":{}})"));
    BOOST_TEST(!freed_by(R"(","expiresOn":"now"})"));
    BOOST_TEST(!freed_by(R"(",,)"));
    BOOST_TEST(!freed_by(R"( "})"));
}

BOOST_AUTO_TEST_SUITE_END()
