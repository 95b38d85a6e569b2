#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot {

/// What an access token says of itself, under the token's own names. Parts that are missing or of another
/// type are empty. The texts are as the token has them, control characters too: who shows them makes them
/// safe.
struct jwt_claims {
    std::string tid;                ///< tenant
    std::string appid;              ///< client: `appid`, or `azp` of version 2.0 tokens
    std::vector<std::string> roles; ///< permissions of the application
    std::string scp;                ///< delegated permissions, separated by spaces
    std::vector<std::string> aud;   ///< one or several (RFC 7519 section 4.1.3)
    std::string iss;
    std::string oid;
    std::string upn; ///< `upn`, or `unique_name`
    std::optional<std::chrono::sys_seconds> exp;
    std::optional<std::chrono::sys_seconds> iat;
};

/// Reads the payload of a JSON Web Token (RFC 7519) in compact form, for people to look at. Never for
/// decisions: the signature is not verified, and Microsoft documents tokens for Graph as opaque to clients,
/// so that their content may change or be encrypted any day. Nothing for any other text: opaque and
/// encrypted tokens, tokens over 65,536 bytes, a header or payload that is no object of strict JSON.
std::optional<jwt_claims> decode_jwt_claims(std::string_view token);

}
