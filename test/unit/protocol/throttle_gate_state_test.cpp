#include "protocol/throttle_gate_state.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using allot::departure;
using allot::departure_kind;
using allot::throttle_gate_params;
using allot::throttle_gate_state;
using time_point = throttle_gate_state::time_point;
using ticket = throttle_gate_state::ticket;
using waiter_id = throttle_gate_state::waiter_id;

time_point const start{1h};

departure throttled(std::optional<milliseconds> hint = std::nullopt) {
    return {departure_kind::throttled, hint};
}

struct fixture {
    throttle_gate_params params{.max_in_flight = 100};
    std::optional<throttle_gate_state> built;
    time_point now = start;

    throttle_gate_state& gate() {
        if (!built)
            built.emplace(params);
        return *built;
    }

    ticket enter() {
        auto const entered = gate().try_enter(now);
        BOOST_REQUIRE(entered.has_value());
        return *entered;
    }

    std::vector<ticket> enter(std::size_t count) {
        std::vector<ticket> tickets(count);
        std::generate(tickets.begin(), tickets.end(), [this] { return enter(); });
        return tickets;
    }

    void leave(ticket const& entered, departure_kind kind) { gate().leave(now, entered, {kind, {}}); }
    void leave(ticket const& entered, departure const& how) { gate().leave(now, entered, how); }

    /// The length of the hold that begins when a request entered now is throttled without a hint.
    nanoseconds blind_hold() {
        leave(enter(), throttled());
        return end_hold();
    }

    nanoseconds end_hold() {
        auto const until = gate().held_until(now);
        auto const length = until ? *until - now : 0ns;
        now += length;
        return length;
    }

    /// Lets waiters in until no one may; returns their tickets.
    std::vector<ticket> admit_all() {
        std::vector<ticket> tickets;
        while (auto const admitted = gate().admit_next(now))
            tickets.push_back(admitted->ticket);
        return tickets;
    }
};

}

BOOST_FIXTURE_TEST_SUITE(throttle_gate, fixture)

BOOST_AUTO_TEST_CASE(it_lets_in_as_many_as_its_limit) {
    params.max_in_flight = 3;
    auto const inside = enter(3);
    BOOST_TEST(!gate().try_enter(now).has_value());
    BOOST_TEST(gate().in_flight() == 3u);
    leave(inside[1], departure_kind::answered);
    BOOST_TEST(gate().try_enter(now).has_value());
    BOOST_TEST(!gate().try_enter(now).has_value());
}

BOOST_AUTO_TEST_CASE(waiters_come_first_in_their_order) {
    params.max_in_flight = 1;
    auto const first = enter();
    for (waiter_id const id : {7u, 3u, 5u})
        gate().wait(id);
    BOOST_TEST(!gate().admit_next(now).has_value());
    leave(first, departure_kind::answered);
    BOOST_TEST(!gate().try_enter(now).has_value());
    for (waiter_id const id : {7u, 3u, 5u}) {
        auto const admitted = gate().admit_next(now);
        BOOST_REQUIRE(admitted.has_value());
        BOOST_TEST(admitted->waiter == id);
        BOOST_TEST(!gate().admit_next(now).has_value());
        leave(admitted->ticket, departure_kind::failed);
    }
    BOOST_TEST(!gate().admit_next(now).has_value());
    BOOST_TEST(gate().try_enter(now).has_value());
}

BOOST_AUTO_TEST_CASE(a_cancelled_waiter_is_passed_over) {
    params.max_in_flight = 1;
    auto const first = enter();
    for (waiter_id const id : {1u, 2u, 3u})
        gate().wait(id);
    BOOST_TEST(gate().cancel(1));
    BOOST_TEST(!gate().cancel(1));
    BOOST_TEST(gate().cancel(3));
    leave(first, departure_kind::answered);
    BOOST_TEST(gate().admit_next(now)->waiter == 2u);
    BOOST_TEST(!gate().admit_next(now).has_value());
}

