#include "io/lookup_waiter.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>

#include <set>
#include <utility>

namespace allot {
namespace asio = boost::asio;

/// The waiters of one execution context. A look-up may outlive the context of those who wait for it; it must
/// not post anything there once the context's end has begun, and a waiter that was cancelled but not yet
/// resumed does not know of that end.
class lookup_waiter::registry : public asio::execution_context::service {
public:
    using key_type = registry;
    static inline asio::execution_context::id id;

    explicit registry(asio::execution_context& of) : asio::execution_context::service(of) {}

    static registry& of(asio::any_io_executor const& executor) {
        return asio::use_service<registry>(asio::query(executor, asio::execution::context));
    }

    void add(lookup_waiter* waiter) {
        std::lock_guard const lock(mutex_);
        waiters_.insert(waiter);
    }

    void remove(lookup_waiter* waiter) {
        std::lock_guard const lock(mutex_);
        waiters_.erase(waiter);
    }

private:
    void shutdown() noexcept override {
        std::lock_guard const lock(mutex_);
        for (auto* const each : waiters_)
            each->abandon();
    }

    std::mutex mutex_;
    std::set<lookup_waiter*> waiters_;
};

lookup_waiter::lookup_waiter(asio::any_io_executor const& executor) :
    executor_(executor),
    registry_(registry::of(executor)),
    spot_(executor) {}

std::shared_ptr<lookup_waiter> lookup_waiter::make(asio::any_io_executor const& executor) {
    std::shared_ptr<lookup_waiter> made(new lookup_waiter(executor));
    made->registry_.add(made.get());
    return made;
}

asio::awaitable<parking_spot::outcome> lookup_waiter::wait(std::chrono::steady_clock::time_point until) {
    return spot_.wait(until);
}

std::optional<lookup_end> lookup_waiter::ended() const {
    std::lock_guard const lock(mutex_);
    return ended_;
}

void lookup_waiter::end(lookup_end how) {
    std::lock_guard const lock(mutex_);
    if (abandoned_)
        return;
    ended_ = std::move(how);
    // Under the lock, so that the context cannot end meanwhile.
    asio::post(executor_, [self = shared_from_this()] { self->spot_.wake(); });
}

bool lookup_waiter::abandon() noexcept {
    std::lock_guard const lock(mutex_);
    return !std::exchange(abandoned_, true);
}

void lookup_waiter::leave() noexcept {
    // After the context's end the registry is gone or about to go.
    if (abandon())
        registry_.remove(this);
}

}
