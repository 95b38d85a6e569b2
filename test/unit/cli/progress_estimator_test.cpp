#include "cli/progress_estimator.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>

using namespace allot;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

/// A run on a manual clock, looked at every 100 ms.
struct fixture {
    static constexpr auto tick = 100ms;

    progress_estimator estimator;
    progress_estimator::time_point now{1h};
    std::chrono::nanoseconds held{};
    std::uint64_t done = 0;

    fixture() { look(); }

    void look() { estimator.sample(now, done, held); }

    void go(milliseconds time, std::uint64_t rows_per_tick) {
        for (auto const end = now + time; now != end;) {
            now += tick;
            done += rows_per_tick;
            look();
        }
    }

    void hold(milliseconds time, std::uint64_t late_rows = 0) {
        for (auto const end = now + time; now != end;) {
            now += tick;
            held += tick;
            done += late_rows;
            late_rows = 0;
            look();
        }
    }

    double speed() const { return estimator.rows_per_second().value_or(-1); }

    /// In seconds; -1 for nothing.
    double left(std::uint64_t rows, milliseconds hold_left = 0ms) const {
        auto const time = estimator.time_left(rows, hold_left);
        return time ? std::chrono::duration<double>(*time).count() : -1;
    }
};

auto const tolerance = boost::test_tools::tolerance(0.01);
auto const rough = boost::test_tools::tolerance(0.15);

}

BOOST_FIXTURE_TEST_SUITE(progress_estimator_, fixture)

BOOST_AUTO_TEST_CASE(of_too_little_nothing_is_said) {
    BOOST_TEST(speed() == -1);
    BOOST_TEST(left(10) == -1);
    go(1'900ms, 10);
    BOOST_TEST(speed() == -1);
    BOOST_TEST(left(10) == -1);
    go(100ms, 10);
    BOOST_TEST(speed() == 100, tolerance);
    BOOST_TEST(left(1'000) == 10, tolerance);
}

BOOST_AUTO_TEST_CASE(without_rows_there_is_a_speed_but_no_end) {
    go(10s, 0);
    BOOST_TEST(speed() == 0);
    BOOST_TEST(left(10) == -1);
}

BOOST_AUTO_TEST_CASE(an_end_beyond_a_year_is_none) {
    go(10s, 1);
    BOOST_TEST(left(4'000'000'000'000) == -1);
    BOOST_TEST(left(300'000'000) > 0);
}

BOOST_AUTO_TEST_CASE(rows_done_before_do_not_count_for_the_speed) {
    progress_estimator resumed;
    resumed.sample(now, 1'000'000, 0ns);
    resumed.sample(now + 10s, 1'000'100, 0ns);
    BOOST_TEST(resumed.rows_per_second().value_or(-1) == 10, tolerance);
}

BOOST_AUTO_TEST_CASE(holds_of_an_earlier_phase_do_not_count) {
    progress_estimator late;
    late.sample(now, 0, 1h);
    late.sample(now + 10s, 100, 1h);
    BOOST_TEST(late.rows_per_second().value_or(-1) == 10, tolerance);
    BOOST_TEST(late.time_left(100, 0ms).value_or(0ms).count() == 10'000, tolerance);
}

BOOST_AUTO_TEST_CASE(a_hold_adds_what_is_left_of_it_and_nothing_else) {
    go(20s, 10);
    auto const before = left(1'000);
    hold(5s, 64);
    BOOST_TEST(speed() == 100, tolerance); // the answers under way came in without time
    BOOST_TEST(left(1'000, 25s) == before + 25, tolerance);
    hold(20s);
    BOOST_TEST(left(1'000, 5s) == before + 5, tolerance);
    hold(5s);
    BOOST_TEST(left(1'000) == before, tolerance);
}

BOOST_AUTO_TEST_CASE(behind_a_hold_the_time_goes_on_without_a_jump) {
    go(20s, 10);
    hold(30s, 30);
    auto before = left(1'000);
    for (int second = 0; second != 20; ++second) {
        go(1s, 10);
        BOOST_TEST(left(1'000) == before, rough);
        before = left(1'000);
    }
}

BOOST_AUTO_TEST_CASE(a_hold_before_the_first_row_is_no_speed) {
    hold(1min);
    BOOST_TEST(speed() == -1);
    BOOST_TEST(left(1'000, 10s) == -1);
}

BOOST_AUTO_TEST_CASE(the_speed_follows_a_change) {
    go(60s, 10);
    go(10s, 1);
    BOOST_TEST(speed() < 50);
    go(40s, 1);
    BOOST_TEST(speed() == 10, rough);
}

BOOST_AUTO_TEST_CASE(one_slow_tick_does_not_shake_it) {
    go(60s, 10);
    go(500ms, 0);
    BOOST_TEST(speed() == 100, rough);
}

BOOST_AUTO_TEST_CASE(it_does_not_matter_how_often_one_looks) {
    progress_estimator seldom;
    seldom.sample(now, 0, 0ns);
    seldom.sample(now + 30s, 300, 0ns);
    BOOST_TEST(seldom.rows_per_second().value_or(-1) == 10, tolerance);
}

BOOST_AUTO_TEST_CASE(holds_that_come_again_and_again_stretch_the_time) {
    // A minute of work, a minute of hold: the rest takes twice as long as its work.
    for (int round = 0; round != 20; ++round) {
        go(60s, 10);
        hold(60s);
    }
    go(100ms, 10);
    BOOST_TEST(left(6'000) == 120, rough);
    // When they stay away they are forgotten.
    go(std::chrono::hours(10), 10);
    BOOST_TEST(left(6'000) == 60, rough);
}

BOOST_AUTO_TEST_CASE(clocks_that_are_not_quite_the_same_do_no_harm) {
    go(20s, 10);
    now += 100ms;
    held += 101ms;
    look();
    BOOST_TEST(speed() == 100, tolerance);
    look();
    BOOST_TEST(speed() == 100, tolerance);
}

BOOST_AUTO_TEST_SUITE_END()
