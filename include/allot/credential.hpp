#pragma once

#include <allot/failure.hpp>
#include <allot/secret.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// A bearer token and its life, on the monotonic clock.
class access_token {
public:
    access_token(
        secret value, std::chrono::steady_clock::time_point acquired_at,
        std::chrono::steady_clock::time_point expires_at,
        std::optional<std::chrono::steady_clock::time_point> refresh_at = std::nullopt);

    /// When a cache fetches the next one, while this one still serves: at the issuer's word where that is
    /// within the token's life, else 5 minutes before its end or at 80 % of its life, whichever comes first;
    /// one that lives no longer than 10 minutes at 80 %. time_point::max() when the life is not known.
    std::chrono::steady_clock::time_point refresh_time() const noexcept;

    secret value;
    std::chrono::steady_clock::time_point acquired_at;
    std::chrono::steady_clock::time_point expires_at; ///< time_point::max() when the life is not known
    std::optional<std::chrono::steady_clock::time_point> refresh_at; ///< when the issuer wants it refreshed
    /// How far the issuer's clock (its Date) was ahead of this machine's; none where it did not say.
    std::optional<std::chrono::seconds> clock_offset;
};

/// The scope of tokens for a Graph host: "https://graph.microsoft.com/.default".
/// Errors: `errc::invalid_params` when it is not an https URL.
result<std::string> token_scope(std::string_view graph_url);

/// What a token is wanted for.
class token_request {
public:
    explicit token_request(std::string scope, std::string claims = {});

    std::string scope;  ///< resource and "/.default", e.g. "https://graph.microsoft.com/.default"
    std::string claims; ///< the parameter `claims` as JSON text; empty for none
};

/// A source of access tokens. A cache keeps what it gives and calls it again before the token expires, so a
/// source keeps no cache of its own.
/// Thread safety: `fetch_token` may run several times at once, on different executors.
class token_credential {
public:
    virtual ~token_credential() = default;

    /// Gets a fresh token. A cache waits two minutes for it.
    /// Lifetimes: the credential outlives the operation.
    /// Cancellation: terminal; ends with `errc::cancelled`.
    /// Errors: `errc::token_unavailable` with what was tried, where, what the source said and the next step;
    /// a cause that can pass (network, 429, 5xx) has `end_reason::attempts`, a final one (bad secret, unknown
    /// tenant) `end_reason::permanent`. `errc::credential_unavailable` when the source is not to be had here.
    virtual boost::asio::awaitable<result<access_token>> fetch_token(token_request request) = 0;

    /// The source in a few words for people, without secrets: "client secret of 11111111-... at https://...".
    virtual std::string description() const = 0;

    /// Credentials of the same key share their tokens, over all clients and threads of the process. So the
    /// key says who is authenticated, where, and by which secret (`secret_fingerprint`). Empty, the default:
    /// nothing is shared but between clients that were given this very object.
    virtual std::string cache_key() const { return {}; }

    /// Credentials of the same key share a throttle gate, over all clients and threads of the process: Graph
    /// counts requests by application and tenant. So the key says which application in which tenant, by
    /// whichever secret; by default, for a source that does not know, it is the `cache_key`.
    virtual std::string throttle_key() const { return cache_key(); }
};

}
