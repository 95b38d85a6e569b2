#include "gate_side.hpp"

#include <boost/test/unit_test.hpp>

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::gate_side;
using clock = std::chrono::steady_clock;

struct keyed_credential final : token_credential {
    explicit keyed_credential(std::string name = {}) : key(std::move(name)) {}
    asio::awaitable<result<access_token>> fetch_token(token_request) override { co_return failure{}; }
    std::string description() const override { return "fake"; }
    std::string throttle_key() const override { return key; }
    std::string key;
};

struct fixture {
    std::shared_ptr<shared_gate> shared = std::make_shared<shared_gate>();
};

BOOST_FIXTURE_TEST_SUITE(shared_gate_suite, fixture)

BOOST_AUTO_TEST_CASE(clients_share_a_gate_by_credential_host_and_scope) {
    std::shared_ptr<token_credential> const a = std::make_shared<keyed_credential>("app in tenant");
    std::shared_ptr<token_credential> const b = std::make_shared<keyed_credential>("app in tenant");
    std::shared_ptr<token_credential> const other = std::make_shared<keyed_credential>("other");
    std::shared_ptr<token_credential> const nameless = std::make_shared<keyed_credential>();
    std::shared_ptr<token_credential> const nameless_too = std::make_shared<keyed_credential>();
    auto const one = shared_gate::of(a, "graph.example");
    BOOST_TEST(one == shared_gate::of(b, "graph.example"));
    BOOST_TEST(one != shared_gate::of(a, "graph.other"));
    BOOST_TEST(one != shared_gate::of(other, "graph.example"));
    BOOST_TEST(shared_gate::of(nameless, "g") == shared_gate::of(nameless, "g"));
    BOOST_TEST(shared_gate::of(nameless, "g") != shared_gate::of(nameless_too, "g"));
}

BOOST_AUTO_TEST_CASE(a_hold_outlives_the_client_that_was_told) {
    std::shared_ptr<token_credential> const credential = std::make_shared<keyed_credential>("holds on");
    {
        gate_side gone(shared_gate::of(credential, "graph.example"));
        gone.try_enter();
        gone.leave(departure_kind::throttled, 1h);
    }
    gate_side next(shared_gate::of(credential, "graph.example"));
    BOOST_TEST(!next.try_enter());
    BOOST_TEST(next.gate->read(clock::now()).held_until.has_value());
}

BOOST_AUTO_TEST_CASE(one_client_is_held_by_the_answer_of_another) {
    gate_side a(shared);
    gate_side b(shared);
    BOOST_TEST(a.try_enter());
    BOOST_TEST(b.try_enter());
    BOOST_TEST(!b.inside.back().outdated());
    a.leave(departure_kind::throttled, 60s);
    BOOST_TEST(b.inside.back().outdated());
    BOOST_TEST(!b.try_enter());
}

// Admitted, but not running yet, when the answer of another request begins a hold.
BOOST_AUTO_TEST_CASE(who_was_admitted_before_a_hold_does_not_go_in_it) {
    gate_side a(shared);
    gate_side b(shared, {.max_in_flight = 1});
    a.try_enter();
    b.try_enter();
    b.wait();
    b.poll();
    b.leave(departure_kind::answered);
    a.leave(departure_kind::throttled, 60s);
    b.poll();
    BOOST_TEST(b.inside.empty());
    BOOST_TEST(b.failed == 0);
    // Nor is the place lost.
    BOOST_TEST(b.gate->read(clock::now()).throttled_until.has_value());
}

BOOST_AUTO_TEST_CASE(who_waits_longer_than_their_client_allows_is_told_of_the_hold_of_another) {
    gate_side a(shared);
    gate_side b(shared, {.max_in_flight = 1, .max_wait = 1s});
    a.try_enter();
    b.try_enter();
    b.wait();
    b.poll();
    a.leave(departure_kind::throttled, 60s);
    b.poll();
    BOOST_TEST((b.reason == errc::parked));
    b.inside.clear();
}

// Two clients with one place for all: limited by timeouts down to that.
struct one_place : fixture {
    gate_side a{shared};
    gate_side b{shared};
    one_place() {
        for (int cut = 0; cut != 200; ++cut) {
            a.try_enter();
            a.leave(departure_kind::timed_out);
        }
        BOOST_TEST(a.gate->read(clock::now()).limit == 1u);
    }
};

BOOST_FIXTURE_TEST_CASE(a_place_that_one_client_leaves_wakes_another, one_place) {
    a.try_enter();
    b.wait();
    b.poll();
    BOOST_TEST(b.inside.empty());
    a.leave(departure_kind::failed);
    b.poll();
    BOOST_TEST(b.inside.size() == 1u);
    b.inside.clear();
}

BOOST_FIXTURE_TEST_CASE(a_waiter_cancelled_after_its_admission_passes_its_place_on, one_place) {
    a.try_enter();
    b.wait_until_cancelled();
    b.poll();
    a.leave(departure_kind::failed); // b owns the place and does not know yet
    a.wait();
    a.poll();
    BOOST_TEST(a.inside.empty());
    b.cancel_wait.emit(asio::cancellation_type::terminal);
    b.poll();
    // Told first or cancelled first: in either case somebody has the place, and it comes free.
    if (!b.inside.empty())
        b.leave(departure_kind::failed);
    a.poll();
    BOOST_TEST(a.inside.size() == 1u);
    a.inside.clear();
}

BOOST_FIXTURE_TEST_CASE(a_context_that_ends_passes_the_places_of_its_waiters_on, one_place) {
    a.try_enter();
    b.wait();
    b.poll();
    a.wait();
    a.poll();
    a.leave(departure_kind::failed); // to b, which never hears of it
    a.poll();
    BOOST_TEST(a.inside.empty());
    b.gate.reset(); // what waits keeps it
    b.context.reset();
    a.poll();
    BOOST_TEST(a.inside.size() == 1u);
    a.inside.clear();
}

BOOST_FIXTURE_TEST_CASE(a_request_that_is_destroyed_with_its_context_passes_its_place_on, one_place) {
    b.try_enter();
    a.wait();
    a.poll();
    b.inside.clear();
    a.poll();
    BOOST_TEST(a.inside.size() == 1u);
    a.inside.clear();
}

BOOST_AUTO_TEST_CASE(the_end_of_a_hold_wakes_by_time) {
    gate_side a(shared);
    gate_side b(shared);
    a.try_enter();
    a.leave(departure_kind::throttled, 1ms);
    b.wait();
    b.context->restart();
    b.context->run();
    BOOST_TEST(b.inside.size() == 1u);
    b.leave(departure_kind::answered);
}

BOOST_FIXTURE_TEST_CASE(who_waited_for_a_place_hears_when_only_time_is_left_to_wait_for, one_place) {
    gate_side paced(shared, {.max_in_flight = 1, .max_rate = 20});
    // Two of the clients left, so there is one place again.
    a.gate.reset();
    gate_side c(shared, {.max_in_flight = 1});
    BOOST_TEST(paced.try_enter());
    paced.leave(departure_kind::failed);
    while (c.try_enter()) {
    }
    paced.wait();
    paced.poll();
    BOOST_TEST(paced.inside.empty());
    while (!c.inside.empty())
        c.leave(departure_kind::failed);
    paced.context->restart();
    paced.context->run_for(10s);
    BOOST_TEST(paced.inside.size() == 1u);
    paced.leave(departure_kind::failed);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
