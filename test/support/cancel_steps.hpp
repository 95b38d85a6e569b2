#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace allot::test {

/// The operation with every type of cancellation let through, which it sees in its results alone.
inline boost::asio::awaitable<std::string> with_all_types(boost::asio::awaitable<std::string> operation) {
    namespace asio = boost::asio;
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await asio::this_coro::throw_if_cancelled(false);
    co_return co_await std::move(operation);
}

/// Runs an operation again and again, cancels it after 0, 1, 2 ... handlers with each type, and ends with the
/// run that completes before its cancellation. `check` gets what the operation returned, and whether the
/// cancellation came before its end.
inline void cancel_at_every_step(
    boost::asio::io_context& context, std::function<boost::asio::awaitable<std::string>()> const& make,
    std::function<void(std::string const& said, bool cancelled)> const& check) {
    namespace asio = boost::asio;
    bool completed = false;
    for (int steps = 0; !completed; ++steps) {
        BOOST_TEST_REQUIRE(steps < 1000);
        for (auto const type :
             {asio::cancellation_type::terminal, asio::cancellation_type::partial,
              asio::cancellation_type::total}) {
            asio::cancellation_signal cancel;
            std::optional<std::string> said;
            context.restart();
            asio::co_spawn(
                context, with_all_types(make()),
                asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr thrown, std::string text) {
                    BOOST_TEST(!thrown);
                    said = std::move(text);
                }));
            for (int step = 0; step != steps && !said; ++step)
                context.run_one();
            completed = said.has_value();
            cancel.emit(type);
            // A stopped context would keep the posted emission beyond the signal's life.
            context.restart();
            context.run_for(std::chrono::minutes(1));
            BOOST_TEST_REQUIRE(context.stopped());
            BOOST_TEST_REQUIRE(said.has_value());
            check(*said, !completed);
        }
    }
}

}
