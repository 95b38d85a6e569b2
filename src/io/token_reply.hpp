#pragma once

#include "protocol/http_response.hpp"
#include "protocol/retry_state.hpp"

#include <allot/credential.hpp>
#include <allot/failure.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// One request for a token, as messages and times need it.
struct token_attempt {
    std::string_view tried; ///< "client secret of 1111..."
    std::string_view url;
    std::string_view form; ///< what was posted
    std::chrono::steady_clock::time_point asked_at;
    std::chrono::system_clock::time_point now; ///< when the answer was complete
};

/// A token, or why there is none; `report` says whether to ask again.
struct token_reply {
    std::optional<access_token> token;
    attempt_report report;
    failure reason; ///< `errc::token_unavailable`
};

token_reply read_token_reply(response_reader const& answer, token_attempt const& what);

/// The same for an exchange that did not come to an answer. A cancelled one stays `errc::cancelled`.
token_reply no_token_reply(failure why, token_attempt const& what);

}
