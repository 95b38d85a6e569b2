#include "io/wake_timer.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <utility>

namespace allot {

struct wake_timer::state {
    boost::asio::steady_timer timer;
    std::function<void()> action;
    // An expired wait that was replaced or dropped may still be on its way to its handler.
    std::uint64_t current = 0;
    bool armed = false;
};

wake_timer::wake_timer(boost::asio::any_io_executor const& executor, std::function<void()> action) :
    state_(std::make_shared<state>(state{boost::asio::steady_timer(executor), std::move(action)})) {}

wake_timer::~wake_timer() {
    clear();
}

void wake_timer::set(std::chrono::steady_clock::time_point at) {
    auto const mine = ++state_->current;
    state_->armed = true;
    state_->timer.expires_at(at);
    state_->timer.async_wait([self = state_, mine](boost::system::error_code) {
        if (mine != self->current || !self->armed)
            return;
        self->armed = false;
        self->action();
    });
}

void wake_timer::clear() {
    if (!std::exchange(state_->armed, false))
        return;
    state_->timer.cancel();
}

bool wake_timer::is_set() const noexcept {
    return state_->armed;
}

}
