#pragma once

#include <allot/failure.hpp>
#include <allot/secret.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace allot {

/// "Connect there instead": as curl's --connect-to. The host name stays the one that TLS verifies.
struct connect_override {
    std::string host;               ///< the host requests are for; empty for any
    std::uint16_t port = 0;         ///< its port; 0 for any
    std::string address;            ///< connect to this host or address instead; empty keeps the host
    std::uint16_t address_port = 0; ///< and this port; 0 keeps the port
};

/// How connections to Graph and to token endpoints are made.
struct transport_params {
    std::string ca_file; ///< PEM file of the roots to trust instead of the system's; empty for the system's
    std::vector<connect_override> connect_to;          ///< the first match counts
    std::chrono::milliseconds connect_timeout{10'000}; ///< look-up, TCP and TLS together
};

/// A bearer token and its life, on the monotonic clock.
class access_token {
public:
    access_token(
        secret value, std::chrono::steady_clock::time_point acquired_at,
        std::chrono::steady_clock::time_point expires_at,
        std::optional<std::chrono::steady_clock::time_point> refresh_at = std::nullopt);

    secret value;
    std::chrono::steady_clock::time_point acquired_at;
    std::chrono::steady_clock::time_point expires_at; ///< time_point::max() when the life is not known
    std::optional<std::chrono::steady_clock::time_point> refresh_at; ///< when the issuer wants it refreshed
};

/// What a token is wanted for.
class token_request {
public:
    explicit token_request(std::string scope, std::string claims = {});

    std::string scope;  ///< resource and "/.default", e.g. "https://graph.microsoft.com/.default"
    std::string claims; ///< claims of a challenge as JSON text; empty for none
};

/// A source of access tokens. Clients cache what it gives and call it again before the token expires, one
/// call at a time, so a source keeps no cache of its own.
/// Thread safety: `fetch_token` may run several times at once, on different executors.
class token_credential {
public:
    virtual ~token_credential() = default;

    /// Gets a fresh token.
    /// Lifetimes: the credential outlives the operation.
    /// Cancellation: terminal; ends with `errc::cancelled`.
    /// Errors: `errc::token_unavailable` with what the source said; a cause that can pass (network, 429,
    /// 5xx) has `end_reason::attempts`, a final one (bad secret, unknown tenant) `end_reason::permanent`.
    virtual boost::asio::awaitable<result<access_token>> fetch_token(token_request request) = 0;

    /// The source in a few words for people, without secrets: "client secret of 11111111-... at https://...".
    virtual std::string description() const = 0;
};

/// A token the caller already has. Its life is not known: it serves until Graph refuses it.
std::shared_ptr<token_credential> make_token_credential(secret token);

/// A token in a file, read at every fetch; surrounding white space is dropped.
/// Errors of a fetch: `errc::token_unavailable` when the file cannot be read, is empty or holds more than
/// one line.
std::shared_ptr<token_credential> make_token_file_credential(std::string path);

/// The client credentials grant with a secret (RFC 6749 section 4.4, Entra's v2 token endpoint).
struct client_secret_params {
    /// The token endpoint: https, ".../{tenant}/oauth2/v2.0/token".
    std::string token_url;
    std::string client_id;
    secret client_secret;
    transport_params transport;
};

/// Errors: `errc::invalid_params` for a URL that is not https or an empty id or secret.
result<std::shared_ptr<token_credential>> make_client_secret_credential(client_secret_params params);

}
