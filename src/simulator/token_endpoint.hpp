#pragma once

#include "simulator/client_assertion.hpp"
#include "simulator/draws.hpp"
#include "simulator/issued_tokens.hpp"
#include "simulator/message.hpp"

#include <allot/secret.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::simulation {

/// Who may have tokens, and for what.
struct token_endpoint_params {
    std::string tenant; ///< its id
    std::string domain; ///< its name, which the path may have instead of the id
    std::string client_id;
    secret client_secret;
    /// The URLs it can be reached by, not empty; each with "/.default" is a scope, beside Graph's own.
    std::vector<std::string> resources;
    std::chrono::seconds lifetime{3599};
    std::vector<std::string> client_certificates{};   ///< PEM; whose keys may sign assertions of the client
    std::vector<std::string> federated_tokens{};      ///< other issuers' tokens that prove the client
    std::chrono::seconds lifetime_spread{};           ///< tokens live up to so much longer, drawn evenly
    std::optional<std::chrono::seconds> refresh_in{}; ///< what answers say about when to refresh
    std::uint64_t seed = 0;                           ///< of the lifetimes
};

/// The v2 token endpoint for the client credentials grant with a secret or an assertion (RFC 6749
/// section 4.4, Entra page "v2-oauth2-client-creds-grant-flow"), and the tokens it has issued. Thread safety:
/// unsafe.
class token_endpoint {
public:
    /// Throws std::runtime_error for a client certificate that is not PEM or has no RSA key.
    explicit token_endpoint(token_endpoint_params params);

    /// Whether a path is that of a token endpoint, of whatever tenant.
    static bool owns(std::string_view path) noexcept;

    reply answer(request const& what, exchange const& of);

    issued_tokens& tokens() noexcept { return tokens_; }
    token_endpoint_params const& params() const noexcept { return params_; }
    issued_tokens const& tokens() const noexcept { return tokens_; }

private:
    using form = std::map<std::string, std::string, std::less<>>;

    /// The refusal of who asks, or nothing.
    std::optional<reply> authenticate(request const& what, form const& parameters, exchange const& of);
    std::optional<reply> check_assertion(request const& what, form const& parameters, exchange const& of);
    bool is_scope(std::string_view text) const;
    reply issue(exchange const& of, std::string_view claims);

    token_endpoint_params params_;
    assertion_checker assertions_;
    draws lifetimes_;
    issued_tokens tokens_;
};

/// A text nobody can guess: 48 characters of base64url from the system's generator.
/// Throws std::runtime_error when OpenSSL has no random bytes.
std::string random_text();

/// An answer with Entra's error body. `code` is the number behind "AADSTS".
reply entra_error(
    exchange const& of, unsigned status, std::string_view error, unsigned code, std::string_view message);

/// The same for a status alone: what an endpoint in trouble says.
reply entra_error(exchange const& of, unsigned status);

}
