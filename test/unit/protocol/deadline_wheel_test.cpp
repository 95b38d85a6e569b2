#include "protocol/deadline_wheel.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <random>
#include <vector>

namespace allot {
namespace {

using namespace std::chrono_literals;

struct entry final : deadline {};

constexpr deadline_wheel::time_point start{123'456'789ms};

BOOST_AUTO_TEST_SUITE(deadline_wheel_suite)

BOOST_AUTO_TEST_CASE(expires_at_its_time_and_not_before) {
    deadline_wheel wheel;
    entry one;
    wheel.arm(one, start + 30s);
    for (auto at = start; at < start + 30s; at += 7ms)
        BOOST_TEST(!wheel.expired(at));
    BOOST_TEST(!wheel.expired(start + 30s - 1ns));
    BOOST_TEST(wheel.expired(start + 30s) == &one);
    BOOST_TEST(!one.armed());
    BOOST_TEST(wheel.empty());
}

BOOST_AUTO_TEST_CASE(a_time_in_the_past_expires_within_a_tick) {
    deadline_wheel wheel;
    entry one;
    BOOST_TEST(!wheel.expired(start));
    wheel.arm(one, start - 1h);
    BOOST_TEST(wheel.expired(start + deadline_wheel::tick) == &one);
}

BOOST_AUTO_TEST_CASE(disarmed_moved_and_destroyed_entries_do_not_expire) {
    deadline_wheel wheel;
    entry one;
    wheel.arm(one, start + 1s);
    one.disarm();
    one.disarm();
    {
        entry gone;
        wheel.arm(gone, start + 1s);
    }
    entry moved;
    wheel.arm(moved, start + 1s);
    wheel.arm(moved, start + 2s);
    BOOST_TEST(!wheel.expired(start + 1500ms));
    BOOST_TEST(!wheel.empty());
    BOOST_TEST(wheel.expired(start + 3s) == &moved);
    BOOST_TEST(wheel.empty());
}

BOOST_AUTO_TEST_CASE(nothing_is_missed_after_a_long_pause) {
    deadline_wheel wheel;
    std::vector<entry> entries(500);
    for (std::size_t i = 0; i != entries.size(); ++i)
        wheel.arm(entries[i], start + i * 97ms);
    std::size_t found = 0;
    while (wheel.expired(start + 24h))
        ++found;
    BOOST_TEST(found == entries.size());
}

BOOST_AUTO_TEST_CASE(random_entries_expire_once_between_their_time_and_a_tick_later) {
    std::mt19937 random(5);
    deadline_wheel wheel;
    std::vector<std::unique_ptr<entry>> entries;
    auto now = start;
    std::size_t expired = 0;
    for (int step = 0; step != 20'000; ++step) {
        if (step < 10'000) {
            entries.push_back(std::make_unique<entry>());
            wheel.arm(*entries.back(), now + std::chrono::milliseconds(random() % 40'000));
        }
        now += std::chrono::milliseconds(random() % 10);
        while (auto* const found = wheel.expired(now)) {
            BOOST_TEST((found->at() <= now));
            BOOST_TEST((found->at() + 2 * deadline_wheel::tick > now));
            ++expired;
        }
    }
    while (wheel.expired(now + 1min))
        ++expired;
    BOOST_TEST(expired == entries.size());
}

BOOST_AUTO_TEST_SUITE_END()

}
}
