#include "io/token_cache.hpp"

#include "io/credential_key.hpp"
#include "io/failures.hpp"
#include "json/claims.hpp"
#include "protocol/http_request.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <map>
#include <optional>
#include <utility>

namespace allot {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

failure token_failure(std::string const& why, end_reason reason = end_reason::permanent) {
    failure made;
    made.code = errc::token_unavailable;
    made.reason = reason;
    made.message = "no access token: " + why;
    return made;
}

/// Why a fetched token cannot be used, if so.
std::optional<failure> problem_of(result<access_token> const& fetched) {
    if (!fetched) {
        auto problem = fetched.error();
        // Which source was asked matters to a chain of them only.
        if (problem.code == errc::credential_unavailable)
            problem.code = errc::token_unavailable;
        if (problem.code == errc::cancelled)
            return token_failure(
                "its source says that it was cancelled, which nobody asked for", end_reason::attempts);
        return problem;
    }
    if (!is_bearer_token(fetched->value.reveal()))
        return token_failure("it gave a text that is no bearer token (RFC 6750 section 2.1)");
    if (clock::now() >= fetched->expires_at)
        return token_failure("it had expired when it came; check the lifetime of tokens and the clock");
    return std::nullopt;
}

/// The wait that a source asks for.
std::optional<std::chrono::seconds> hint_of(failure const& why) {
    if (!why.retry_at)
        return std::nullopt;
    auto const wait = *why.retry_at - std::chrono::system_clock::now();
    return std::clamp(
        std::chrono::ceil<std::chrono::seconds>(wait), std::chrono::seconds(0),
        std::chrono::seconds(std::chrono::hours(24)));
}

/// A challenge that makes no sense is left out: the token without it may do.
std::string claims_parameter(std::string const& challenge, client_capability capability) {
    if (auto merged = merge_claims(challenge, capability))
        return std::move(*merged);
    return merge_claims({}, capability).value();
}

/// Never destroyed: clients of static life may outlive any static object of ours.
struct registry {
    std::mutex mutex;
    std::map<std::string, std::weak_ptr<token_cache>> caches;

    static registry& instance() {
        static auto* const only = new registry;
        return *only;
    }
};

std::string
key_of(token_credential const& credential, std::string const& scope, client_capability capability) {
    return key_or_object(credential.cache_key(), credential) + '\n' + scope +
           (capability == client_capability::cp1 ? "\ncp1" : "");
}

}

/// A fetch under way. Destroyed unfinished, as with its context, it leaves the fetch to others.
class token_cache::fetch_run {
public:
    fetch_run(std::shared_ptr<token_cache> owner, token_cache_state::fetch what) :
        cache(std::move(owner)),
        what_(std::move(what)) {}
    fetch_run(fetch_run const&) = delete;
    fetch_run& operator=(fetch_run const&) = delete;
    ~fetch_run() {
        if (!ended_)
            end(cancelled_failure());
    }

    std::string const& claims() const noexcept { return what_.claims; }

    void end(access_token token) {
        ended_ = true;
        cache->apply(
            [&](token_cache_state& state) { state.on_fetched(what_, clock::now(), std::move(token)); });
    }
    void end(failure why) {
        ended_ = true;
        auto const hint = hint_of(why);
        cache->apply(
            [&](token_cache_state& state) { state.on_failed(what_, clock::now(), std::move(why), hint); });
    }
    /// Its time is up. A token that it gets after all is welcome.
    void give_up() {
        if (ended_)
            return;
        auto const limit = std::chrono::ceil<std::chrono::seconds>(cache->timeout_);
        end(token_failure(
            cache->credential_->description() + " gave neither a token nor an error within " +
                std::to_string(limit.count()) + " s",
            end_reason::attempts));
        stop.emit(asio::cancellation_type::terminal);
    }

    std::shared_ptr<token_cache> const cache;
    asio::cancellation_signal stop;

private:
    token_cache_state::fetch what_;
    bool ended_ = false;
};

token_cache::token_cache(
    std::shared_ptr<token_credential> credential, std::string scope, client_capability capability,
    std::chrono::milliseconds timeout) :
    credential_(std::move(credential)),
    scope_(std::move(scope)),
    capability_(capability),
    timeout_(timeout) {}

