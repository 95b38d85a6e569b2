#include "protocol/consumption.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using allot::consumption;

struct fixture {
    consumption::time_point now{1h};
};

}

BOOST_FIXTURE_TEST_SUITE(consumption_suite, fixture)

BOOST_AUTO_TEST_CASE(a_sustained_rate_is_found_behind_a_slow_start) {
    consumption granted;
    // A bucket of 1,000 that is refilled by 100 a second: full for 20 s at 50 a second, then drained.
    for (int i = 0; i != 20'00; ++i)
        granted.add(now + i * 10ms, 0.5);
    for (int i = 20'00; i != 30'00; ++i)
        granted.add(now + i * 10ms, 2);
    auto const found = granted.sustainable(now + 30s, now, 10s, 10s);
    BOOST_TEST(found == 100, boost::test_tools::tolerance(0.03));
    BOOST_TEST(granted.since(now + 30s, now + 20s) == 2'000, boost::test_tools::tolerance(0.03));
}

BOOST_AUTO_TEST_CASE(consumption_forgets_after_a_minute) {
    consumption granted;
    granted.add(now, 10);
    granted.add(now + 2h, 1);
    BOOST_TEST(granted.since(now + 2h, now) == 1);
}

BOOST_AUTO_TEST_CASE(consumption_takes_what_is_late) {
    consumption granted;
    auto const begin = now;
    granted.add(begin + 5s, 10);
    granted.add(begin + 1s, 20);
    granted.add(begin + 5s, 1);
    BOOST_TEST(granted.since(begin + 5s, begin) == 31);
    BOOST_TEST(granted.since(begin + 5s, begin + 2s) == 11);
    granted.add(begin - 2min, 1000);
    BOOST_TEST(granted.since(begin + 5s, begin - 3min) == 31);
}

BOOST_AUTO_TEST_SUITE_END()
