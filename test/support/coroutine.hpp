#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace allot::test {

/// Runs a coroutine to its end on the context and returns what it returned. Fails the test when the context
/// runs out of work first, or still has work a minute later.
template <class T>
T run(boost::asio::io_context& context, boost::asio::awaitable<T> operation) {
    std::optional<T> value;
    std::exception_ptr thrown;
    auto keep = [](boost::asio::awaitable<T> inner, std::optional<T>& out) -> boost::asio::awaitable<void> {
        auto made = co_await std::move(inner);
        out.emplace(std::move(made));
    };
    boost::asio::co_spawn(
        context, keep(std::move(operation), value), [&](std::exception_ptr problem) { thrown = problem; });
    context.restart();
    context.run_for(std::chrono::minutes(1));
    if (thrown)
        std::rethrow_exception(thrown);
    BOOST_TEST_REQUIRE(value.has_value());
    BOOST_TEST(context.stopped());
    return std::move(*value);
}

inline void run(boost::asio::io_context& context, boost::asio::awaitable<void> operation) {
    auto flagged = [](boost::asio::awaitable<void> inner) -> boost::asio::awaitable<bool> {
        co_await std::move(inner);
        co_return true;
    };
    run(context, flagged(std::move(operation)));
}

}