std::shared_ptr<token_cache> token_cache::shared(
    std::shared_ptr<token_credential> credential, std::string scope, client_capability capability,
    std::chrono::milliseconds timeout) {
    auto& all = registry::instance();
    auto key = key_of(*credential, scope, capability);
    std::lock_guard const lock(all.mutex);
    std::erase_if(all.caches, [](auto const& each) { return each.second.expired(); });
    auto& known = all.caches[std::move(key)];
    auto found = known.lock();
    if (!found) {
        found.reset(new token_cache(std::move(credential), std::move(scope), capability, timeout));
        known = found;
    }
    return found;
}

token_cache::reply token_cache::get(std::shared_ptr<token_listener> const& asking, std::string_view claims) {
    reply out;
    std::optional<token_cache_state::fetch> due;
    {
        std::lock_guard const lock(mutex_);
        auto decision = state_.on_get(clock::now(), claims);
        out.kind = decision.reply;
        out.until = decision.until;
        out.version = version();
        out.token = std::move(decision.token);
        out.why = std::move(decision.why);
        due = std::move(decision.start);
        if (out.kind == answer::wait || out.kind == answer::hold)
            listeners_.add(asking);
    }
    if (due)
        out.fetch = start(std::move(*due), asking->listening_executor());
    return out;
}

std::weak_ptr<asio::cancellation_signal>
token_cache::start(token_cache_state::fetch what, asio::any_io_executor const& executor) {
    auto const fetch = std::make_shared<fetch_run>(shared_from_this(), std::move(what));
    // The handler keeps the signal for as long as its slot may be used.
    auto ended = [fetch](std::exception_ptr) {};
    asio::co_spawn(executor, run(fetch), asio::bind_cancellation_slot(fetch->stop.slot(), std::move(ended)));
    return std::shared_ptr<asio::cancellation_signal>(fetch, &fetch->stop);
}

asio::awaitable<void> token_cache::run(std::shared_ptr<fetch_run> fetch) {
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const& cache = *fetch->cache;
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer limit(executor, cache.timeout_);
    limit.async_wait([late = std::weak_ptr(fetch)](boost::system::error_code error) {
        if (auto const run = late.lock(); run && !error)
            run->give_up();
    });
    token_request request(cache.scope_, claims_parameter(fetch->claims(), cache.capability_));
    std::optional<failure> problem;
    try {
        auto fetched = co_await cache.credential_->fetch_token(std::move(request));
        problem = problem_of(fetched);
        if (!problem)
            co_return fetch->end(std::move(*fetched));
    } catch (std::exception const& thrown) {
        problem = token_failure(thrown.what());
    } catch (...) {
        problem = token_failure("its source threw something that is no std::exception");
    }
    // Whether it was cancelled is known here, whatever the credential makes of it.
    auto const state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        problem = cancelled_failure();
    fetch->end(std::move(*problem));
}

template <class Change>
void token_cache::apply(Change change) {
    token_listeners waiting;
    {
        std::lock_guard const lock(mutex_);
        change(state_);
        version_.store(version() + 1, std::memory_order_release);
        waiting = std::exchange(listeners_, {});
    }
    waiting.call_all();
}

token_cache::outlook token_cache::reject(std::uint64_t generation, std::string const& claims) {
    failure refused;
    refused.code = errc::unauthorized;
    refused.message =
        "Graph refuses the tokens of " + credential_->description() +
        ", fresh ones too; check that tenant, cloud and permissions are the right ones, and the "
        "clock of this machine";
    outlook out;
    apply([&](token_cache_state& state) {
        out = state.reject(generation, claims, clock::now(), std::move(refused));
    });
    return out;
}

token_cache::outlook token_cache::challenge(std::uint64_t generation, std::string const& claims) {
    std::lock_guard const lock(mutex_);
    return state_.challenge(generation, claims, clock::now());
}

void token_cache::accept(std::uint64_t generation) {
    std::lock_guard const lock(mutex_);
    state_.accept(generation);
}

}
