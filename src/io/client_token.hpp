#pragma once

#include "io/parking_spot.hpp"
#include "io/token_cache.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot {

/// The token that one client's requests carry: a copy of what the cache has, which is asked again only when
/// something may have changed, and those of the client who wait for one.
/// Thread safety: one strand.
class client_token final : public token_listener, public std::enable_shared_from_this<client_token> {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `patience`: how long a caller waits while a source that gave tokens fails.
    client_token(
        boost::asio::any_io_executor executor, std::shared_ptr<token_cache> cache,
        std::chrono::milliseconds patience) :
        executor_(std::move(executor)),
        cache_(std::move(cache)),
        patience_(patience) {}

    /// A valid token, if there is one; an early refresh starts in the background when it is due. With
    /// `claims` a token that was fetched with those of a challenge.
    std::optional<cached_token> try_get(time_point now, std::string_view claims = {});

    /// Errors: those of the credential, at `until` or after `patience` where the cause can pass;
    /// `unauthorized` when Graph refused a token and the one that replaced it; `deadline_exceeded` at `until`
    /// where nothing has failed, `cancelled`. A caller that is cancelled leaves the fetch to others.
    /// Lifetimes: `claims` until the end.
    boost::asio::awaitable<result<cached_token>>
    get(std::optional<time_point> until, std::string_view claims = {});

    /// As in `token_cache_state`.
    token_cache::outlook reject(std::uint64_t generation, std::string const& claims) {
        return cache_->reject(generation, claims);
    }
    token_cache::outlook challenge(std::uint64_t generation, std::string const& claims) {
        return cache_->challenge(generation, claims);
    }
    void accept(std::uint64_t generation) {
        if (std::exchange(accepted_, generation) != generation)
            cache_->accept(generation);
    }

    /// Ends the fetches that this client drives; other clients of the cache begin their own.
    void cancel();

private:
    struct waiter;

    boost::asio::any_io_executor const& listening_executor() const noexcept override { return executor_; }
    void token_changed() override;
    token_cache::reply ask(std::string_view claims);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<token_cache> cache_;
    std::chrono::milliseconds patience_;
    cached_token last_;
    time_point until_ = time_point::min(); ///< of `last_`
    std::uint64_t version_ = 0;
    std::uint64_t accepted_ = 0;
    std::vector<waiter*> waiters_;
    std::vector<std::weak_ptr<boost::asio::cancellation_signal>> fetches_;
};

}
