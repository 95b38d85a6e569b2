#include "gate_side.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

// A gate that keeps nobody back, and what ends that. Up to twelve places are free from the start.

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::gate_side;
using clock = std::chrono::steady_clock;

struct fixture {
    std::shared_ptr<shared_gate> shared = std::make_shared<shared_gate>();
};

BOOST_FIXTURE_TEST_SUITE(free_gate, fixture)

BOOST_AUTO_TEST_CASE(a_client_keeps_its_own_bound_and_serves_its_line_in_order) {
    gate_side a(shared, {.max_in_flight = 2});
    BOOST_TEST(a.try_enter());
    BOOST_TEST(a.try_enter());
    BOOST_TEST(!a.try_enter());
    std::vector<int> order;
    for (int number : {1, 2, 3})
        asio::co_spawn(
            *a.context,
            [](std::shared_ptr<throttle_gate> gate, int mine,
               std::vector<int>& done) -> asio::awaitable<void> {
                auto entered = co_await gate->enter(std::nullopt);
                done.push_back(mine);
                entered->leave(clock::now(), test::good_answer());
            }(a.gate, number, order),
            asio::detached);
    a.poll();
    BOOST_TEST(order.empty());
    a.leave_well();
    BOOST_TEST(!a.try_enter()); // it is the turn of those who wait
    a.poll();
    BOOST_TEST((order == std::vector{1, 2, 3}));
    a.leave_well();
}

BOOST_AUTO_TEST_CASE(who_passed_before_a_hold_does_not_go_in_it) {
    gate_side a(shared, {.max_in_flight = 4});
    gate_side b(shared, {.max_in_flight = 4});
    for (int request = 0; request != 100; ++request) {
        BOOST_TEST(a.try_enter());
        a.leave_well();
    }
    for (int request = 0; request != 3; ++request)
        BOOST_TEST(a.try_enter());
    BOOST_TEST(b.try_enter());
    b.leave(departure_kind::throttled, 60s);
    for (auto const& each : a.inside)
        BOOST_TEST(each.outdated());
    BOOST_TEST(!a.try_enter());
    a.inside.clear();
}

BOOST_AUTO_TEST_CASE(a_hold_reaches_those_who_only_waited_for_their_own_client) {
    gate_side a(shared, {.max_in_flight = 1, .max_wait = 1s});
    gate_side b(shared, {.max_in_flight = 1});
    BOOST_TEST(a.try_enter());
    a.leave_well();
    BOOST_TEST(a.try_enter());
    a.wait();
    a.poll();
    BOOST_TEST(b.try_enter());
    b.leave(departure_kind::throttled, 60s);
    a.poll();
    BOOST_TEST((a.reason == errc::parked));
    a.inside.clear();
}

BOOST_AUTO_TEST_CASE(who_waits_goes_on_when_a_short_hold_is_over) {
    gate_side a(shared, {.max_in_flight = 1});
    gate_side b(shared, {.max_in_flight = 1});
    BOOST_TEST(a.try_enter());
    a.wait();
    a.poll();
    BOOST_TEST(b.try_enter());
    b.leave(departure_kind::throttled, 1ms);
    a.leave_well();
    a.context->restart();
    a.context->run_for(10s);
    BOOST_TEST(a.inside.size() == 1u);
    a.inside.clear();
}

BOOST_AUTO_TEST_CASE(a_cancelled_wait_leaves_the_line_to_the_others) {
    gate_side a(shared, {.max_in_flight = 1});
    BOOST_TEST(a.try_enter());
    a.wait_until_cancelled();
    a.wait();
    a.poll();
    a.cancel_wait.emit(asio::cancellation_type::terminal);
    a.poll();
    a.leave_well();
    a.poll();
    BOOST_TEST(a.inside.size() == 1u);
    BOOST_TEST((a.reason == errc::cancelled));
    a.inside.clear();
}

BOOST_AUTO_TEST_CASE(a_request_that_is_destroyed_passes_its_place_on) {
    gate_side a(shared, {.max_in_flight = 1});
    BOOST_TEST(a.try_enter());
    a.wait();
    a.poll();
    a.inside.clear();
    a.poll();
    BOOST_TEST(a.inside.size() == 1u);
    a.inside.clear();
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_leaves_nothing_behind) {
    gate_side a(shared, {.max_in_flight = 1});
    {
        gate_side gone(shared, {.max_in_flight = 1});
        for (int request = 0; request != 20; ++request) {
            BOOST_TEST(gone.try_enter());
            gone.leave_well();
        }
    }
    BOOST_TEST(a.gate->read(clock::now()).limit == 1u);
    BOOST_TEST(a.try_enter());
    a.leave_well();
}

