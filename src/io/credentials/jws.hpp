#pragma once

#include <allot/credential_sources.hpp>
#include <allot/failure.hpp>
#include <allot/secret.hpp>

#include <openssl/types.h>

#include <string_view>

namespace allot {

/// A JSON Web Signature in compact form (RFC 7515 section 7.1) by an RSA key: RS256 (RFC 7518 section 3.3) or
/// PS256 with a salt of 32 bytes (section 3.5). `header` is JSON and names the same algorithm.
/// Thread safety: safe; so is sharing the key. Errors: `errc::token_unavailable` with OpenSSL's reason.
result<secret>
sign_jws(EVP_PKEY* key, assertion_algorithm algorithm, std::string_view header, std::string_view payload);

}
