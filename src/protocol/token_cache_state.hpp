#pragma once

#include "protocol/cached_token.hpp"
#include "protocol/claims_challenges.hpp"

#include <allot/credential.hpp>
#include <allot/failure.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// When to fetch a token, and what to answer meanwhile: one fetch at a time; a token that is still valid
/// serves while it is being refreshed, and after a refresh that failed.
class token_cache_state {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = time_point::duration;

    /// An early refresh that failed is tried again after this time, or after half of what is left of the
    /// token's life where that is shorter. A failed fetch that only challenged requests wait for is told to
    /// all of them for this time.
    static constexpr std::chrono::seconds early_retry{30};
    /// The least time between a token and the early refresh that replaces it.
    static constexpr std::chrono::seconds refresh_pause{1};
    /// After a fetch failed and no token is left, callers get that failure for this time. Where there was a
    /// token before and the cause can pass, they wait instead; the time doubles with each failure.
    static constexpr std::chrono::seconds failure_hold{1};
    static constexpr std::chrono::seconds longest_hold{30};
    /// After a token that replaced a refused one was refused too, callers get that failure for this time.
    static constexpr std::chrono::seconds refusal_hold{30};
    /// A fetch that has not ended after this time is no longer waited for: whoever drives it may be gone.
    static constexpr std::chrono::seconds fetch_limit{130};

    enum class answer {
        serve, ///< there is a token
        wait,  ///< the fetch under way decides
        hold,  ///< fetches fail for the time being; the next one may begin at `until`
        fail   ///< there is none
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
        cached_token token{};         ///< of `serve`
        std::optional<failure> why{}; ///< of `hold` and `fail`; of `wait` that of the hold before it, if any
        std::optional<fetch> start{};
    };
    /// What a refusal by Graph leads to.
    struct outlook {
        /// A token of a greater generation was asked for after the refusal.
        std::uint64_t fresh_after = 0;
        /// Why no other token is to be had for a challenge; empty when `on_get` with its claims may give one.
        std::string hopeless{};
    };

    /// With `claims`, those of a challenge, the token is one that was fetched with them; any other where they
    /// are not remembered any more.
    decision on_get(time_point now, std::string_view claims = {});

    /// Ends a fetch; everybody who waits is answered by `on_get` again. A token that comes after its fetch
    /// was given up is as good, unless one was refused since. `hint` is the wait that the source asks for.
    void on_fetched(fetch const& ended, time_point now, access_token token);
    void on_failed(
        fetch const& ended, time_point now, failure reason, std::optional<duration> hint = std::nullopt);

    /// Graph refused the token (401): it is not served again, unless a newer one has replaced it already.
    /// `claims` is the JSON text of its challenge, or empty: fetches carry it until a token comes.
    outlook reject(std::uint64_t generation, std::string const& claims, time_point now, failure why);

    /// Graph asks for a token with these claims for one request (403). The token goes on serving all others.
    outlook challenge(std::uint64_t generation, std::string const& claims, time_point now);

    /// Graph took the token. Only the first time for each generation matters.
    void accept(std::uint64_t generation) noexcept;

private:
    struct running_fetch {
        std::uint64_t id;
        time_point started;
    };

    bool valid(time_point now) const noexcept { return current_.token && now < current_.token->expires_at; }
    bool fetching(time_point now) const noexcept { return running_ && now < running_->started + fetch_limit; }
    decision without_token(time_point now, std::string claims);
    fetch start_fetch(time_point now, std::string claims);

    cached_token current_;
    time_point refresh_at_ = time_point::max();
    std::optional<running_fetch> running_;
    std::uint64_t fetches_ = 0;
    claims_challenges challenges_;

    std::optional<failure> failure_; ///< of the last fetch; none after a token
    time_point failed_until_ = time_point::min();
    bool passing_ = false;       ///< callers wait for better times
    std::uint32_t failures_ = 0; ///< one after the other while they wait
    bool had_token_ = false;

    // What decides whether one more refresh can help after a refusal.
    std::uint64_t refused_ = 0;         ///< the last token that was refused while it was the current one
    std::uint64_t refused_fetches_ = 0; ///< fetches begun by then
    bool replacing_ = false;            ///< the next token replaces a refused one
    bool untried_ = false;              ///< the current token does, and no request with it has succeeded
};

}
