#include "io/client_token.hpp"

#include "io/failures.hpp"

#include <algorithm>
#include <utility>

namespace allot {
namespace asio = boost::asio;

namespace {

/// What the source said last, for whoever waits no longer.
failure without_token(failure why, bool at_deadline) {
    why.message += at_deadline ? "; the deadline allows no longer wait for it"
                               : "; max_wait allows no longer wait for it";
    if (at_deadline)
        why.reason = end_reason::deadline;
    return why;
}

/// With a count of uses that no other thread touches: each request takes the token and lets it go.
std::shared_ptr<access_token const> with_own_count(std::shared_ptr<access_token const> of_all) {
    auto const holder = std::make_shared<std::shared_ptr<access_token const>>(std::move(of_all));
    return {holder, holder->get()};
}

}

struct client_token::waiter {
    explicit waiter(client_token& of) : owner(of), spot(of.executor_) { owner.waiters_.push_back(this); }
    ~waiter() { std::erase(owner.waiters_, this); }
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;

    client_token& owner;
    parking_spot spot;
};

token_cache::reply client_token::ask(std::string_view claims) {
    auto reply = cache_->get(shared_from_this(), claims);
    if (!reply.fetch.expired()) {
        std::erase_if(fetches_, [](auto const& each) { return each.expired(); });
        fetches_.push_back(reply.fetch);
    }
    bool const serves = reply.kind == token_cache::answer::serve;
    if (serves)
        reply.token.token = with_own_count(std::move(reply.token.token));
    if (!claims.empty())
        return reply;
    last_ = serves ? reply.token : cached_token();
    until_ = serves ? reply.until : time_point::min();
    version_ = reply.version;
    return reply;
}

std::optional<cached_token> client_token::try_get(time_point now, std::string_view claims) {
    if (claims.empty() && now < until_ && version_ == cache_->version())
        return last_;
    auto reply = ask(claims);
    if (reply.kind == token_cache::answer::serve)
        return std::move(reply.token);
    return std::nullopt;
}

asio::awaitable<result<cached_token>>
client_token::get(std::optional<time_point> until, std::string_view claims) {
    std::optional<time_point> patient_until;
    for (;;) {
        auto reply = ask(claims);
        if (reply.kind == token_cache::answer::serve)
            co_return std::move(reply.token);
        if (reply.kind == token_cache::answer::fail)
            co_return std::move(*reply.why);
        auto limit = until.value_or(time_point::max());
        if (reply.kind == token_cache::answer::hold) {
            if (!patient_until)
                patient_until = std::chrono::steady_clock::now() + patience_;
            limit = std::min(limit, *patient_until);
            // No wait that can only end in failure.
            if (reply.until >= limit)
                co_return without_token(std::move(*reply.why), until == limit);
        }
        waiter self(*this);
        auto const outcome = co_await self.spot.wait(std::min(limit, reply.until));
        if (outcome == parking_spot::outcome::cancelled)
            co_return cancelled_failure();
        if (outcome == parking_spot::outcome::woken || reply.until < limit)
            continue;
        if (!reply.why)
            co_return deadline_failure("an access token");
        co_return without_token(std::move(*reply.why), true);
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
