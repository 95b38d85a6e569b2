#include "simulator/graph_errors.hpp"
#include "simulator/issued_tokens.hpp"

#include <boost/test/unit_test.hpp>

namespace allot::simulation {
namespace {

using namespace std::chrono_literals;
using verdict = issued_tokens::verdict;

constexpr std::chrono::steady_clock::time_point start{1'000s};
constexpr auto cp1 = R"({"access_token":{"xms_cc":{"values":["cp1"]}}})";

instant at(std::chrono::seconds since_start) {
    return {start + since_start, std::chrono::system_clock::time_point(1'726'258'000s) + since_start};
}

std::string answer_to(std::string challenge) {
    auto const member = challenge.find("\"nbf\"");
    return challenge.insert(member, R"("xms_cc":{"values":["cp1"]},)");
}

struct fixture {
    issued_tokens tokens;
    verdict check(char const* token, std::chrono::seconds since_start = 0s) const {
        return tokens.check(token, start + since_start);
    }
};

BOOST_FIXTURE_TEST_SUITE(issued_tokens_suite, fixture)

BOOST_AUTO_TEST_CASE(a_token_is_good_until_it_ends) {
    tokens.add("a", at(0s), 10s, "");
    BOOST_TEST((check("a", 9s) == verdict::good));
    BOOST_TEST((check("a", 10s) == verdict::refused));
    BOOST_TEST((check("b") == verdict::refused));
}

BOOST_AUTO_TEST_CASE(what_has_ended_makes_room) {
    tokens.add("long", at(0s), 1h, "");
    tokens.add("short", at(0s), 10s, "");
    tokens.add("next", at(20s), 1h, "");
    BOOST_TEST((check("short", 5s) == verdict::refused));
    BOOST_TEST((check("long", 20s) == verdict::good));
    BOOST_TEST((check("next", 20s) == verdict::good));
}

BOOST_AUTO_TEST_CASE(a_client_without_the_capability_just_gets_another_token) {
    tokens.add("a", at(0s), 1h, "");
    tokens.revoke(at(1s));
    BOOST_TEST((check("a", 1s) == verdict::refused));
    tokens.add("b", at(2s), 1h, "not JSON");
    BOOST_TEST((check("b", 2s) == verdict::good));
    tokens.revoke(at(3s));
    BOOST_TEST((check("b", 3s) == verdict::refused));
}

BOOST_AUTO_TEST_CASE(a_capable_client_has_to_answer_the_challenge) {
    tokens.add("a", at(0s), 1h, cp1);
    BOOST_TEST((check("a") == verdict::good));
    tokens.revoke(at(1s));
    BOOST_TEST((check("a", 1s) == verdict::challenged));
    tokens.add("without", at(2s), 1h, cp1);
    BOOST_TEST((check("without", 2s) == verdict::challenged));
    tokens.add("with", at(2s), 1h, answer_to(tokens.claims()));
    BOOST_TEST((check("with", 2s) == verdict::good));
    // In the same second once more.
    tokens.revoke(at(1s));
    BOOST_TEST((check("with", 2s) == verdict::challenged));
}

BOOST_AUTO_TEST_CASE(the_challenge_is_as_graph_sends_it) {
    auto const text = claims_challenge(R"({"access_token":{"nbf":{"essential":true,"value":"1726258122"}}})");
    BOOST_TEST(text.starts_with("PoP realm=\"\", "));
    BOOST_TEST(
        text.find(
            ", error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1"
            "ZSwidmFsdWUiOiIxNzI2MjU4MTIyIn19fQ==\"") != std::string::npos,
        text);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
