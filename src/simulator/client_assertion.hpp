#pragma once

#include "simulator/message.hpp"

#include <openssl/types.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace allot::simulation {

/// Why an assertion is refused; `code` is the number behind "AADSTS".
struct assertion_refusal {
    unsigned code;
    std::string message;
};

/// Checks the assertions that clients prove themselves with (RFC 7523 section 3; Entra pages
/// "certificate-credentials" and "workload-identity-federation"): a JWT that a registered certificate signed
/// (PS256 or RS256), or a token of another issuer, which must be one of the registered texts. Remembers the
/// ids of the former until they expire. Thread safety: unsafe.
class assertion_checker {
public:
    /// `certificates` are PEM. Throws std::runtime_error for one that is not, or whose key is not an RSA key:
    /// no other can sign PS256 or RS256. A federated token that is empty proves nobody.
    assertion_checker(
        std::vector<std::string> const& certificates, std::vector<std::string> federated_tokens);

    /// What there is against the assertion. `audience` is the URL it was posted to.
    std::optional<assertion_refusal>
    check(std::string_view assertion, std::string_view client_id, std::string_view audience, instant now);

private:
    struct key_deleter {
        void operator()(EVP_PKEY* value) const noexcept;
    };
    struct registered {
        std::unique_ptr<EVP_PKEY, key_deleter> key;
        std::string x5t;      ///< base64url of the SHA-1 digest
        std::string x5t_s256; ///< of the SHA-256 digest
        std::chrono::system_clock::time_point until;
    };
    static registered read_certificate(std::string const& pem);

    std::optional<assertion_refusal> check_signature(
        std::string_view signed_part, std::string_view header, std::string_view signature, instant now) const;
    std::optional<assertion_refusal> check_claims(
        std::string_view payload, std::string_view client_id, std::string_view audience, instant now);
    bool use(std::string const& id, std::chrono::system_clock::time_point until, instant now);

    std::vector<registered> certificates_;
    std::vector<std::string> federated_tokens_;
    std::set<std::string> used_ids_;
    std::multimap<std::chrono::system_clock::time_point, std::set<std::string>::iterator> used_until_;
};

}