BOOST_AUTO_TEST_CASE(a_waiter_cancelled_after_its_admission_passes_its_place_on) {
    params.max_in_flight = 1;
    auto const first = enter();
    gate().wait(1);
    gate().wait(2);
    leave(first, departure_kind::answered);
    auto const admitted = gate().admit_next(now);
    BOOST_TEST(!gate().cancel(1));
    leave(admitted->ticket, departure_kind::unused);
    BOOST_TEST(gate().admit_next(now)->waiter == 2u);
}

BOOST_AUTO_TEST_CASE(one_throttled_request_holds_all) {
    auto const inside = enter(2);
    leave(inside[0], throttled(5s));
    gate().wait(1);
    BOOST_TEST((gate().held_until(now) == start + 5s));
    BOOST_TEST((gate().wake_at(now) == start + 5s));
    leave(inside[1], departure_kind::answered);
    now = start + 5s - 1ns;
    BOOST_TEST(!gate().try_enter(now).has_value());
    BOOST_TEST(!gate().admit_next(now).has_value());
    now = start + 5s;
    BOOST_TEST(!gate().held_until(now).has_value());
    BOOST_TEST(gate().admit_next(now)->waiter == 1u);
}

BOOST_AUTO_TEST_CASE(the_longest_hint_counts) {
    auto const inside = enter(4);
    leave(inside[0], throttled(5s));
    leave(inside[1], throttled(2s));
    BOOST_TEST((gate().held_until(now) == start + 5s));
    now += 1s;
    leave(inside[2], throttled(10s));
    BOOST_TEST((gate().held_until(now) == start + 11s));
    leave(inside[3], throttled());
    BOOST_TEST((gate().held_until(now) == start + 11s));
}

BOOST_AUTO_TEST_CASE(an_answer_or_failure_holds_nobody) {
    for (auto const kind :
         {departure_kind::answered, departure_kind::failed, departure_kind::timed_out,
          departure_kind::unused}) {
        leave(enter(), {kind, 5s});
        BOOST_TEST(!gate().held_until(now).has_value());
    }
}

BOOST_AUTO_TEST_CASE(row_09_holds_without_a_hint_double_up_to_five_minutes) {
    for (auto const expected : {1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 300s, 300s})
        BOOST_TEST((blind_hold() == expected));
}

BOOST_AUTO_TEST_CASE(a_good_answer_after_a_hold_begins_anew) {
    blind_hold();
    BOOST_TEST((blind_hold() == 2s));
    leave(enter(), departure_kind::failed);
    leave(enter(), departure_kind::unused);
    leave(enter(), departure_kind::timed_out);
    BOOST_TEST((blind_hold() == 4s));
    leave(enter(), departure_kind::answered);
    BOOST_TEST((blind_hold() == 1s));
}

BOOST_AUTO_TEST_CASE(a_good_answer_sent_before_the_hold_does_not_begin_anew) {
    auto const early = enter(2);
    blind_hold();
    leave(early[0], departure_kind::answered);
    BOOST_TEST((blind_hold() == 2s));
    leave(early[1], departure_kind::answered);
    BOOST_TEST((blind_hold() == 4s));
}

BOOST_AUTO_TEST_CASE(requests_of_one_block_do_not_double_its_hold) {
    auto const inside = enter(4);
    for (std::size_t at = 0; at != 3; ++at)
        leave(inside[at], throttled());
    BOOST_TEST((end_hold() == 1s));
    // A late one shows that the block goes on, but is no new one.
    leave(inside[3], throttled());
    BOOST_TEST((end_hold() == 1s));
    BOOST_TEST((blind_hold() == 2s));
}

BOOST_AUTO_TEST_CASE(a_late_one_holds_even_after_a_good_answer) {
    auto const early = enter();
    blind_hold();
    leave(enter(), departure_kind::answered);
    leave(early, throttled());
    BOOST_TEST((end_hold() == 1s));
}

