#pragma once

#include "json/decode.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace allot {

/// What a client says of itself when it asks for a token.
enum class client_capability {
    none, ///< tokens of the usual lifetime, which are never revoked by a claims challenge
    cp1,  ///< it answers claims challenges: tokens live longer and may be revoked at any time
};

/// The longest challenge that `merge_claims` takes, and the longest text that it makes.
inline constexpr std::size_t most_claims_bytes = 16 * 1024;

/// The parameter `claims` of a token request (OpenID Connect Core section 5.5): the JSON text of a claims
/// challenge with the capability added to it as `{"access_token":{"xms_cc":{"values":["cp1"]}}}`. `challenge`
/// is empty where there was none; the result is empty when there is nothing to send. What the challenge asks
/// for stays, in its order, and `cp1` is added only where it is not there yet. Null where an object or array
/// has to be counts as missing. The same challenge always makes the same text.
/// Errors, after which a caller goes on without the challenge: longer than `most_claims_bytes`, not JSON, not
/// an object, nested deeper than 32, an object that has a name twice, and, for `cp1`, another type where the
/// capability has to go.
decoded<std::string> merge_claims(std::string_view challenge, client_capability capability);

}
