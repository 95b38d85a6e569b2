#include "simulator/fault_rules.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace allot::simulation {
namespace {

using namespace std::chrono_literals;
using endpoint = fault_rules::endpoint;

std::vector<rule> rules_of(std::string_view json) {
    return parse_script(json).value().rules;
}

/// What rule each of so many equal requests falls under: its number, or "-".
std::string sequence(std::vector<rule> const& rules, int count, std::uint64_t seed = 1) {
    fault_rules matcher(rules, seed);
    std::string out;
    for (int each = 0; each != count; ++each) {
        auto const found = matcher.match(endpoint::graph, "/beta/x", 0s);
        out += found ? static_cast<char>('0' + *found) : '-';
    }
    return out;
}

BOOST_AUTO_TEST_SUITE(fault_rules_suite)

BOOST_AUTO_TEST_CASE(without_conditions_every_request_to_graph) {
    auto const rules = rules_of(R"({"rules": [{"do": {"reset": true}}]})");
    BOOST_TEST(sequence(rules, 3) == "000");
    fault_rules matcher(rules, 1);
    BOOST_TEST(!matcher.match(endpoint::token, "/t/oauth2/v2.0/token", 0s));
}

BOOST_AUTO_TEST_CASE(token_requests_only_by_path) {
    auto const rules = rules_of(R"({"rules": [{"match": {"path": "/token$"}, "do": {"status": 503}}]})");
    fault_rules matcher(rules, 1);
    BOOST_TEST(matcher.match(endpoint::token, "/t/oauth2/v2.0/token", 0s).has_value());
    BOOST_TEST(!matcher.match(endpoint::graph, "/beta/admin", 0s));
}

BOOST_AUTO_TEST_CASE(nth_and_every) {
    BOOST_TEST(
        sequence(rules_of(R"({"rules": [{"match": {"nth": [5, 1]}, "do": {"status": 500}}]})"), 7) ==
        "0---0--");
    BOOST_TEST(
        sequence(rules_of(R"({"rules": [{"match": {"every": 3}, "do": {"status": 500}}]})"), 7) == "--0--0-");
}

BOOST_AUTO_TEST_CASE(all_conditions_must_hold) {
    auto const rules =
        rules_of(R"({"rules": [{"match": {"nth": [2, 3, 4], "every": 2}, "do": {"status": 500}}]})");
    BOOST_TEST(sequence(rules, 6) == "-0-0--");
}

BOOST_AUTO_TEST_CASE(first_match_wins_and_counts_do_not_depend_on_other_rules) {
    auto const rules = rules_of(R"({"rules": [
        {"match": {"nth": [1, 2]}, "do": {"status": 500}},
        {"match": {"nth": [2, 3]}, "do": {"status": 503}},
        {"match": {"every": 4}, "do": {"reset": true}}]})");
    BOOST_TEST(sequence(rules, 8) == "0012---2");
}

BOOST_AUTO_TEST_CASE(only_requests_of_the_path_are_counted) {
    auto const rules =
        rules_of(R"({"rules": [{"match": {"path": "/users/", "nth": [2]}, "do": {"status": 500}}]})");
    fault_rules matcher(rules, 1);
    BOOST_TEST(!matcher.match(endpoint::graph, "/beta/users/1", 0s));
    BOOST_TEST(!matcher.match(endpoint::graph, "/beta/groups/1", 0s));
    BOOST_TEST(matcher.match(endpoint::graph, "/beta/users/1", 0s).has_value());
}

BOOST_AUTO_TEST_CASE(time_window) {
    auto const rules =
        rules_of(R"({"rules": [{"match": {"after_s": 2, "for_s": 0.5}, "do": {"status": 500}}]})");
    fault_rules matcher(rules, 1);
    BOOST_TEST(!matcher.match(endpoint::graph, "/", 1'999ms));
    BOOST_TEST(matcher.match(endpoint::graph, "/", 2'000ms).has_value());
    BOOST_TEST(matcher.match(endpoint::graph, "/", 2'499ms).has_value());
    BOOST_TEST(!matcher.match(endpoint::graph, "/", 2'500ms));
}

BOOST_AUTO_TEST_CASE(probability_is_met_and_repeats_by_seed) {
    auto const rules = rules_of(R"({"rules": [{"match": {"probability": 0.2}, "do": {"status": 500}}]})");
    auto const drawn = sequence(rules, 10'000, 3);
    auto const hits = std::count(drawn.begin(), drawn.end(), '0');
    BOOST_TEST(hits > 1'800);
    BOOST_TEST(hits < 2'200);
    BOOST_TEST(drawn == sequence(rules, 10'000, 3));
    BOOST_TEST(drawn != sequence(rules, 10'000, 4));
    BOOST_TEST(
        sequence(rules_of(R"({"rules": [{"match": {"probability": 0}, "do": {"status": 500}}]})"), 50) ==
        std::string(50, '-'));
    BOOST_TEST(
        sequence(rules_of(R"({"rules": [{"match": {"probability": 1}, "do": {"status": 500}}]})"), 50) ==
        std::string(50, '0'));
}

BOOST_AUTO_TEST_CASE(a_path_the_expression_cannot_decide_is_no_match) {
    path_pattern const slow("(a*)*(a*)*(a*)*b$");
    BOOST_TEST(!slow.found_in(std::string(30'000, 'a')));
}

BOOST_AUTO_TEST_CASE(items_of_batches) {
    auto const rules = rules_of(R"({"rules": [{"do": {"status": 500, "reset": true}},
                                              {"match": {"item": true}, "do": {"status": 503}},
                                              {"match": {"item": false}, "do": {"status": 504}}]})");
    fault_rules matcher(rules, 1);
    // What needs a connection of its own passes them by.
    BOOST_TEST(matcher.match(endpoint::item, "/beta/x", 0s).value() == 1u);
    BOOST_TEST(matcher.match(endpoint::graph, "/beta/x", 0s).value() == 0u);
    auto const second = std::vector<rule>(rules.begin() + 1, rules.end());
    fault_rules others(second, 1);
    BOOST_TEST(others.match(endpoint::graph, "/beta/x", 0s).value() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
