#pragma once

#include "json/jwt_claims.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace allot {

/// What `allot whoami` found out. Holds no secret.
struct whoami_report {
    std::string source; ///< `token_credential::description` of the source that gave the token
    std::string graph_url;
    std::string tenant;    ///< that the source names; may be empty
    std::string client_id; ///< that the source names; may be empty
    std::chrono::system_clock::time_point now;
    std::optional<std::chrono::seconds> lifetime;     ///< left of the token; none where it is not known
    std::optional<std::chrono::seconds> refresh_in;   ///< until a run would fetch the next one
    std::optional<std::chrono::seconds> clock_offset; ///< of the issuer's clock
    bool asked_for_roles = false;
    std::optional<jwt_claims> claims; ///< where they were asked for and could be read
};

/// For people, line by line. Text from outside is made safe for a terminal.
std::string whoami_text(whoami_report const& report);

/// One JSON object for programs: source, graphUrl, tenant, clientId, expiresAt, lifetimeSeconds,
/// refreshInSeconds, clockOffsetSeconds, each null where not known; claims (null unless asked for and
/// readable) and permissions: for each scope its path, needs, and grantedBy (null where not known or not
/// granted).
std::string whoami_json(whoami_report const& report);

}
