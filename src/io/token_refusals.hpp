#pragma once

#include "io/client_token.hpp"
#include "protocol/cached_token.hpp"
#include "protocol/retry_state.hpp"

#include <allot/failure.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace allot {

/// What one request remembers of the tokens that Graph refused it, until it has its result.
/// Thread safety: one strand.
class token_refusals {
public:
    /// Tells the cache of a refusal, and `report` whether another token may do; `why` says why not.
    void on_answer(client_token& from, cached_token const& used, attempt_report& report, failure& why);

    /// The challenge that the next token has to answer; empty for none.
    std::string const& claims() const noexcept { return claims_; }

    /// The failure to end with when no token is to be had: one that only this request needs leaves it
    /// refused (403).
    failure without_token(failure why);

private:
    std::string claims_;
    std::optional<std::uint64_t> fresh_after_; ///< of the first 401
    std::optional<failure> forbidden_;         ///< what the last challenge came with, if that was a 403
};

}