BOOST_AUTO_TEST_CASE(one_cut_per_block) {
    auto const inside = enter(100);
    leave(inside[0], throttled(1s));
    BOOST_TEST(gate().limit() == 90u);
    leave(inside[1], throttled(1s));
    leave(inside[2], departure_kind::timed_out);
    end_hold();
    leave(inside[3], throttled(1s));
    BOOST_TEST(gate().limit() == 90u);
    end_hold();
    for (std::size_t at = 4; at != inside.size(); ++at)
        leave(inside[at], departure_kind::failed);
    leave(enter(), throttled(1s));
    BOOST_TEST(gate().limit() == 81u);
}

BOOST_AUTO_TEST_CASE(a_timeout_cuts_without_a_hold) {
    auto const inside = enter(2);
    leave(inside[0], departure_kind::timed_out);
    BOOST_TEST(gate().limit() == 90u);
    BOOST_TEST(!gate().held_until(now).has_value());
    leave(inside[1], throttled(1s));
    BOOST_TEST(gate().limit() == 90u);
}

BOOST_AUTO_TEST_CASE(the_limit_stays_at_least_one) {
    for (int block = 0; block != 100; ++block)
        leave(enter(), departure_kind::timed_out);
    BOOST_TEST(gate().limit() == 1u);
    BOOST_TEST(gate().try_enter(now).has_value());
}

BOOST_AUTO_TEST_CASE(the_limit_grows_only_while_half_of_it_is_in_use) {
    leave(enter(), departure_kind::timed_out);
    auto const inside = enter(45);
    leave(inside[0], departure_kind::answered);
    BOOST_TEST(gate().limit() == 91u);
    leave(inside[1], departure_kind::answered);
    BOOST_TEST(gate().limit() == 91u);
    for (auto const kind : {departure_kind::failed, departure_kind::unused}) {
        auto const full = enter(2);
        leave(full[0], kind);
        leave(full[1], kind);
        BOOST_TEST(gate().limit() == 91u);
    }
}

BOOST_AUTO_TEST_CASE(the_limit_grows_up_to_where_it_began) {
    leave(enter(), departure_kind::timed_out);
    auto inside = enter(90);
    for (std::size_t expected = 91; expected <= 100; ++expected) {
        leave(inside.back(), departure_kind::answered);
        inside.back() = enter();
        BOOST_TEST(gate().limit() == expected);
    }
    leave(inside.back(), departure_kind::answered);
    BOOST_TEST(gate().limit() == 100u);
}

