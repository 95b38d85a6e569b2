#include "protocol/answer_pace.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <ostream>
#include <random>
#include <string>

namespace allot {

static std::ostream& operator<<(std::ostream& out, answer_pace::verdict value) {
    return out << static_cast<int>(value);
}

namespace {

using namespace std::chrono_literals;
using verdict = answer_pace::verdict;

constexpr answer_pace::time_point start{123'456'789ms};
constexpr answer_pace_params params{20s, 10s, 500};

struct fixture {
    answer_pace pace{params, start, start + 60s};

    void come(std::chrono::milliseconds after, std::size_t size, bool fields_done) {
        pace.on_bytes(start + after, size, fields_done);
    }
    /// Good until just before `after`, and this verdict from then on.
    void expect(std::chrono::milliseconds after, verdict what) {
        BOOST_TEST((pace.next_check() == start + after));
        BOOST_TEST(pace.check(start + after - 1ms) == verdict::good);
        BOOST_TEST(pace.check(start + after) == what);
        BOOST_TEST(pace.check(start + after) == what);
    }
};

BOOST_FIXTURE_TEST_SUITE(answer_pace_suite, fixture)

BOOST_AUTO_TEST_CASE(row_11_no_answer_costs_the_time_for_fields) {
    expect(20s, verdict::slow_fields);
    BOOST_TEST(pace.reason() == "status line and fields took more than 20 s");
}

BOOST_AUTO_TEST_CASE(row_11_fields_byte_by_byte_cost_no_more) {
    for (int second = 1; second != 20; ++second) {
        come(second * 1s, 1, false);
        BOOST_TEST(pace.check(start + second * 1s) == verdict::good);
    }
    expect(20s, verdict::slow_fields);
}

BOOST_AUTO_TEST_CASE(row_11_silence_in_the_fields_ends_earlier) {
    come(3s, 100, false);
    expect(13s, verdict::silent);
    BOOST_TEST(pace.reason() == "nothing more came for 10 s");
}

BOOST_AUTO_TEST_CASE(row_11_silence_in_the_body) {
    come(3s, 100, true);
    BOOST_TEST(pace.check(start + 12s) == verdict::good);
    come(12s, 100'000, true);
    // The rate is looked at in between, and is good.
    BOOST_TEST((pace.next_check() == start + 13s));
    BOOST_TEST(pace.check(start + 13s) == verdict::good);
    expect(22s, verdict::silent);
}

BOOST_AUTO_TEST_CASE(row_11_a_body_that_drips) {
    come(1s, 100, true);
    for (int second = 2; second != 11; ++second)
        come(second * 1s, 500, true);
    expect(11s, verdict::slow_body);
    BOOST_TEST(pace.reason() == "less than 500 bytes per second over 10 s");
}

BOOST_AUTO_TEST_CASE(row_11_what_came_at_once_does_not_excuse_a_drip) {
    come(1s, 1'000'000, true);
    come(2s, 1'000'000, true);
    BOOST_TEST(pace.check(start + 11s) == verdict::good);
    for (int second = 12; second != 21; ++second)
        come(second * 1s, 1, true);
    expect(21s, verdict::slow_body);
}

BOOST_AUTO_TEST_CASE(row_11_the_least_rate_is_enough) {
    for (int second = 1; second != 60; ++second) {
        come(second * 1s, 500, true);
        BOOST_TEST(pace.check(start + second * 1s) == verdict::good);
    }
    expect(60s, verdict::late);
    BOOST_TEST(pace.reason() == "no end within the deadline");
}

BOOST_AUTO_TEST_CASE(the_deadline_of_the_whole_comes_first) {
    answer_pace hasty(params, start, start + 5s);
    BOOST_TEST((hasty.next_check() == start + 5s));
    hasty.on_bytes(start + 1s, 1, false);
    BOOST_TEST((hasty.next_check() == start + 5s));
    hasty.on_bytes(start + 2s, 1, true);
    BOOST_TEST((hasty.next_check() == start + 5s));
    BOOST_TEST(hasty.check(start + 5s) == verdict::late);
}

BOOST_AUTO_TEST_CASE(without_a_least_rate_any_drip_will_do) {
    answer_pace patient({20s, 10s, 0}, start, start + 60s);
    for (int second = 1; second < 60; second += 9) {
        patient.on_bytes(start + second * 1s, 1, true);
        BOOST_TEST(patient.check(start + second * 1s) == verdict::good);
    }
}

BOOST_AUTO_TEST_CASE(an_interim_answer_does_not_count_as_fields) {
    come(1s, 100, true);
    come(2s, 25, false);
    BOOST_TEST((pace.next_check() == start + 12s));
    come(11s, 25, false);
    expect(20s, verdict::slow_fields);
}

BOOST_AUTO_TEST_CASE(a_time_that_is_no_whole_second_is_told_in_milliseconds) {
    answer_pace hasty({1500ms, 10s, 0}, start, start + 60s);
    BOOST_TEST(hasty.check(start + 2s) == verdict::slow_fields);
    BOOST_TEST(hasty.reason() == "status line and fields took more than 1500 ms");
}

/// Whatever a peer does, an answer that is never complete ends, at the time that its rules give; and one that
/// keeps to them is not given up. As a driver does, it is looked at when it asks for that, and not before.
BOOST_AUTO_TEST_CASE(row_11_every_drip_is_bounded) {
    std::mt19937 random(11);
    auto const draw = [&random](int most) {
        return static_cast<int>(random() % static_cast<unsigned>(most));
    };
    for (int run = 0; run != 20'000; ++run) {
        answer_pace one(params, start, start + 300s);
        auto now = start;
        auto armed = one.next_check();
        auto begun = answer_pace::time_point::max();
        auto last = start;
        std::size_t bytes = 0;
        auto outcome = verdict::good;
        while (outcome == verdict::good) {
            auto const next = now + (1 + draw(draw(4) == 0 ? 12'000 : 1'500)) * 1ms;
            while (armed <= next && outcome == verdict::good) {
                now = armed;
                outcome = one.check(now);
                if (outcome == verdict::good) {
                    BOOST_REQUIRE(one.next_check() > now);
                    armed = one.next_check();
                }
            }
            if (outcome != verdict::good)
                break;
            now = last = next;
            auto const size = static_cast<std::size_t>(1 + draw(draw(2) == 0 ? 10 : 2'000));
            if (begun == answer_pace::time_point::max() && draw(8) == 0)
                begun = now;
            else if (begun != answer_pace::time_point::max())
                bytes += size;
            one.on_bytes(now, size, begun != answer_pace::time_point::max());
            armed = std::min(armed, one.next_check());
        }
        auto const in_fields = begun == answer_pace::time_point::max();
        switch (outcome) {
        case verdict::slow_fields:
            BOOST_REQUIRE((in_fields && now == start + 20s));
            break;
        case verdict::silent:
            BOOST_REQUIRE((now == last + 10s));
            break;
        case verdict::slow_body:
            BOOST_REQUIRE((!in_fields && now >= begun + 10s));
            break;
        case verdict::late:
            BOOST_REQUIRE((now == start + 300s));
            // All whole spans of the body were fast enough.
            BOOST_REQUIRE(
                static_cast<double>(bytes) >= 500 * std::chrono::duration<double>(now - begun - 10s).count());
            break;
        case verdict::good:
            BOOST_REQUIRE(false);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}
}
