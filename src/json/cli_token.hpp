#pragma once

#include "json/decode.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// What `az account get-access-token --output json` writes.
struct cli_token {
    std::string access_token;                           ///< for the caller to wipe
    std::string token_type;                             ///< "Bearer", or empty when it was absent
    std::string tenant;                                 ///< empty when it was absent
    std::optional<std::chrono::sys_seconds> expires_on; ///< Azure CLI 2.54 and later
    /// In the zone of the machine, cut to seconds. Read only where `expires_on` is absent.
    std::optional<std::chrono::local_seconds> expires_on_local;
};

/// Token, type and `expires_on` as for `decode_token_answer`; `expiresOn` is "2026-01-09 12:34:56.000000",
/// with or without the fraction. Errors say nothing of the content but types, lengths and offsets. Memory
/// that held the token is wiped.
decoded<cli_token> decode_cli_token(std::string_view output);

}
