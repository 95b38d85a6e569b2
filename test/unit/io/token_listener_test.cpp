#include "io/token_listener.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace allot {
namespace {
namespace asio = boost::asio;

struct fake_listener : token_listener {
    explicit fake_listener(asio::io_context& on) : executor(asio::make_strand(on)) {}
    asio::any_io_executor const& listening_executor() const noexcept override { return executor; }
    void token_changed() override { ++calls; }

    asio::any_io_executor executor;
    int calls = 0;
};

/// What a notifier and the thread that ends the context know of each other.
struct encounter {
    std::mutex mutex;
    std::condition_variable changed;
    bool looked_at = false;
    bool context_gone = false;
    bool gone_too_early = false;
};

/// One whose context ends while its executor is being looked at.
struct slow_listener final : fake_listener {
    slow_listener(asio::io_context& on, std::shared_ptr<encounter> with) :
        fake_listener(on),
        met(std::move(with)) {}

    asio::any_io_executor const& listening_executor() const noexcept override {
        std::unique_lock lock(met->mutex);
        if (!slow)
            return executor;
        met->looked_at = true;
        met->changed.notify_all();
        // Time for the other thread to destroy the context, were it not held.
        met->changed.wait_for(lock, std::chrono::milliseconds(50), [this] { return met->context_gone; });
        met->gone_too_early = met->context_gone;
        return executor;
    }

    std::shared_ptr<encounter> met;
    bool slow = false;
};

BOOST_AUTO_TEST_SUITE(token_listeners_suite)

BOOST_AUTO_TEST_CASE(each_is_called_once_on_its_executor) {
    asio::io_context one;
    asio::io_context two;
    auto const first = std::make_shared<fake_listener>(one);
    auto const second = std::make_shared<fake_listener>(two);
    token_listeners all;
    all.add(first);
    all.add(second);
    all.add(first);
    all.call_all();
    BOOST_TEST(first->calls + second->calls == 0);
    one.poll();
    BOOST_TEST(first->calls == 1);
    BOOST_TEST(second->calls == 0);
    two.poll();
    BOOST_TEST(second->calls == 1);
    all.call_all();
    one.restart();
    one.poll();
    BOOST_TEST(first->calls == 1);
}

BOOST_AUTO_TEST_CASE(one_that_is_gone_is_not_called) {
    asio::io_context context;
    token_listeners all;
    all.add(std::make_shared<fake_listener>(context));
    all.call_all();
    BOOST_TEST(context.poll() == 0u);
}

BOOST_AUTO_TEST_CASE(one_whose_context_is_gone_is_not_called) {
    auto const met = std::make_shared<encounter>();
    auto context = std::make_unique<asio::io_context>();
    auto const listener = std::make_shared<slow_listener>(*context, met);
    token_listeners all;
    all.add(listener);
    listener->executor = {};
    context.reset();
    listener->slow = true;
    all.call_all();
    BOOST_TEST(!met->looked_at);
}

BOOST_AUTO_TEST_CASE(a_context_does_not_end_while_its_listener_is_called) {
    auto const met = std::make_shared<encounter>();
    auto context = std::make_unique<asio::io_context>();
    auto listener = std::make_shared<slow_listener>(*context, met);
    token_listeners all;
    all.add(listener);
    listener->slow = true;
    std::thread notifier([&] { all.call_all(); });
    {
        std::unique_lock lock(met->mutex);
        met->changed.wait(lock, [&] { return met->looked_at; });
    }
    // In this order, as a client goes before its context. The notifier has the last reference now.
    listener.reset();
    context.reset();
    {
        std::lock_guard const lock(met->mutex);
        met->context_gone = true;
        met->changed.notify_all();
    }
    notifier.join();
    BOOST_TEST(!met->gone_too_early);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
