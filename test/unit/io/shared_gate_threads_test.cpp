#include "gate_side.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

// Meant for the thread sanitizer too.

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
using test::gate_side;

struct fixture {
    std::shared_ptr<shared_gate> shared = std::make_shared<shared_gate>();
};

BOOST_FIXTURE_TEST_SUITE(shared_gate_threads, fixture)

/// Threads with a client each, whose workers enter and leave.
struct crowd {
    std::shared_ptr<shared_gate> gate;
    std::size_t places; ///< of each client
    int rounds;
    /// What becomes of the departure of that number, counted over all.
    departure_kind (*kind_of)(int number);

    static constexpr int threads = 4;
    static constexpr int workers = 8;
    std::atomic<int> done = 0;

    static asio::awaitable<void> work(std::shared_ptr<throttle_gate> from, crowd& all) {
        for (int round = 0; round != all.rounds; ++round) {
            auto entered = co_await from->enter(std::nullopt);
            if (!entered)
                co_return;
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
            auto how = test::good_answer();
            how.kind = all.kind_of(++all.done);
            how.hint = 1ms;
            entered->leave(clock::now(), how);
        }
    }

    void run() {
        auto const one = [this] {
            asio::io_context context;
            auto const own = throttle_gate::make(context.get_executor(), gate, {.max_in_flight = places});
            for (int number = 0; number != workers; ++number)
                asio::co_spawn(context, work(own, *this), asio::detached);
            context.run_for(60s);
        };
        std::vector<std::thread> running;
        for (int i = 0; i != threads; ++i)
            running.emplace_back(one);
        for (auto& each : running)
            each.join();
        BOOST_TEST(done == threads * workers * rounds);
    }
};

BOOST_AUTO_TEST_CASE(threads_lose_no_wake_up) {
    crowd all{shared, 2, 400, [](int number) {
                  return number % 97 == 0 ? departure_kind::timed_out : departure_kind::answered;
              }};
    all.run();
}

BOOST_AUTO_TEST_CASE(threads_that_nothing_keeps_back_all_get_through) {
    crowd all{shared, 3, 2'000, [](int) { return departure_kind::answered; }};
    all.run();
    BOOST_TEST(shared->read(clock::now()).limit == 0u); // all are gone again
}

// Each time, one of them ends the time in which they pass by themselves.
BOOST_AUTO_TEST_CASE(a_hold_loses_nobody_who_passes_meanwhile) {
    for (int time = 0; time != 10; ++time) {
        crowd all{std::make_shared<shared_gate>(), 3, 20, [](int number) {
                      return number == 600 ? departure_kind::throttled : departure_kind::answered;
                  }};
        all.run();
        BOOST_TEST(!all.gate->read(clock::now() + 1s).held_until.has_value());
    }
}

// Somebody is to hear of a hold while their context is being destroyed, and with it
// their cancelled wait.
BOOST_AUTO_TEST_CASE(a_context_ends_while_another_thread_calls_on_it) {
    gate_side caller(shared);
    BOOST_TEST(caller.try_enter());
    gate_side gone(shared, {.max_rate = 0.001, .max_wait = 1s});
    gone.wait();
    gone.wait_until_cancelled();
    gone.poll();
    BOOST_TEST(gone.inside.size() == 1u);
    // Relaxed, so that the flags put nothing in order.
    std::atomic<bool> ends = false;
    std::atomic<bool> called = false;
    std::shared_ptr<void> at_end(nullptr, [&ends, &called](void*) {
        ends.store(true, std::memory_order_relaxed);
        while (!called.load(std::memory_order_relaxed)) {
        }
    });
    asio::post(*gone.context, [&gone, at_end = std::move(at_end)]() mutable {
        asio::post(*gone.context, [owned = std::move(at_end)] {});
        gone.cancel_wait.emit(asio::cancellation_type::terminal);
    });
    gone.context->poll_one();
    std::thread other([&caller, &ends, &called] {
        while (!ends.load(std::memory_order_relaxed)) {
        }
        caller.leave(departure_kind::throttled, 1h);
        called.store(true, std::memory_order_relaxed);
    });
    gone.gate.reset();
    gone.inside.clear();
    gone.context.reset();
    other.join();
    BOOST_TEST(gone.failed == 0);
    BOOST_TEST(!caller.try_enter());
}

BOOST_AUTO_TEST_SUITE_END()

}
}
