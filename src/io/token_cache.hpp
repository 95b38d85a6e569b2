#pragma once

#include "io/token_listener.hpp"
#include "json/claims.hpp"
#include "protocol/token_cache_state.hpp"

#include <allot/credential.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// The tokens of one credential for one scope: one for all clients and threads of the process that use
/// credentials of the same `token_credential::cache_key`. A fetch runs on the executor of the client that
/// needed it first; where that ends before the fetch does, the next one takes over. The lock covers the state
/// alone, never a fetch.
/// Thread safety: safe.
class token_cache : public std::enable_shared_from_this<token_cache> {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using answer = token_cache_state::answer;
    using outlook = token_cache_state::outlook;

    /// A fetch that takes longer has failed, whatever its credential does. Ours end before: 75 s of a
    /// metadata service and then 30 s of the Azure CLI are the most.
    static constexpr std::chrono::seconds fetch_timeout{120};

    /// The cache that others use for the same tokens, or a new one. `timeout` differs in tests.
    static std::shared_ptr<token_cache> shared(
        std::shared_ptr<token_credential> credential, std::string scope, client_capability capability,
        std::chrono::milliseconds timeout = fetch_timeout);

    /// What `token_cache_state::on_get` answers, with what belongs to it.
    struct reply {
        answer kind;
        cached_token token;         ///< of `serve`
        std::optional<failure> why; ///< of `fail` and `hold`; of `wait` that of the hold before it
        time_point until;           ///< before it, the reply changes only with `version`
        std::uint64_t version;      ///< at the time of the reply
        std::weak_ptr<boost::asio::cancellation_signal> fetch; ///< ends the fetch that this call started
    };

    /// A fetch that is due starts on the listener's executor. With the answers `wait` and `hold` the listener
    /// is called once, when it is worth asking again.
    reply get(std::shared_ptr<token_listener> const& asking, std::string_view claims = {});

    /// Changes with each event after which an answer may be another one.
    std::uint64_t version() const noexcept { return version_.load(std::memory_order_acquire); }

    /// As in `token_cache_state`.
    outlook reject(std::uint64_t generation, std::string const& claims);
    outlook challenge(std::uint64_t generation, std::string const& claims);
    void accept(std::uint64_t generation);

private:
    class fetch_run;

    token_cache(
        std::shared_ptr<token_credential> credential, std::string scope, client_capability capability,
        std::chrono::milliseconds timeout);

    static boost::asio::awaitable<void> run(std::shared_ptr<fetch_run> fetch);
    std::weak_ptr<boost::asio::cancellation_signal>
    start(token_cache_state::fetch what, boost::asio::any_io_executor const& executor);
    /// Applies `change` to the state, then has the listeners called.
    template <class Change>
    void apply(Change change);

    std::shared_ptr<token_credential> const credential_;
    std::string const scope_;
    client_capability const capability_;
    std::chrono::milliseconds const timeout_;
    std::mutex mutex_;
    token_cache_state state_;
    token_listeners listeners_; ///< who waits
    std::atomic<std::uint64_t> version_{0};
};

}
