#include "io/client_token.hpp"

#include "io/failures.hpp"

#include <algorithm>
#include <utility>

namespace allot {
namespace asio = boost::asio;

struct client_token::waiter {
    explicit waiter(client_token& of) : owner(of), spot(of.executor_) { owner.waiters_.push_back(this); }
    ~waiter() { std::erase(owner.waiters_, this); }
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;

    client_token& owner;
    parking_spot spot;
};

token_cache::reply client_token::ask() {
    auto reply = cache_->get(shared_from_this());
    if (!reply.fetch.expired()) {
        std::erase_if(fetches_, [](auto const& each) { return each.expired(); });
        fetches_.push_back(reply.fetch);
    }
    bool const serves = reply.kind == token_cache::answer::serve;
    last_ = serves ? reply.token : cached_token();
    until_ = serves ? reply.until : time_point::min();
    version_ = reply.version;
    return reply;
}

std::optional<cached_token> client_token::try_get(time_point now) {
    if (now < until_ && version_ == cache_->version())
        return last_;
    if (ask().kind == token_cache::answer::serve)
        return last_;
    return std::nullopt;
}

asio::awaitable<result<cached_token>> client_token::get(std::optional<time_point> until) {
    for (;;) {
        auto reply = ask();
        if (reply.kind == token_cache::answer::serve)
            co_return std::move(reply.token);
        if (reply.kind == token_cache::answer::fail)
            co_return std::move(reply.why);
        waiter self(*this);
        auto const last_moment = until ? std::min(*until, reply.until) : reply.until;
        auto const outcome = co_await self.spot.wait(last_moment);
        if (outcome == parking_spot::outcome::cancelled)
            co_return cancelled_failure();
        if (outcome == parking_spot::outcome::expired && until == last_moment)
            co_return deadline_failure("an access token");
    }
}

void client_token::token_changed() {
    for (auto* const waiting : waiters_)
        waiting->spot.wake();
}

void client_token::cancel() {
    for (auto const& each : fetches_)
        if (auto const signal = each.lock())
            signal->emit(asio::cancellation_type::terminal);
}

}
