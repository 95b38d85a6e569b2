#pragma once

#include "simulator/message.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace allot::simulation {

/// The tokens that a token endpoint has issued, until they end or are revoked (Graph page
/// "claims-challenge"). Thread safety: unsafe.
class issued_tokens {
public:
    enum class verdict {
        good,
        refused,   ///< no token of ours, ended, or revoked
        challenged ///< its client can answer a claims challenge: it has to get a token with `claims()`
    };

    /// `claims` is the parameter of the request, JSON text or empty. Other text than JSON counts as empty.
    void add(std::string token, instant now, std::chrono::seconds lifetime, std::string_view claims);

    /// From now on the tokens issued so far are no good; clients that declared the capability cp1 have to get
    /// one with `claims()`, others just another one.
    void revoke(instant now);

    verdict check(std::string_view token, std::chrono::steady_clock::time_point now) const;

    /// JSON text of the challenge. Preconditions: something was revoked.
    std::string claims() const;

private:
    struct token_state {
        std::chrono::steady_clock::time_point expires_at;
        bool declares_cp1;
        std::string not_before;    ///< of the claims it was asked for with; may be empty
        std::uint64_t revocations; ///< before it was issued
    };

    std::unordered_map<std::string, token_state> by_token_;
    std::multimap<std::chrono::steady_clock::time_point, std::string> by_end_;
    std::uint64_t revocations_ = 0;
    std::string not_before_; ///< what new tokens of capable clients must be asked for with; empty for nothing
};

}