BOOST_AUTO_TEST_CASE(answers_to_requests_from_before_the_cut_do_not_grow_the_limit) {
    auto const inside = enter(100);
    leave(inside[0], departure_kind::timed_out);
    for (std::size_t at = 1; at != 50; ++at)
        leave(inside[at], departure_kind::answered);
    BOOST_TEST(gate().limit() == 90u);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_hold_is_not_a_stampede) {
    leave(enter(), throttled(1s));
    for (waiter_id id = 0; id != 1'000; ++id)
        gate().wait(id);
    end_hold();
    std::size_t expected = 1;
    for (int round = 0; round != 5; ++round) {
        auto const inside = admit_all();
        BOOST_TEST(inside.size() == expected);
        for (auto const& entered : inside) {
            leave(entered, departure_kind::answered);
            expected = std::min(expected * 2, gate().limit());
        }
    }
    BOOST_TEST(expected == gate().limit());
}

BOOST_AUTO_TEST_CASE(only_good_answers_from_after_the_hold_let_more_in) {
    auto const early = enter(3);
    leave(early[0], throttled(1s));
    for (waiter_id id = 0; id != 10; ++id)
        gate().wait(id);
    end_hold();
    // Who is still inside from before the hold neither opens the gate nor blocks it.
    leave(early[1], departure_kind::answered);
    auto inside = admit_all();
    BOOST_TEST(inside.size() == 1u);
    for (auto const kind : {departure_kind::failed, departure_kind::unused, departure_kind::timed_out}) {
        leave(inside[0], kind);
        inside = admit_all();
        BOOST_TEST(inside.size() == 1u);
    }
    leave(early[2], departure_kind::answered);
    BOOST_TEST(admit_all().empty());
    leave(inside[0], departure_kind::answered);
    BOOST_TEST(admit_all().size() == 2u);
}

BOOST_AUTO_TEST_CASE(entries_are_evenly_spaced_at_the_rate) {
    params.max_rate = 10;
    enter();
    BOOST_TEST(!gate().try_enter(now).has_value());
    for (waiter_id id = 0; id != 50; ++id)
        gate().wait(id);
    for (int slot = 1; slot <= 50; ++slot) {
        auto const next = gate().wake_at(now);
        BOOST_TEST((next == start + slot * 100ms));
        BOOST_TEST(!gate().admit_next(*next - 1ns).has_value());
        now = *next;
        BOOST_TEST(admit_all().size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_late_wake_up_does_not_lower_the_rate) {
    params.max_rate = 10;
    params.max_in_flight = 1'000;
    enter();
    for (waiter_id id = 0; id != 500; ++id)
        gate().wait(id);
    std::size_t admitted = 0;
    while (now < start + 10s) {
        now = *gate().wake_at(now) + 40ms;
        admitted += admit_all().size();
    }
    BOOST_TEST(admitted >= 99u);
    BOOST_TEST(admitted <= 101u);
}

BOOST_AUTO_TEST_CASE(idle_time_is_not_saved_up) {
    params.max_rate = 10;
    enter();
    now += 1h;
    enter();
    BOOST_TEST(!gate().try_enter(now).has_value());
    for (waiter_id id = 0; id != 10; ++id)
        gate().wait(id);
    now += 1h;
    BOOST_TEST(admit_all().size() == 2u);
}

BOOST_AUTO_TEST_CASE(it_wakes_only_when_time_alone_helps) {
    params.max_in_flight = 1;
    params.max_rate = 10;
    BOOST_TEST(!gate().wake_at(now).has_value());
    auto const inside = enter();
    BOOST_TEST(!gate().wake_at(now).has_value());
    gate().wait(1);
    BOOST_TEST(!gate().wake_at(now).has_value());
    leave(inside, departure_kind::answered);
    BOOST_TEST((gate().wake_at(now) == start + 100ms));
    now += 1s;
    BOOST_TEST((gate().wake_at(now) == now));
    BOOST_TEST(gate().cancel(1));
    BOOST_TEST(!gate().wake_at(now).has_value());
}

BOOST_AUTO_TEST_CASE(a_hold_beyond_max_wait_parks) {
    params.max_wait = 10min;
    auto const inside = enter(2);
    leave(inside[0], throttled(10min));
    BOOST_TEST(!gate().parked_until(now).has_value());
    leave(inside[1], throttled(2h));
    BOOST_TEST((gate().parked_until(now) == start + 2h));
    now = start + 2h - 10min - 1ns;
    BOOST_TEST((gate().parked_until(now) == start + 2h));
    now += 1ns;
    BOOST_TEST(!gate().parked_until(now).has_value());
    BOOST_TEST(gate().held_until(now).has_value());
}

BOOST_AUTO_TEST_CASE(held_time_counts_overlapping_holds_once) {
    auto const inside = enter(4);
    BOOST_TEST((gate().held_total(now) == 0s));
    leave(inside[0], throttled(5s));
    now += 2s;
    BOOST_TEST((gate().held_total(now) == 2s));
    leave(inside[1], throttled(1s));
    leave(inside[2], throttled(6s));
    now = start + 100s;
    BOOST_TEST((gate().held_total(now) == 8s));
    leave(inside[3], throttled(1s));
    now += 500ms;
    BOOST_TEST((gate().held_total(now) == 8s + 500ms));
    now += 1h;
    BOOST_TEST((gate().held_total(now) == 9s));
}

BOOST_AUTO_TEST_SUITE_END()
