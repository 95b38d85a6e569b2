#pragma once

#include <allot/credential.hpp>
#include <allot/failure.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace allot {

/// A token in use. `generation` tells a token from the one that replaced it.
struct cached_token {
    std::shared_ptr<access_token const> token;
    std::uint64_t generation = 0;
};

/// When to fetch a token, and what to answer meanwhile: one fetch at a time; a token that is still valid
/// serves while it is being refreshed, and after a refresh that failed.
class token_cache_state {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// An early refresh that failed is tried again after this time.
    static constexpr std::chrono::seconds early_retry{30};
    /// After a fetch failed and no token is left, callers get that failure for this time.
    static constexpr std::chrono::seconds failure_hold{1};

    enum class answer {
        serve, ///< `current()` holds
        wait,  ///< the fetch under way decides
        fail   ///< `last_failure()` says why
    };
    struct decision {
        answer reply;
        bool start_fetch; ///< the driver starts a fetch now, on behalf of all
    };

    decision on_get(time_point now);

    /// Ends the fetch under way; everybody who waits is answered by `on_get` again.
    void on_fetched(access_token token);
    void on_failed(time_point now, failure reason);

    /// Graph refused the token: it is not served again, unless a newer one has replaced it already.
    void reject(std::uint64_t generation);

    cached_token const& current() const noexcept { return current_; }
    failure const& last_failure() const noexcept { return *failure_; }

    /// When a token is refreshed: at the issuer's word, else 5 minutes before its end or at 80 % of its
    /// life, whichever comes first, but not in the first half of its life.
    static time_point refresh_time(access_token const& token);

private:
    bool valid(time_point now) const noexcept { return current_.token && now < current_.token->expires_at; }

    cached_token current_;
    time_point refresh_at_ = time_point::max();
    bool fetching_ = false;
    std::optional<failure> failure_;
    time_point failed_until_ = time_point::min();
};

}
