#include "io/parking_spot.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace allot {
namespace asio = boost::asio;

asio::awaitable<parking_spot::outcome>
parking_spot::wait(std::optional<std::chrono::steady_clock::time_point> until) {
    auto const state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        co_return outcome::cancelled;
    auto park = [this, until](auto handler) {
        waiter_ = suspension<outcome>(std::move(handler));
        if (auto slot = waiter_.slot(); slot.is_connected())
            slot.assign([this](asio::cancellation_type) { finish(outcome::cancelled); });
        if (until)
            deadlines_.arm(*this, *until);
    };
    auto const ended = co_await asio::async_initiate<asio::use_awaitable_t<> const, void(outcome)>(
        std::move(park), asio::use_awaitable);
    state.slot().clear();
    co_return ended;
}

void parking_spot::finish(outcome value) noexcept {
    if (!waiter_)
        return;
    disarm();
    waiter_.resume(value);
}

}
