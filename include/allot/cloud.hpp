#pragma once

#include <span>
#include <string_view>

namespace allot {

/// Hosts of one Microsoft cloud. Tokens of one are worth nothing in another.
/// Source: Graph's page "deployments", Entra's page "authentication-national-cloud".
struct cloud {
    char const* name;          ///< "global", "usgov", "dod", "china"
    char const* graph_url;     ///< "https://graph.microsoft.com"
    char const* authority_url; ///< "https://login.microsoftonline.com"
    bool documented;           ///< whether Graph documents the cloud-licensing API there
};

/// All of them; the global one comes first.
std::span<cloud const> clouds() noexcept;

/// Null when there is none of this name.
cloud const* find_cloud(std::string_view name) noexcept;

}
