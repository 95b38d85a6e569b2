#include "protocol/throttle_gate_state.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <vector>

// What clients of one gate have in common, and what each has of its own.

namespace {

using namespace std::chrono_literals;
using allot::departure_kind;
using allot::throttle_gate_state;
using time_point = throttle_gate_state::time_point;
using ticket = throttle_gate_state::ticket;

struct fixture {
    throttle_gate_state gate;
    time_point now{1h};

    std::vector<throttle_gate_state::waiter_id> admit_all() {
        std::vector<throttle_gate_state::waiter_id> ids;
        while (auto const admitted = gate.admit_next(now))
            ids.push_back(admitted->waiter);
        return ids;
    }
};

using ids = std::vector<throttle_gate_state::waiter_id>;

}

BOOST_FIXTURE_TEST_SUITE(throttle_gate_lanes, fixture)

BOOST_AUTO_TEST_CASE(each_client_has_its_own_most) {
    auto const a = gate.add_lane({.max_in_flight = 1});
    auto const b = gate.add_lane({.max_in_flight = 2});
    BOOST_TEST(gate.limit() == 3u);
    BOOST_TEST(gate.try_enter(now, a).has_value());
    BOOST_TEST(!gate.try_enter(now, a).has_value());
    BOOST_TEST(gate.try_enter(now, b).has_value());
    BOOST_TEST(gate.try_enter(now, b).has_value());
    BOOST_TEST(!gate.try_enter(now, b).has_value());
}

BOOST_AUTO_TEST_CASE(who_waits_for_their_own_bound_is_passed_over) {
    auto const a = gate.add_lane({.max_in_flight = 1});
    auto const b = gate.add_lane({.max_in_flight = 9});
    auto const inside = *gate.try_enter(now, a);
    gate.wait(1, a);
    gate.wait(2, a);
    BOOST_TEST(gate.try_enter(now, b).has_value());
    gate.leave(now, inside, {departure_kind::answered, {}});
    // Now it is the turn of those who came first.
    BOOST_TEST(!gate.try_enter(now, b).has_value());
    gate.wait(3, b);
    BOOST_TEST((admit_all() == ids{1, 3}));
}

BOOST_AUTO_TEST_CASE(over_all_clients_it_is_first_come_first_served) {
    auto const a = gate.add_lane({.max_in_flight = 5});
    auto const b = gate.add_lane({.max_in_flight = 5});
    auto const inside = *gate.try_enter(now, a);
    gate.leave(now, inside, {departure_kind::throttled, 1s});
    gate.wait(4, b);
    gate.wait(9, a);
    gate.wait(2, b);
    now += 1s;
    ids order;
    for (int turn = 0; turn != 3; ++turn) {
        auto const admitted = gate.admit_next(now);
        BOOST_REQUIRE(admitted.has_value());
        order.push_back(admitted->waiter);
        gate.leave(now, admitted->ticket, {departure_kind::answered, {}});
    }
    BOOST_TEST((order == ids{4, 9, 2}));
}

BOOST_AUTO_TEST_CASE(a_client_is_held_by_what_another_was_told) {
    auto const a = gate.add_lane({});
    auto const b = gate.add_lane({.max_wait = 10s});
    gate.leave(now, *gate.try_enter(now, a), {departure_kind::throttled, 20s});
    BOOST_TEST(!gate.try_enter(now, b).has_value());
    BOOST_TEST(!gate.parked_until(now, a).has_value());
    BOOST_TEST((gate.parked_until(now, b) == now + 20s));
    BOOST_TEST((gate.throttled_until(now) == now + 20s));
    now += 20s;
    BOOST_TEST(!gate.throttled_until(now).has_value());
    BOOST_TEST(gate.try_enter(now, b).has_value());
}

BOOST_AUTO_TEST_CASE(the_first_blind_hold_is_that_of_the_refused_client) {
    gate.add_lane({});
    auto const b = gate.add_lane({.throttled_delay = 3s});
    gate.leave(now, *gate.try_enter(now, b), {departure_kind::throttled, {}});
    BOOST_TEST((gate.held_until(now) == now + 3s));
}

BOOST_AUTO_TEST_CASE(a_rate_is_that_of_its_client) {
    auto const slow = gate.add_lane({.max_rate = 10});
    auto const quick = gate.add_lane({});
    BOOST_TEST(gate.try_enter(now, slow).has_value());
    gate.wait(1, slow);
    BOOST_TEST(gate.try_enter(now, quick).has_value());
    BOOST_TEST((gate.wake_at(now) == now + 100ms));
    gate.wait(2, quick);
    BOOST_TEST((gate.wake_at(now) == now));
    BOOST_TEST((admit_all() == ids{2}));
    now += 100ms;
    BOOST_TEST((admit_all() == ids{1}));
}

BOOST_AUTO_TEST_CASE(what_was_learned_outlives_the_clients) {
    auto const first = gate.add_lane({.max_in_flight = 100});
    auto const refused = *gate.try_enter(now, first);
    gate.leave(now, refused, {departure_kind::throttled, 10s});
    BOOST_TEST(gate.limit() == 90u);
    gate.remove_lane(first);
    now += 10s;
    // A small client in between does not blur it.
    gate.remove_lane(gate.add_lane({.max_in_flight = 1}));
    auto const next = gate.add_lane({.max_in_flight = 100});
    BOOST_TEST(gate.limit() == 90u);
    // Nor do the clients that come after a hold begin with a stampede.
    auto const probe = gate.try_enter(now, next);
    BOOST_TEST(probe.has_value());
    BOOST_TEST(!gate.try_enter(now, next).has_value());
    gate.leave(now, *probe, {departure_kind::answered, {}});
    BOOST_TEST(gate.try_enter(now, next).has_value());
}

BOOST_AUTO_TEST_CASE(who_leaves_takes_their_line_and_their_most_along) {
    auto const a = gate.add_lane({.max_in_flight = 60});
    auto const b = gate.add_lane({.max_in_flight = 40});
    gate.leave(now, *gate.try_enter(now, a), {departure_kind::timed_out, {}});
    BOOST_TEST(gate.limit() == 90u);
    gate.wait(1, b);
    gate.wait(2, a);
    gate.remove_lane(b);
    // What was learned stays in proportion.
    BOOST_TEST(gate.limit() == 54u);
    BOOST_TEST((admit_all() == ids{2}));
    BOOST_TEST(gate.add_lane({.max_in_flight = 40}) == b);
    BOOST_TEST(gate.limit() == 90u);
    gate.wait(3, b);
    gate.clear_line(b);
    BOOST_TEST(!gate.has_waiters());
    BOOST_TEST(admit_all().empty());
}

BOOST_AUTO_TEST_SUITE_END()
