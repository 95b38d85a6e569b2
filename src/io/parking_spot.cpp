#include "io/parking_spot.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace allot {
namespace asio = boost::asio;

asio::awaitable<parking_spot::outcome>
parking_spot::wait(std::optional<std::chrono::steady_clock::time_point> until) {
    auto const state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        co_return outcome::cancelled;
    waiting_ = true;
    woken_ = false;
    timer_.expires_at(until.value_or(asio::steady_timer::time_point::max()));
    boost::system::error_code error;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, error));
    waiting_ = false;
    if (woken_)
        co_return outcome::woken;
    co_return error ? outcome::cancelled : outcome::expired;
}

void parking_spot::wake() noexcept {
    if (!waiting_)
        return;
    woken_ = true;
    timer_.cancel();
}

}
