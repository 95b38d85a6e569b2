#include "io/connection_pool.hpp"

#include "io/failures.hpp"

#include <algorithm>
#include <utility>

namespace allot {

using clock = std::chrono::steady_clock;

struct connection_pool::waiter {
    waiter(connection_pool& pool, bool fresh) : owner(pool), spot(pool.executor_) {
        owner.state_.wait(id(), fresh);
    }
    ~waiter() {
        if (granted)
            owner.release(granted->connection, !granted->open);
        else
            owner.state_.cancel(id());
    }
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;

    pool_state::waiter_id id() const noexcept { return reinterpret_cast<std::uintptr_t>(this); }
    std::optional<pool_state::grant> take() noexcept { return std::exchange(granted, std::nullopt); }

    connection_pool& owner;
    parking_spot spot;
    std::optional<pool_state::grant> granted;
};

connection_pool::lease::lease(lease&& other) noexcept :
    pool_(std::exchange(other.pool_, nullptr)),
    slot_(other.slot_),
    reused_(other.reused_) {}

connection_pool::lease& connection_pool::lease::operator=(lease&& other) noexcept {
    std::swap(pool_, other.pool_);
    std::swap(slot_, other.slot_);
    std::swap(reused_, other.reused_);
    return *this;
}

connection_pool::lease::~lease() {
    if (!pool_)
        return;
    bool const reusable = connection().reusable();
    connection().give_back_answer();
    pool_->release(slot_, reusable);
}

connection_pool::connection_pool(
    boost::asio::any_io_executor executor, deadline_queue& deadlines, endpoint to,
    connection_pool_params const& params) :
    executor_(std::move(executor)),
    deadlines_(deadlines),
    endpoint_(std::move(to)),
    params_(params),
    state_(params.capacity, params.idle_timeout),
    sockets_(readiness_set::make(executor_)),
    memory_(params.capacity),
    connections_(params.capacity) {}

std::optional<connection_pool::lease> connection_pool::try_acquire(time_point now) {
    while (auto const expired = state_.expire(now))
        connections_[*expired]->close(close_cause::idle);
    if (state_.idle() == 0)
        return std::nullopt;
    // With an idle connection nobody waits, and the grant is for that one.
    auto const granted = state_.acquire(now, false);
    return lease(*this, granted->connection, true);
}

boost::asio::awaitable<std::optional<failure>>
connection_pool::open(pool_state::slot slot, std::optional<time_point> until) {
    auto& made = connections_[slot];
    if (!made)
        made = std::make_unique<connection>(sockets_, deadlines_, memory_, params_.watcher);
    auto const began = clock::now();
    auto at = began + params_.connect_timeout;
    if (until)
        at = std::min(at, *until);
    auto failed = co_await made->open(endpoint_, at);
    if (!failed) {
        ++opened_;
        resumed_ += made->resumed() ? 1 : 0;
    }
    if (params_.watcher != nullptr) {
        auto const took = clock::now() - began;
        if (failed)
            params_.watcher->on_connection_failed({failed->code, failed->cause, failed->message, took});
        else
            made->tell_opened(opened_, took);
    }
    co_return failed;
}

boost::asio::awaitable<result<connection_pool::lease>>
connection_pool::acquire(bool fresh, std::optional<time_point> until) {
    auto granted = state_.acquire(clock::now(), fresh);
    if (!granted) {
        waiter self(*this, fresh);
        auto const outcome = co_await self.spot.wait(until);
        if (outcome == parking_spot::outcome::cancelled)
            co_return cancelled_failure();
        if (outcome == parking_spot::outcome::expired)
            co_return deadline_failure("a connection");
        granted = self.take();
    }
    if (granted->open) {
        auto failed = co_await open(granted->connection, until);
        if (failed) {
            release(granted->connection, false);
            co_return std::move(*failed);
        }
    }
    co_return lease(*this, granted->connection, !granted->open);
}

void connection_pool::release(pool_state::slot slot, bool reusable) noexcept {
    if (auto const handed = state_.release(clock::now(), slot, reusable)) {
        auto& next = *reinterpret_cast<waiter*>(handed->waiter);
        next.granted = handed->granted;
        next.spot.wake();
    }
}

void connection_pool::close_idle() noexcept {
    while (auto const idle = state_.expire(time_point::max()))
        connections_[*idle]->close(close_cause::client);
}

}