BOOST_AUTO_TEST_CASE(several_calls_at_once_wait_for_their_turn_too) {
    gate_side a(shared, {.max_in_flight = 1});
    BOOST_TEST(a.try_enter());
    a.wait();
    a.poll();
    a.wait(20);
    a.wait();
    a.poll();
    for (std::size_t turn = 0; turn != 3; ++turn) {
        BOOST_TEST(a.inside.size() == 1u);
        a.leave_well();
        a.poll();
    }
    BOOST_TEST(a.inside.size() == 1u);
    a.inside.back().settle(clock::now(), test::good_answer(), 1);
    a.leave(departure_kind::unused);
    BOOST_TEST(a.try_enter());
    a.leave_well();
}

BOOST_AUTO_TEST_CASE(a_client_that_comes_makes_room_for_those_who_wait) {
    gate_side a(shared, {.max_in_flight = 2});
    for (int cut = 0; cut != 2; ++cut) {
        BOOST_TEST(a.try_enter());
        a.leave(departure_kind::timed_out);
    }
    BOOST_TEST(a.gate->read(clock::now()).limit == 1u);
    BOOST_TEST(a.try_enter());
    a.wait();
    a.poll();
    BOOST_TEST(a.inside.size() == 1u);
    gate_side b(shared, {.max_in_flight = 8});
    a.poll();
    BOOST_TEST(a.inside.size() == 2u);
    a.inside.clear();
}

BOOST_AUTO_TEST_SUITE_END()

/// A client that is called and looks only when told to.
struct quiet_front final : gate_front {
    explicit quiet_front(asio::io_context& context) : executor(context.get_executor()) {}
    asio::any_io_executor const& front_executor() const noexcept override { return executor; }
    void gate_changed() override { ++called; }

    asio::any_io_executor executor;
    free_passage passage = {};
    int called = 0;
};

BOOST_AUTO_TEST_CASE(what_passed_without_a_report_is_counted_when_a_hold_begins) {
    auto const shared = std::make_shared<shared_gate>();
    asio::io_context context;
    auto const passes = std::make_shared<quiet_front>(context);
    auto const throttled = std::make_shared<quiet_front>(context);
    throttle_gate_params const params{.max_in_flight = 4};
    auto const p = shared->join(passes, passes->executor, passes->passage, params);
    auto const t = shared->join(throttled, throttled->executor, throttled->passage, params);
    clock::time_point now{1h};
    shared->leave(now, *shared->try_enter(now, p), test::good_answer());
    BOOST_TEST(shared->is_open(passes->passage));
    for (int request = 0; request != 100; ++request) {
        passes->passage.enter(p);
        passes->passage.leave(test::good_answer());
    }
    now += 100ms;
    shared->leave(now, *shared->try_enter(now, t), {departure_kind::throttled, 60s});
    BOOST_TEST(!shared->is_open(passes->passage));
    // One unit teaches no rate, a hundred do.
    BOOST_TEST(shared->read(now + 60s).rate.has_value());
    context.poll();
    BOOST_TEST(passes->called == 1);
    BOOST_TEST(throttled->called == 0);
    shared->part(p);
    shared->part(t);
}

BOOST_AUTO_TEST_CASE(what_a_stopped_client_does_not_come_for_goes_to_others) {
    auto const shared = std::make_shared<shared_gate>();
    asio::io_context context;
    auto const stopped = std::make_shared<quiet_front>(context);
    auto const other = std::make_shared<quiet_front>(context);
    throttle_gate_params const params{.max_in_flight = 1};
    auto const s = shared->join(stopped, stopped->executor, stopped->passage, params);
    auto const o = shared->join(other, other->executor, other->passage, params);
    clock::time_point now{1h};
    for (int cut = 0; cut != 2; ++cut)
        shared->leave(now, *shared->try_enter(now, o), {departure_kind::timed_out, {}});
    auto const inside = shared->try_enter(now, o);
    BOOST_REQUIRE(inside.has_value());
    auto const look = [&](shared_gate::lane_id lane, shared_gate::waiter_id who) {
        shared_gate::newcomer const newcomer{who, 1};
        return shared->look(now, lane, {&newcomer, 1});
    };
    BOOST_TEST(look(s, 1).admitted.empty());
    shared->leave(now, *inside, {departure_kind::failed, {}});
    auto const waits = look(o, 2);
    BOOST_TEST(waits.admitted.empty());
    BOOST_TEST((waits.wake_at == now + 5s));
    now += 5s;
    auto const news = shared->look(now, o, {});
    BOOST_REQUIRE(news.admitted.size() == 1u);
    BOOST_TEST(news.admitted[0].waiter == 2u);
    // It comes after all, and has lost nothing but time.
    BOOST_TEST(shared->look(now, s, {}).admitted.empty());
    shared->leave(now, news.admitted[0].ticket, {departure_kind::failed, {}});
    auto const late = shared->look(now, s, {});
    BOOST_REQUIRE(late.admitted.size() == 1u);
    BOOST_TEST(late.admitted[0].waiter == 1u);
    shared->leave(now, late.admitted[0].ticket, {departure_kind::failed, {}});
    shared->part(s);
    shared->part(o);
}

}
}
