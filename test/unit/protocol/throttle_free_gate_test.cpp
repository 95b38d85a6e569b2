#include "protocol/throttle_gate_state.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

// When clients may pass by themselves, and that it comes to the same.

namespace {

using namespace std::chrono_literals;
using allot::departure;
using allot::departure_kind;
using allot::throttle_gate_state;
using ticket = throttle_gate_state::ticket;

struct fixture {
    throttle_gate_state gate;
    throttle_gate_state::time_point now{1h};

    departure answered(std::chrono::nanoseconds latency = 20ms) const {
        departure how{departure_kind::answered, {}};
        how.latency = latency;
        return how;
    }
    departure throttled(std::chrono::milliseconds hint) const { return {departure_kind::throttled, hint}; }
    void exchange(std::size_t times) {
        for (; times != 0; --times) {
            auto const entered = *gate.try_enter(now);
            now += 1ms;
            gate.leave(now, entered, answered(1ms));
        }
    }
};

}

BOOST_FIXTURE_TEST_SUITE(throttle_free_gate, fixture)

BOOST_AUTO_TEST_CASE(a_few_requests_are_free_from_the_start) {
    gate.add_lane({.max_in_flight = 12});
    BOOST_TEST(gate.is_free(now));
}

BOOST_AUTO_TEST_CASE(many_are_free_when_the_server_has_granted_enough) {
    gate.add_lane({.max_in_flight = 64});
    BOOST_TEST(!gate.is_free(now));
    exchange(2'000);
    BOOST_TEST(gate.is_free(now));
    // Another client with as many: now twice as much is to be free.
    gate.add_lane({.max_in_flight = 640});
    BOOST_TEST(!gate.is_free(now));
}

BOOST_AUTO_TEST_CASE(a_timeout_ends_it_until_the_limit_has_grown_back) {
    gate.add_lane({.max_in_flight = 2});
    auto const a = *gate.try_enter(now);
    auto const b = *gate.try_enter(now);
    gate.leave(now, a, {departure_kind::timed_out, {}});
    BOOST_TEST(!gate.is_free(now));
    gate.leave(now, b, answered()); // sent before the cut
    BOOST_TEST(!gate.is_free(now));
    exchange(1);
    BOOST_TEST(gate.is_free(now));
}

BOOST_AUTO_TEST_CASE(a_hold_ends_it_and_the_rate_that_it_taught_goes_on) {
    gate.add_lane({.max_in_flight = 4});
    exchange(500);
    gate.leave(now, *gate.try_enter(now), throttled(10s));
    BOOST_TEST(!gate.is_free(now));
    now += 11s;
    BOOST_TEST(!gate.is_free(now));
    BOOST_TEST(gate.rate(now).has_value());
}

BOOST_AUTO_TEST_CASE(one_that_was_throttled_for_no_rate_ends_it_while_requests_come_back_one_by_one) {
    gate.add_lane({.max_in_flight = 4});
    gate.leave(now, *gate.try_enter(now), throttled(1s));
    now += 1s;
    BOOST_TEST(!gate.is_free(now));
    exchange(1);
    auto const a = *gate.try_enter(now);
    auto const b = *gate.try_enter(now);
    BOOST_TEST(!gate.is_free(now));
    gate.leave(now, a, answered());
    gate.leave(now, b, answered());
    BOOST_TEST(gate.is_free(now));
}

BOOST_AUTO_TEST_CASE(what_passes_teaches_the_same_rate) {
    throttle_gate_state other;
    for (auto* const each : {&gate, &other})
        each->add_lane({.max_in_flight = 12});
    for (int tenth = 0; tenth != 40; ++tenth, now += 100ms) {
        for (int call = 0; call != 50; ++call)
            gate.leave(now, *gate.try_enter(now), answered());
        other.pass(now, 0, other.now_seen(), {.in = 50, .out = 50, .units = 50, .latencies = 50 * 20ms});
        other.on_latencies(now, 50, 20ms);
    }
    for (auto* const each : {&gate, &other})
        each->leave(now, *each->try_enter(now), throttled(10s));
    now += 10s;
    BOOST_TEST(gate.rate(now).has_value());
    BOOST_TEST(*gate.rate(now) == *other.rate(now), boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(who_passed_and_is_still_inside_counts) {
    gate.add_lane({.max_in_flight = 12});
    auto const seen = gate.now_seen();
    gate.pass(now, 0, seen, {.in = 5, .out = 2, .units = 2, .latencies = 2 * 20ms});
    BOOST_TEST(gate.in_flight() == 3u);
    gate.leave(now, *gate.try_enter(now), throttled(1s));
    now += 1s;
    // Those of before the hold take no place of those that may come back first.
    auto const first = gate.try_enter(now);
    BOOST_TEST(first.has_value());
    BOOST_TEST(!gate.try_enter(now).has_value());
    gate.pass(now, 0, seen, {.in = 0, .out = 3, .units = 3, .latencies = 3 * 20ms});
    BOOST_TEST(gate.in_flight() == 1u);
    BOOST_TEST(!gate.try_enter(now).has_value());
    gate.leave(now, *first, answered());
    BOOST_TEST(gate.in_flight() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(throttle_gate_large_requests, fixture)

BOOST_AUTO_TEST_CASE(it_takes_one_place_and_a_slot_for_each_call) {
    auto const lane = gate.add_lane({.max_in_flight = 2, .max_rate = 10});
    auto const large = gate.try_enter(now, lane, 20);
    BOOST_TEST(large.has_value());
    gate.wait(1, lane);
    BOOST_TEST((gate.wake_at(now) == now + 2s));
    BOOST_TEST(!gate.admit_next(now + 1'999ms).has_value());
    now += 2s;
    BOOST_TEST(gate.admit_next(now).has_value());
    BOOST_TEST(gate.in_flight() == 2u);
}

BOOST_AUTO_TEST_CASE(its_units_are_paid_for_at_the_learned_rate) {
    gate.add_lane({.max_in_flight = 50});
    exchange(500);
    gate.leave(now, *gate.try_enter(now), throttled(10s));
    now += 100s;
    for (int answer = 0; answer != 6; ++answer, now += 1s)
        exchange(1);
    auto const rate = *gate.rate(now);
    auto large = *gate.try_enter(now, 0, 20);
    gate.wait(1);
    BOOST_TEST((*gate.wake_at(now) - now) / 1.0s > 18 / rate);
    BOOST_TEST((*gate.wake_at(now) - now) / 1.0s < 22 / rate);
    gate.settle(now, large, answered(), 19);
    BOOST_TEST(large.calls == 1u);
    gate.leave(now, large, answered());
    BOOST_TEST(gate.in_flight() == 0u);
}

BOOST_AUTO_TEST_CASE(one_call_of_it_that_is_throttled_holds_all_and_the_rest_is_granted) {
    gate.add_lane({.max_in_flight = 4});
    auto large = *gate.try_enter(now, 0, 20);
    gate.settle(now, large, throttled(7s), 1);
    BOOST_TEST((gate.held_until(now) == now + 7s));
    BOOST_TEST(gate.holds() == 1u);
    BOOST_TEST(gate.outdated(large));
    gate.leave(now, large, answered());
    BOOST_TEST(gate.in_flight() == 0u);
    now += 7s;
    BOOST_TEST(gate.try_enter(now).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(throttle_gate_lost_clients, fixture)

// Whoever is inside may never leave: their client is stopped, and not destroyed.
BOOST_AUTO_TEST_CASE(one_more_enters_after_half_a_minute_without_an_entry) {
    gate.add_lane({.max_in_flight = 4});
    for (int cut = 0; cut != 4; ++cut)
        gate.leave(now, *gate.try_enter(now), {departure_kind::timed_out, {}});
    BOOST_TEST(gate.limit() == 1u);
    auto const lost = gate.try_enter(now);
    BOOST_TEST(lost.has_value());
    gate.wait(1);
    gate.wait(2);
    BOOST_TEST((gate.wake_at(now) == now + 30s));
    now += 30s;
    auto const admitted = gate.admit_next(now);
    BOOST_REQUIRE(admitted.has_value());
    BOOST_TEST(!gate.admit_next(now).has_value());
    // A good answer makes room for one that is not lost.
    gate.leave(now, admitted->ticket, answered());
    BOOST_TEST(gate.admit_next(now).has_value());
}

BOOST_AUTO_TEST_CASE(who_does_not_come_for_what_they_were_given_is_passed_over_until_they_come) {
    auto const a = gate.add_lane({.max_in_flight = 1});
    auto const b = gate.add_lane({.max_in_flight = 1});
    for (int cut = 0; cut != 2; ++cut)
        gate.leave(now, *gate.try_enter(now, a), {departure_kind::timed_out, {}});
    auto const inside = *gate.try_enter(now, a);
    gate.wait(1, b);
    gate.wait(2, b);
    gate.leave(now, inside, {departure_kind::failed, {}});
    auto const given = gate.admit_next(now);
    BOOST_REQUIRE(given.has_value());
    gate.on_called(now, b);
    gate.wait(3, a);
    BOOST_TEST(!gate.admit_next(now).has_value());
    BOOST_TEST((gate.wake_at(now) == now + 5s));
    now += 5s;
    BOOST_TEST(gate.is_silent(now, b));
    gate.put_back(*given);
    auto const next = gate.admit_next(now);
    BOOST_REQUIRE(next.has_value());
    BOOST_TEST(next->waiter == 3u);
    gate.wait(4, a);
    gate.on_heard(b);
    gate.leave(now, next->ticket, {departure_kind::failed, {}});
    // As if it had waited on: it came first.
    BOOST_TEST(gate.admit_next(now)->waiter == 1u);
    BOOST_TEST(gate.cancel(2));
    BOOST_TEST(!gate.cancel(1));
}

BOOST_AUTO_TEST_SUITE_END()
