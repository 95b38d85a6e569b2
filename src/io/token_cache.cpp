#include "io/token_cache.hpp"

#include "io/failures.hpp"
#include "json/claims.hpp"
#include "protocol/http_request.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <map>
#include <optional>
#include <utility>

namespace allot {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

failure token_failure(std::string const& why) {
    failure made;
    made.code = errc::token_unavailable;
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
        return problem;
    }
    if (!is_bearer_token(fetched->value.reveal()))
        return token_failure("it gave a text that is no bearer token (RFC 6750 section 2.1)");
    if (clock::now() >= fetched->expires_at)
        return token_failure("it had expired when it came; check the lifetime of tokens and the clock");
    return std::nullopt;
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
    auto key = credential.cache_key();
    if (key.empty())
        // No other object has the address while a cache keeps this one.
        key = "object " + std::to_string(reinterpret_cast<std::uintptr_t>(&credential));
    return key + '\n' + scope + (capability == client_capability::cp1 ? "\ncp1" : "");
}

}

/// A fetch under way. Destroyed unfinished, as with its context, it leaves the fetch to others.
class token_cache::fetch_run {
public:
    fetch_run(std::shared_ptr<token_cache> owner, token_cache_state::fetch what) :
        cache(std::move(owner)),
        claims(std::move(what.claims)),
        id_(what.id) {}
    fetch_run(fetch_run const&) = delete;
    fetch_run& operator=(fetch_run const&) = delete;
    ~fetch_run() {
        if (!ended_)
            end(cancelled_failure());
    }

    void end(access_token token) {
        ended_ = true;
        cache->apply([&](token_cache_state& state) { state.on_fetched(id_, std::move(token)); });
    }
    void end(failure why) {
        ended_ = true;
        cache->apply([&](token_cache_state& state) { state.on_failed(id_, clock::now(), std::move(why)); });
    }

    std::shared_ptr<token_cache> const cache;
    std::string const claims;
    asio::cancellation_signal stop;

private:
    std::uint64_t id_;
    bool ended_ = false;
};

token_cache::token_cache(
    std::shared_ptr<token_credential> credential, std::string scope, client_capability capability) :
    credential_(std::move(credential)),
    scope_(std::move(scope)),
    capability_(capability) {}

std::shared_ptr<token_cache> token_cache::shared(
    std::shared_ptr<token_credential> credential, std::string scope, client_capability capability) {
    auto& all = registry::instance();
    auto key = key_of(*credential, scope, capability);
    std::lock_guard const lock(all.mutex);
    std::erase_if(all.caches, [](auto const& each) { return each.second.expired(); });
    auto& known = all.caches[std::move(key)];
    auto found = known.lock();
    if (!found) {
        found.reset(new token_cache(std::move(credential), std::move(scope), capability));
        known = found;
    }
    return found;
}

token_cache::reply token_cache::get(std::shared_ptr<token_listener> const& asking) {
    reply out;
    std::optional<token_cache_state::fetch> due;
    {
        std::lock_guard const lock(mutex_);
        auto decision = state_.on_get(clock::now());
        out.kind = decision.reply;
        out.until = decision.until;
        out.version = version();
        due = std::move(decision.start);
        if (out.kind == answer::serve)
            out.token = state_.current();
        else if (out.kind == answer::fail)
            out.why = state_.last_failure();
        else
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
    token_request request(cache.scope_, claims_parameter(fetch->claims, cache.capability_));
    std::optional<failure> problem;
    try {
        auto fetched = co_await cache.credential_->fetch_token(std::move(request));
        problem = problem_of(fetched);
        if (!problem)
            co_return fetch->end(std::move(*fetched));
    } catch (std::exception const& thrown) {
        problem = token_failure(thrown.what());
    }
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

void token_cache::reject(std::uint64_t generation, std::string claims) {
    failure refused;
    refused.code = errc::unauthorized;
    refused.message =
        "Graph refuses the tokens of " + credential_->description() +
        ", fresh ones too; check that tenant, cloud and permissions are the right ones, and the "
        "clock of this machine";
    apply([&](token_cache_state& state) {
        state.reject(generation, std::move(claims), clock::now(), std::move(refused));
    });
}

void token_cache::accept(std::uint64_t generation) {
    std::lock_guard const lock(mutex_);
    state_.accept(generation);
}

}
