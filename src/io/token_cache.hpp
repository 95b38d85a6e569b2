#pragma once

#include "io/parking_spot.hpp"
#include "protocol/token_cache_state.hpp"

#include <allot/credential.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace allot {

/// Runs the token cache over one credential. Fetches belong to the cache: a caller that is cancelled leaves
/// the fetch to the others. Thread safety: one strand.
class token_cache : public std::enable_shared_from_this<token_cache> {
public:
    using time_point = std::chrono::steady_clock::time_point;

    token_cache(
        boost::asio::any_io_executor executor, std::shared_ptr<token_credential> credential,
        std::string scope);

    /// A valid token, if there is one; starts an early refresh in the background when it is due.
    std::optional<cached_token> try_get(time_point now);

    /// Errors: those of the credential, `deadline_exceeded` at `until`, `cancelled`.
    boost::asio::awaitable<result<cached_token>> get(std::optional<time_point> until);

    /// Graph refused this token.
    void reject(std::uint64_t generation) { state_.reject(generation); }

    /// Ends a fetch under way.
    void cancel() { stop_.emit(boost::asio::cancellation_type::terminal); }

private:
    struct waiter;

    void start_fetch();
    static boost::asio::awaitable<void> fetch(std::shared_ptr<token_cache> self);
    void wake_all();

    boost::asio::any_io_executor executor_;
    std::shared_ptr<token_credential> credential_;
    std::string scope_;
    token_cache_state state_;
    std::vector<waiter*> waiters_;
    boost::asio::cancellation_signal stop_;
};

}
