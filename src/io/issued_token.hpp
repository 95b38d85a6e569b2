#pragma once

#include "json/decode.hpp"

#include <allot/credential.hpp>

#include <chrono>
#include <optional>

namespace allot {

/// The token of an answer to a request that was sent at `asked_at`. `now` is the wall clock when it came,
/// `clock_offset` how far the issuer's clock was ahead then, if known: `expires_on` is by that clock. A life
/// is cut to ten years, so that no time point overflows.
access_token issued_token(
    token_answer&& answer, std::chrono::steady_clock::time_point asked_at,
    std::chrono::system_clock::time_point now, std::optional<std::chrono::seconds> clock_offset);

}
