#include "io/token_cache.hpp"

#include "io/failures.hpp"
#include "protocol/http_request.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace allot {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using answer = token_cache_state::answer;

namespace {

failure token_failure(std::string const& why) {
    failure made;
    made.code = errc::token_unavailable;
    made.message = "no access token: " + why;
    return made;
}

}

struct token_cache::waiter {
    explicit waiter(token_cache& cache) : owner(cache), spot(cache.executor_) {
        owner.waiters_.push_back(this);
    }
    ~waiter() { std::erase(owner.waiters_, this); }
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;

    token_cache& owner;
    parking_spot spot;
};

token_cache::token_cache(
    asio::any_io_executor executor, std::shared_ptr<token_credential> credential, std::string scope) :
    executor_(std::move(executor)),
    credential_(std::move(credential)),
    scope_(std::move(scope)) {}

void token_cache::start_fetch() {
    asio::co_spawn(
        executor_, fetch(shared_from_this()), asio::bind_cancellation_slot(stop_.slot(), asio::detached));
}

std::optional<cached_token> token_cache::try_get(time_point now) {
    auto const decision = state_.on_get(now);
    if (decision.start_fetch)
        start_fetch();
    if (decision.reply == answer::serve)
        return state_.current();
    return std::nullopt;
}

asio::awaitable<result<cached_token>> token_cache::get(std::optional<time_point> until) {
    for (;;) {
        auto const decision = state_.on_get(clock::now());
        if (decision.start_fetch)
            start_fetch();
        if (decision.reply == answer::serve)
            co_return state_.current();
        if (decision.reply == answer::fail)
            co_return state_.last_failure();
        waiter self(*this);
        auto const outcome = co_await self.spot.wait(until);
        if (outcome == parking_spot::outcome::cancelled)
            co_return cancelled_failure();
        if (outcome == parking_spot::outcome::expired)
            co_return deadline_failure("an access token");
    }
}

asio::awaitable<void> token_cache::fetch(std::shared_ptr<token_cache> self) {
    co_await asio::this_coro::throw_if_cancelled(false);
    token_request request(self->scope_);
    auto problem = token_failure("");
    try {
        auto fetched = co_await self->credential_->fetch_token(std::move(request));
        bool const usable = fetched && is_bearer_token(fetched->value.reveal());
        if (usable && clock::now() < fetched->expires_at) {
            self->state_.on_fetched(std::move(*fetched));
            self->wake_all();
            co_return;
        }
        if (!fetched)
            problem = std::move(fetched).error();
        else if (usable)
            problem =
                token_failure("it had expired when it came; check the lifetime of tokens and the clock");
        else
            problem = token_failure("it gave a text that is no bearer token (RFC 6750 section 2.1)");
    } catch (std::exception const& thrown) {
        problem = token_failure(thrown.what());
    }
    self->state_.on_failed(clock::now(), std::move(problem));
    self->wake_all();
}

void token_cache::wake_all() {
    for (auto* const waiting : waiters_)
        waiting->spot.wake();
}

}
