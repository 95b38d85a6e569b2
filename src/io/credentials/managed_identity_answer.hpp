#pragma once

#include "protocol/http_response.hpp"
#include "protocol/managed_identity_request.hpp"
#include "protocol/retry_state.hpp"

#include <allot/credential.hpp>
#include <allot/failure.hpp>
#include <allot/secret.hpp>

#include <chrono>
#include <optional>

namespace allot {

/// What came of asking an endpoint of managed identities once.
struct managed_identity_answer {
    std::optional<access_token> token;
    attempt_report report;
    failure reason; ///< without a token: `errc::token_unavailable`, or `cancelled`
    /// The answer, or its lack, says that there is no managed identity here. A lack does so only where no
    /// metadata service has answered before.
    bool absent = false;
};

/// Reads the answer to `asked`; times are measured from `asked_at`. `key` is what Arc was shown, for what
/// must not be repeated in messages.
managed_identity_answer read_managed_identity(
    response_reader const& answer, managed_identity_request const& asked, secret const& key,
    std::chrono::steady_clock::time_point asked_at);

/// There is no answer to read. `connected` says how far it came.
managed_identity_answer
no_managed_identity(failure why, managed_identity_request const& asked, bool connected);

/// Arc's agent challenged (401), and its key cannot be had: final.
managed_identity_answer bad_arc_challenge(failure why, managed_identity_request const& asked);

}
