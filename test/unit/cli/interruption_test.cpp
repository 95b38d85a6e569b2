#include "cli/interruption.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

using namespace allot;
namespace asio = boost::asio;

namespace {

failure ended_early() {
    failure made;
    made.code = errc::cancelled;
    return made;
}

/// Ends when it is cancelled, where it can be.
asio::awaitable<result<int>> wait_for_ever(std::vector<int> signals, bool deaf, result<int> answer) {
    co_await asio::this_coro::throw_if_cancelled(false);
    if (deaf)
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    for (int const each : signals)
        std::raise(each);
    asio::steady_timer timer(
        co_await asio::this_coro::executor, std::chrono::steady_clock::time_point::max());
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return answer;
}

asio::awaitable<result<int>> at_once(result<int> answer) {
    co_return answer;
}

int stopped_by(std::vector<int> signals, bool deaf = false) {
    try {
        asio::io_context context{1};
        run_operation(context, wait_for_ever(std::move(signals), deaf, ended_early()));
    } catch (interrupted const& by) {
        return by.signal();
    }
    return 0;
}

}

BOOST_AUTO_TEST_SUITE(interruptions)

BOOST_AUTO_TEST_CASE(a_signal_cancels_the_operation) {
    BOOST_TEST(stopped_by({SIGINT}) == SIGINT);
    BOOST_TEST(stopped_by({SIGTERM}) == SIGTERM);
    BOOST_TEST(interrupted(SIGTERM).what() == std::string("stopped by SIGTERM before there was an answer"));
}

BOOST_AUTO_TEST_CASE(a_second_one_does_not_wait_for_the_operation) {
    BOOST_TEST(stopped_by({SIGTERM, SIGINT}, true) == SIGTERM);
}

BOOST_AUTO_TEST_CASE(an_answer_that_came_is_kept) {
    asio::io_context context{1};
    BOOST_TEST(run_operation(context, wait_for_ever({SIGINT}, false, 5)).value() == 5);
}

BOOST_AUTO_TEST_CASE(without_a_signal_the_answer_is_the_operations) {
    asio::io_context first{1};
    BOOST_TEST(run_operation(first, at_once(5)).value() == 5);
    asio::io_context second{1};
    BOOST_TEST((run_operation(second, at_once(ended_early())).error().code == errc::cancelled));
}

BOOST_AUTO_TEST_SUITE_END()
