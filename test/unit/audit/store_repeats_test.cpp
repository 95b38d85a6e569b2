#include "audit/store/repeat_filter.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace allot;

namespace {

constexpr auto admin = assignment_scope::admin;
constexpr auto user = assignment_scope::user;
constexpr auto group = assignment_scope::group;

}

BOOST_AUTO_TEST_SUITE(store_repeats)

BOOST_AUTO_TEST_CASE(what_stands_once_is_not_suspected) {
    repeat_filter filter;
    filter.add(admin, "", "a");
    filter.add(user, "u", "a");
    filter.add(group, "u", "a");
    filter.add(user, "v", "a");
    filter.add(user, "a", "u");
    BOOST_TEST(!filter.suspects_any());
    BOOST_TEST(!filter.suspects(user, "u", "a"));
}

BOOST_AUTO_TEST_CASE(what_stands_again_is_suspected_and_no_other) {
    repeat_filter filter;
    for (int times = 0; times != 3; ++times)
        filter.add(user, "u", "a");
    filter.add(admin, "", "a");
    BOOST_TEST(filter.suspects_any());
    BOOST_TEST(filter.suspects(user, "u", "a"));
    BOOST_TEST(!filter.suspects(admin, "", "a"));
    BOOST_TEST(!filter.suspects(group, "u", "a"));
    BOOST_TEST(!filter.suspects(user, "v", "a"));
}

BOOST_AUTO_TEST_CASE(no_repeat_escapes_and_few_others_are_suspected) {
    repeat_filter filter;
    constexpr int different = 200'000;
    auto const id = [](int number) { return "id-" + std::to_string(number); };
    for (int number = 0; number != different; ++number)
        filter.add(user, id(number % 7), id(number));
    for (int number = 0; number < different; number += 2)
        filter.add(user, id(number % 7), id(number));
    int suspected = 0;
    for (int number = 0; number != different; ++number) {
        bool const suspects = filter.suspects(user, id(number % 7), id(number));
        if (number % 2 == 0)
            BOOST_TEST_REQUIRE(suspects);
        else if (suspects)
            ++suspected;
    }
    BOOST_TEST(suspected < different / 2 / 50);
}

BOOST_AUTO_TEST_SUITE_END()
