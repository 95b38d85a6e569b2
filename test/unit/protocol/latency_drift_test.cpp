#include "protocol/latency_drift.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::chrono_literals;
using allot::latency_drift;
using std::chrono::nanoseconds;

struct fixture {
    latency_drift::time_point now{1h};
};

}

BOOST_FIXTURE_TEST_SUITE(latency_drift_suite, fixture)

BOOST_AUTO_TEST_CASE(answers_that_become_slower_are_a_drift_until_they_are_usual) {
    latency_drift drift;
    auto const run = [&](nanoseconds time, nanoseconds latency) {
        for (auto const end = now + time; now < end; now += 10ms)
            drift.on_answers(now, 1, latency);
    };
    run(5s, 100ms);
    BOOST_TEST(!drift.slower());
    run(1'500ms, 140ms);
    BOOST_TEST(!drift.slower());
    run(1'500ms, 200ms);
    BOOST_TEST(drift.slower());
    run(25s, 200ms);
    BOOST_TEST(!drift.slower());
}

BOOST_AUTO_TEST_CASE(single_slow_answers_and_small_differences_are_no_drift) {
    latency_drift drift;
    for (int i = 0; i != 2'000; ++i)
        drift.on_answers(now += 10ms, 1, i % 10 == 0 ? 2ms : 500ms);
    BOOST_TEST(!drift.slower());
    for (int i = 0; i != 200; ++i)
        drift.on_answers(now += 10ms, 1, 6ms);
    BOOST_TEST(!drift.slower());
}

BOOST_AUTO_TEST_SUITE_END()
