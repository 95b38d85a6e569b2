#pragma once

#include <allot/credential.hpp>
#include <allot/failure.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

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

    /// An early refresh that failed is tried again after this time, or after half of what is left of the
    /// token's life where that is shorter.
    static constexpr std::chrono::seconds early_retry{30};
    /// After a fetch failed and no token is left, callers get that failure for this time.
    static constexpr std::chrono::seconds failure_hold{1};
    /// After a token that replaced a refused one was refused too, callers get that failure for this time.
    static constexpr std::chrono::seconds refusal_hold{30};
    /// A fetch that has not ended after this time is no longer waited for: whoever drives it may be gone.
    static constexpr std::chrono::seconds fetch_limit{90};

    enum class answer {
        serve, ///< `current()` holds
        wait,  ///< the fetch under way decides
        fail   ///< `last_failure()` says why
    };
    /// A fetch that the driver starts now, on behalf of all.
    struct fetch {
        std::uint64_t id;
        std::string claims; ///< JSON text of a challenge to answer; empty for none
    };
    struct decision {
        answer reply;
        /// Before this time only an event can change the reply.
        time_point until;
        std::optional<fetch> start;
    };

    decision on_get(time_point now);

    /// Ends a fetch; everybody who waits is answered by `on_get` again. That of a fetch which is not waited
    /// for any more changes nothing.
    void on_fetched(std::uint64_t fetch_id, access_token token);
    void on_failed(std::uint64_t fetch_id, time_point now, failure reason);

    /// Graph refused the token: it is not served again, unless a newer one has replaced it already. `claims`
    /// is the JSON text of its challenge, or empty; the next fetch carries it, once.
    void reject(std::uint64_t generation, std::string claims, time_point now, failure why);

    /// Graph took the token. Only the first time for each generation matters.
    void accept(std::uint64_t generation) noexcept;

    cached_token const& current() const noexcept { return current_; }
    failure const& last_failure() const noexcept { return *failure_; }

private:
    struct running_fetch {
        std::uint64_t id;
        time_point started;
        bool with_claims;
    };

    bool valid(time_point now) const noexcept { return current_.token && now < current_.token->expires_at; }
    bool fetching(time_point now) const noexcept { return running_ && now < running_->started + fetch_limit; }
    fetch start_fetch(time_point now);

    cached_token current_;
    time_point refresh_at_ = time_point::max();
    std::optional<running_fetch> running_;
    std::uint64_t fetches_ = 0;
    std::string claims_; ///< for the next fetch
    std::optional<failure> failure_;
    time_point failed_until_ = time_point::min();

    // What decides whether one more refresh can help after a refusal.
    bool replacing_ = false;   ///< the next token replaces a refused one
    bool untried_ = false;     ///< the current token does, and no request with it has succeeded
    bool with_claims_ = false; ///< the current token answers a challenge
};

}
