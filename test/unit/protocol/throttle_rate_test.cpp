#include "protocol/throttle_gate_state.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using allot::departure;
using allot::departure_kind;
using allot::throttle_gate_state;
using time_point = throttle_gate_state::time_point;
using ticket = throttle_gate_state::ticket;

struct fixture {
    throttle_gate_state gate{{.max_in_flight = 100}};
    time_point now{1h};

    ticket enter() {
        auto const entered = gate.try_enter(now);
        BOOST_REQUIRE(entered.has_value());
        return *entered;
    }

    void answer(departure how) {
        how.kind = departure_kind::answered;
        gate.leave(now, enter(), how);
    }

    /// 100 units a second for 20 s, then a block of 10 s of which `refused` requests hear: the server's
    /// bucket of 10 s was empty, so it grants 2,000 / 30 s.
    void learn(std::size_t refused = 1) {
        for (int i = 0; i != 2'000; ++i) {
            now += 10ms;
            answer({});
        }
        std::vector<ticket> inside;
        for (std::size_t i = 0; i != refused; ++i)
            inside.push_back(enter());
        for (auto const& each : inside)
            gate.leave(now, each, {departure_kind::throttled, 10s});
    }

    double rate() const { return gate.rate(now).value_or(0); }

    /// How many enter in a time, in a long line, each answered at once.
    std::size_t admitted_in(nanoseconds time, departure how = {departure_kind::answered, {}}) {
        auto const end = now + time;
        std::size_t admitted = 0;
        for (;;) {
            if (!gate.has_waiters())
                gate.wait(1);
            auto const at = gate.wake_at(now);
            BOOST_REQUIRE(at.has_value());
            if (*at >= end)
                break;
            now = *at;
            while (auto const next = gate.admit_next(now)) {
                ++admitted;
                gate.wait(1);
                gate.leave(now, next->ticket, how);
            }
        }
        now = end;
        return admitted;
    }
};

}

BOOST_FIXTURE_TEST_SUITE(throttle_rate_suite, fixture)

