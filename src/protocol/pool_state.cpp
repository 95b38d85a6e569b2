#include "protocol/pool_state.hpp"

#include <algorithm>

namespace allot {

pool_state::pool_state(std::size_t capacity, std::chrono::milliseconds idle_timeout) :
    idle_timeout_(idle_timeout) {
    closed_.reserve(capacity);
    for (auto left = capacity; left != 0; --left)
        closed_.push_back(static_cast<slot>(left - 1));
}

std::optional<pool_state::grant> pool_state::acquire(time_point now, bool fresh) {
    grant granted{};
    if (!fresh && !idle_.empty() && now - idle_.back().since < idle_timeout_) {
        granted = {idle_.back().connection, false};
        idle_.pop_back();
    } else if (!closed_.empty()) {
        granted = {closed_.back(), true};
        closed_.pop_back();
    } else if (!idle_.empty()) {
        granted = {idle_.front().connection, true};
        idle_.pop_front();
    } else {
        return std::nullopt;
    }
    ++leased_;
    return granted;
}

void pool_state::wait(waiter_id id, bool fresh) {
    waiters_.push_back({id, fresh});
}

bool pool_state::cancel(waiter_id id) {
    auto const found = std::find_if(
        waiters_.begin(), waiters_.end(), [id](waiter const& queued) { return queued.id == id; });
    if (found == waiters_.end())
        return false;
    waiters_.erase(found);
    return true;
}

std::optional<pool_state::handed> pool_state::release(time_point now, slot connection, bool reusable) {
    if (!waiters_.empty()) {
        auto const next = waiters_.front();
        waiters_.pop_front();
        return handed{next.id, {connection, next.fresh || !reusable}};
    }
    --leased_;
    if (reusable)
        idle_.push_back({connection, now});
    else
        closed_.push_back(connection);
    return std::nullopt;
}

std::optional<pool_state::slot> pool_state::expire(time_point now) {
    if (idle_.empty() || now - idle_.front().since < idle_timeout_)
        return std::nullopt;
    auto const connection = idle_.front().connection;
    idle_.pop_front();
    closed_.push_back(connection);
    return connection;
}

}
