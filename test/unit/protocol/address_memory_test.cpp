#include "protocol/address_memory.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using allot::address_memory;
using allot::address_verdict;
using allot::network_address;

address_memory::time_point const start{1h};

std::vector<network_address> list(std::vector<std::string> const& texts) {
    std::vector<network_address> made;
    for (auto const& each : texts)
        made.push_back({each});
    return made;
}

std::string joined(std::vector<network_address> const& of) {
    std::string text;
    for (auto const& each : of)
        text.append(text.empty() ? "" : " ").append(each.text);
    return text;
}

struct fixture {
    address_memory memory;
    address_memory::time_point now = start;

    std::string order(std::vector<std::string> const& resolved) {
        return joined(memory.order(now, list(resolved)));
    }
    void note(std::string const& address, address_verdict verdict) { memory.note(now, {address}, verdict); }
};

constexpr auto worked = address_verdict::worked;
constexpr auto failed = address_verdict::failed;

BOOST_FIXTURE_TEST_SUITE(address_memories, fixture)

BOOST_AUTO_TEST_CASE(row_20_families_alternate_and_the_resolvers_first_one_begins) {
    BOOST_TEST(order({"::1", "::2", "::3", "1.1.1.1", "2.2.2.2"}) == "::1 1.1.1.1 ::2 2.2.2.2 ::3");
    memory = {};
    BOOST_TEST(order({"1.1.1.1", "2.2.2.2", "::1", "::2"}) == "1.1.1.1 ::1 2.2.2.2 ::2");
    memory = {};
    BOOST_TEST(order({"::1"}) == "::1");
    BOOST_TEST(order({}) == "");
}

BOOST_AUTO_TEST_CASE(row_19_connections_spread_over_all_addresses_of_the_first_family) {
    std::map<std::string, int> first;
    for (int i = 0; i != 30; ++i) {
        auto const made = memory.order(now, list({"1.1.1.1", "2.2.2.2", "3.3.3.3", "::1"}));
        BOOST_TEST_REQUIRE(made.size() == 4u);
        BOOST_TEST(made[1].text == "::1");
        ++first[made[0].text];
        note(made[0].text, worked);
    }
    BOOST_TEST(first.size() == 3u);
    for (auto const& [address, count] : first)
        BOOST_TEST(count == 10, address);
}

BOOST_AUTO_TEST_CASE(what_failed_comes_last_the_longest_ago_first) {
    note("2.2.2.2", failed);
    now += 1s;
    note("1.1.1.1", failed);
    BOOST_TEST(order({"1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4"}) == "3.3.3.3 4.4.4.4 2.2.2.2 1.1.1.1");
    BOOST_TEST(order({"1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4"}) == "4.4.4.4 3.3.3.3 2.2.2.2 1.1.1.1");
}

BOOST_AUTO_TEST_CASE(row_20_a_family_that_failed_comes_after_the_other) {
    note("::1", failed);
    note("::2", failed);
    BOOST_TEST(order({"::1", "::2", "1.1.1.1", "2.2.2.2"}) == "1.1.1.1 2.2.2.2 ::1 ::2");
}

BOOST_AUTO_TEST_CASE(row_20_one_failure_speaks_for_its_family_while_only_the_other_works) {
    note("::1", failed);
    BOOST_TEST(order({"::1", "::2", "1.1.1.1"}) == "::2 1.1.1.1 ::1");
    note("1.1.1.1", worked);
    BOOST_TEST(order({"::1", "::2", "1.1.1.1"}) == "1.1.1.1 ::2 ::1");
    note("::2", worked);
    BOOST_TEST(order({"::1", "::2", "1.1.1.1"}) == "::2 1.1.1.1 ::1");
    now += address_memory::span;
    BOOST_TEST(order({"::1", "::2", "1.1.1.1"}) == "::2 1.1.1.1 ::1");
}

BOOST_AUTO_TEST_CASE(behind_the_one_whose_turn_it_is_come_those_that_worked) {
    note("3.3.3.3", worked);
    BOOST_TEST(order({"1.1.1.1", "2.2.2.2", "3.3.3.3"}) == "1.1.1.1 3.3.3.3 2.2.2.2");
}

BOOST_AUTO_TEST_CASE(verdicts_are_replaced_and_fade) {
    note("1.1.1.1", failed);
    note("1.1.1.1", address_verdict::none);
    BOOST_TEST(order({"1.1.1.1", "::1"}) == "::1 1.1.1.1");
    now += address_memory::span - 1ms;
    BOOST_TEST(order({"1.1.1.1", "::1"}) == "::1 1.1.1.1");
    now += 1ms;
    BOOST_TEST(order({"1.1.1.1", "::1"}) == "1.1.1.1 ::1");
    note("1.1.1.1", failed);
    note("1.1.1.1", worked);
    BOOST_TEST(order({"1.1.1.1", "::1"}) == "1.1.1.1 ::1");
}

BOOST_AUTO_TEST_CASE(no_address_is_lost_or_doubled) {
    std::vector<std::string> const all{"::1", "1.1.1.1", "::2", "::3", "2.2.2.2"};
    for (unsigned verdicts = 0; verdicts != 243; ++verdicts) {
        memory = {};
        auto rest = verdicts;
        for (auto const& each : all) {
            note(each, static_cast<address_verdict>(rest % 3));
            rest /= 3;
        }
        for (int turn = 0; turn != 4; ++turn) {
            auto made = memory.order(now, list(all));
            for (auto const& each : all)
                BOOST_TEST(std::erase(made, network_address{each}) == 1u);
            BOOST_TEST(made.empty());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}
