#pragma once

#include "io/credentials/certificate_file.hpp"

#include <allot/credential_sources.hpp>
#include <allot/failure.hpp>
#include <allot/secret.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace allot {

/// How long an assertion is good: under the ten minutes that issuers take at most, so that a client whose
/// clock is a little ahead is not refused for it.
inline constexpr std::chrono::minutes assertion_life{9};

/// What an assertion says of its sender.
struct assertion_claims {
    std::string_view audience; ///< URL of the token endpoint
    std::string_view client_id;
    std::string_view id; ///< another for each assertion
    std::chrono::system_clock::time_point now;
};

/// A JWT that authenticates a client (RFC 7523 section 3; Entra page "certificate-credentials"), good from
/// `now`. PS256 names the certificate by x5t#S256, RS256 by x5t (RFC 7515 sections 4.1.7 and 4.1.8).
/// Errors: as `sign_jws`.
result<secret> make_client_assertion(
    client_certificate const& by, assertion_algorithm algorithm, assertion_claims const& claims);

/// A GUID of 122 bits that nobody can guess. Errors: `std::exception` when the system has no random bytes.
std::string make_assertion_id();

}
