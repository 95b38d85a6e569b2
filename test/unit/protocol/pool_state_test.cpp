#include "protocol/pool_state.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>

namespace allot {
namespace {

using namespace std::chrono_literals;
constexpr pool_state::time_point start{};

BOOST_AUTO_TEST_SUITE(pool_state_suite)

BOOST_AUTO_TEST_CASE(opens_up_to_the_capacity_then_makes_callers_wait) {
    pool_state state(2, 60s);
    auto const first = state.acquire(start, false);
    auto const second = state.acquire(start, false);
    BOOST_TEST((first->open && second->open && first->connection != second->connection));
    BOOST_TEST(!state.acquire(start, false));
    BOOST_TEST(state.leased() == 2u);
}

BOOST_AUTO_TEST_CASE(reuses_the_connection_that_was_used_last) {
    pool_state state(4, 60s);
    auto const first = *state.acquire(start, false);
    auto const second = *state.acquire(start, false);
    state.release(start, first.connection, true);
    state.release(start, second.connection, true);
    auto const again = *state.acquire(start + 1s, false);
    BOOST_TEST((again.connection == second.connection && !again.open));
}

BOOST_AUTO_TEST_CASE(a_released_connection_goes_to_the_named_waiter_who_waits_longest) {
    pool_state state(1, 60s);
    auto const only = *state.acquire(start, false);
    state.wait(1, false);
    state.wait(2, false);
    auto const handed = state.release(start, only.connection, true);
    BOOST_TEST((handed->waiter == 1u && !handed->granted.open));
    BOOST_TEST(state.leased() == 1u);
    // Nobody overtakes the one who still waits.
    BOOST_TEST(!state.acquire(start, false));
}

BOOST_AUTO_TEST_CASE(a_broken_connection_is_handed_on_to_be_opened_anew) {
    pool_state state(1, 60s);
    auto const only = *state.acquire(start, false);
    state.wait(1, false);
    BOOST_TEST(state.release(start, only.connection, false)->granted.open);
    BOOST_TEST(!state.release(start, only.connection, false));
    BOOST_TEST(state.acquire(start, false)->open);
}

BOOST_AUTO_TEST_CASE(a_fresh_connection_is_never_one_that_carried_a_request) {
    pool_state state(2, 60s);
    auto const first = *state.acquire(start, false);
    state.release(start, first.connection, true);
    BOOST_TEST(state.acquire(start, true)->open);
    // All slots taken or idle: the idle one is closed and opened anew.
    auto const replaced = *state.acquire(start, true);
    BOOST_TEST((replaced.open && replaced.connection == first.connection));
    state.wait(7, true);
    BOOST_TEST(state.release(start, replaced.connection, true)->granted.open);
}

BOOST_AUTO_TEST_CASE(a_cancelled_waiter_gets_nothing_and_the_next_one_does) {
    pool_state state(1, 60s);
    auto const only = *state.acquire(start, false);
    state.wait(1, false);
    state.wait(2, false);
    BOOST_TEST(state.cancel(1));
    BOOST_TEST(!state.cancel(1));
    auto const handed = state.release(start, only.connection, true);
    BOOST_TEST(handed->waiter == 2u);
    // Handed before it could cancel: it owns the slot and passes it on.
    BOOST_TEST(!state.cancel(2));
    BOOST_TEST(!state.release(start, handed->granted.connection, true));
    BOOST_TEST(state.idle() == 1u);
}

BOOST_AUTO_TEST_CASE(idle_connections_expire_and_are_not_used_after_it) {
    pool_state state(2, 60s);
    auto const first = *state.acquire(start, false);
    auto const second = *state.acquire(start, false);
    state.release(start, first.connection, true);
    state.release(start + 30s, second.connection, true);
    BOOST_TEST(!state.expire(start + 59s));
    BOOST_TEST(state.expire(start + 60s).value() == first.connection);
    BOOST_TEST(!state.expire(start + 60s));
    BOOST_TEST(state.acquire(start + 90s, false)->open);
}

// Random callers: a slot never serves two at once, and nobody waits while a slot is free.
BOOST_AUTO_TEST_CASE(no_slot_is_shared_and_no_waiter_forgotten) {
    for (unsigned seed = 1; seed != 20; ++seed) {
        std::mt19937 random(seed);
        pool_state state(1 + seed % 5, 60s);
        std::map<std::uint64_t, pool_state::slot> owners;
        std::vector<std::uint64_t> waiting;
        std::uint64_t next = 1;
        auto own = [&owners](std::uint64_t who, pool_state::slot slot) {
            for (auto const& [other, taken] : owners)
                BOOST_TEST(taken != slot);
            owners[who] = slot;
        };
        for (int step = 0; step != 2000; ++step) {
            switch (random() % 3) {
            case 0: {
                auto const who = next++;
                bool const fresh = random() % 4 == 0;
                if (auto const granted = state.acquire(start, fresh)) {
                    own(who, granted->connection);
                } else {
                    state.wait(who, fresh);
                    waiting.push_back(who);
                }
                break;
            }
            case 1: {
                if (owners.empty())
                    break;
                auto const chosen = std::next(owners.begin(), static_cast<long>(random() % owners.size()));
                auto const slot = chosen->second;
                owners.erase(chosen);
                auto const handed = state.release(start, slot, random() % 3 != 0);
                BOOST_TEST(handed.has_value() == !waiting.empty());
                if (handed) {
                    BOOST_TEST(handed->waiter == waiting.front());
                    waiting.erase(waiting.begin());
                    own(handed->waiter, handed->granted.connection);
                }
                break;
            }
            default:
                if (waiting.empty())
                    break;
                auto const chosen = waiting.begin() + static_cast<long>(random() % waiting.size());
                BOOST_TEST(state.cancel(*chosen));
                waiting.erase(chosen);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}
}
