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

BOOST_AUTO_TEST_CASE(threads_lose_no_wake_up) {
    constexpr int threads = 4;
    constexpr int rounds = 400;
    constexpr int workers = 8;
    std::atomic<int> done = 0;
    auto work = [&shared = shared, &done] {
        asio::io_context context;
        auto const gate = throttle_gate::make(context.get_executor(), shared, {.max_in_flight = 2});
        struct worker {
            static asio::awaitable<void>
            run(std::shared_ptr<throttle_gate> from, int number, std::atomic<int>& count) {
                for (int round = 0; round != rounds; ++round) {
                    auto entered = co_await from->enter(std::nullopt);
                    if (!entered)
                        co_return;
                    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
                    departure how{departure_kind::answered, {}};
                    if ((round * workers + number) % 97 == 0)
                        how.kind = departure_kind::timed_out;
                    entered->leave(clock::now(), how);
                    ++count;
                }
            }
        };
        for (int number = 0; number != workers; ++number)
            asio::co_spawn(context, worker::run(gate, number, done), asio::detached);
        context.run_for(60s);
    };
    std::vector<std::thread> running;
    for (int i = 0; i != threads; ++i)
        running.emplace_back(work);
    for (auto& each : running)
        each.join();
    BOOST_TEST(done == threads * rounds * workers);
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