BOOST_AUTO_TEST_CASE(nothing_is_paced_before_the_first_refusal) {
    for (int i = 0; i != 2'000; ++i)
        answer({});
    BOOST_TEST(!gate.rate(now).has_value());
    BOOST_TEST(!gate.throttled_until(now).has_value());
}

BOOST_AUTO_TEST_CASE(a_block_shows_the_rate) {
    learn();
    now += 40s; // past the time in which the rate is raised
    BOOST_TEST(rate() == 0.95 * 2'000 / 30, boost::test_tools::tolerance(0.02));
}

BOOST_AUTO_TEST_CASE(one_cut_of_the_rate_per_block) {
    learn(30);
    now += 40s;
    BOOST_TEST(rate() == 0.95 * 2'000 / 30, boost::test_tools::tolerance(0.02));
}

BOOST_AUTO_TEST_CASE(answers_count_from_when_their_calls_were_sent) {
    // A busy machine reads the answers of three seconds in one instant.
    throttle_gate_state busy{{.max_in_flight = 400}};
    std::vector<std::pair<throttle_gate_state::time_point, ticket>> sent;
    for (int i = 0; i != 390; ++i) {
        sent.emplace_back(now, busy.try_enter(now).value());
        now += 7'692us;
    }
    auto const refused = busy.try_enter(now).value();
    for (auto const& [at, each] : sent) {
        departure how{departure_kind::answered, {}};
        how.latency = now - at;
        busy.leave(now, each, how);
    }
    busy.leave(now, refused, {departure_kind::throttled, 10s});
    now += 50s;
    // Too few for a documented budget: a bucket of one second.
    BOOST_TEST(busy.rate(now).value_or(0) == 0.95 * 390 / (3 + 1), boost::test_tools::tolerance(0.02));
}

BOOST_AUTO_TEST_CASE(after_a_hold_entries_are_spread_and_what_gathered_is_used) {
    learn();
    now += 10s;
    // What gathered in 10 s is not sent at once ...
    BOOST_TEST(admitted_in(100ms) <= 10u);
    // ... but four fifths of it within three times as long.
    auto const in_30_seconds = static_cast<double>(admitted_in(29'900ms));
    BOOST_TEST(in_30_seconds > 66.7 * 35);
    BOOST_TEST(in_30_seconds < 66.7 * 39);
}

BOOST_AUTO_TEST_CASE(the_rate_grows_the_longer_nothing_speaks_against_it) {
    learn();
    now += 10s;
    admitted_in(30s);
    auto const before = rate();
    admitted_in(10s);
    auto const early = rate() / before;
    BOOST_TEST(early < 1.05);
    admitted_in(60s);
    BOOST_TEST(rate() / before > 1.5);
}

BOOST_AUTO_TEST_CASE(an_early_hiccup_is_made_up_for_soon) {
    for (int i = 0; i != 300; ++i) {
        now += 1ms;
        answer({});
    }
    gate.leave(now, enter(), {departure_kind::throttled, 1s});
    now += 1s;
    // No documented budget is that small: its bucket is not taken to hold 10 s.
    BOOST_TEST(rate() < 300);
    BOOST_TEST(rate() > 200);
    admitted_in(30s);
    BOOST_TEST(rate() > 800);
}

BOOST_AUTO_TEST_CASE(growth_is_fast_where_the_last_block_is_refuted) {
    learn();
    now += 10s;
    admitted_in(70s);
    auto const before = rate();
    BOOST_TEST(before > 1.3 * 2'000 / 30);
    admitted_in(20s);
    BOOST_TEST(rate() > before * 4);
}

BOOST_AUTO_TEST_CASE(an_unused_rate_does_not_grow) {
    learn();
    now += 45s;
    auto const before = rate();
    for (int i = 0; i != 100; ++i) {
        now += 1s;
        answer({});
    }
    BOOST_TEST(rate() == before);
}

BOOST_AUTO_TEST_CASE(the_cost_of_a_call_counts) {
    learn();
    now += 45s;
    departure dear{departure_kind::answered, {}};
    dear.units = 4;
    admitted_in(5s, dear);
    auto const calls = static_cast<double>(admitted_in(10s, dear));
    BOOST_TEST(calls > rate() * 10 / 4 * 0.9);
    BOOST_TEST(calls < rate() * 10 / 4 * 1.1);
}

BOOST_AUTO_TEST_CASE(shown_load_sets_and_lowers_the_rate) {
    for (int i = 0; i != 500; ++i) {
        now += 10ms;
        answer({});
    }
    departure loaded;
    loaded.load = 0.7;
    answer(loaded);
    BOOST_TEST(!gate.rate(now).has_value());
    loaded.load = 0.9;
    answer(loaded);
    auto const first = rate();
    // 500 units in 5 s used up nine tenths of a bucket of 10 s.
    BOOST_TEST(first == 0.97 * 500 / (5 + 9), boost::test_tools::tolerance(0.02));
    // Once a second at most, and then by more when the limit is passed.
    now += 100ms;
    answer(loaded);
    BOOST_TEST(rate() == first);
    now += 1s;
    loaded.load = 1.2;
    answer(loaded);
    BOOST_TEST(rate() == first * 0.85, boost::test_tools::tolerance(0.001));
    // And then it grows again, by little.
    admitted_in(30s);
    BOOST_TEST(rate() > first * 0.9);
    BOOST_TEST(rate() < first * 1.2);
}

BOOST_AUTO_TEST_CASE(load_that_never_ends_leaves_half_of_what_was_granted) {
    learn();
    now += 40s;
    auto const before = rate();
    departure loaded{departure_kind::answered, {}};
    loaded.load = 1.5;
    admitted_in(60s, loaded);
    BOOST_TEST(rate() > before * 0.49);
    BOOST_TEST(rate() < before * 0.6);
}

BOOST_AUTO_TEST_CASE(what_remains_is_spread_over_its_time) {
    departure left;
    left.remaining = allot::remaining_budget{50, 10s};
    answer(left);
    BOOST_TEST(rate() == 5, boost::test_tools::tolerance(0.001));
    BOOST_TEST(admitted_in(8s) <= 41u);
    now += 2s;
    BOOST_TEST(!gate.rate(now).has_value());
}

BOOST_AUTO_TEST_CASE(nothing_left_is_no_hold_for_ever) {
    departure left;
    left.remaining = allot::remaining_budget{0, 24h};
    answer(left);
    BOOST_TEST((*gate.throttled_until(now) <= now + 1min));
}

BOOST_AUTO_TEST_CASE(slower_answers_lower_a_rate_that_is_beyond_what_was_granted) {
    learn();
    now += 10s;
    departure quick{departure_kind::answered, {}};
    quick.latency = 50ms;
    admitted_in(60s, quick);
    auto const before = rate();
    departure slow{departure_kind::answered, {}};
    slow.latency = 200ms;
    admitted_in(4s, slow);
    BOOST_TEST(rate() < before * 0.96);
    BOOST_TEST(rate() > 0.9 * 2'000 / 30);
}

BOOST_AUTO_TEST_SUITE_END()
