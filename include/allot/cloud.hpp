#pragma once

#include <span>
#include <string_view>

namespace allot {

/// Hosts of one Microsoft cloud. Tokens of one are worth nothing in another.
/// Source: Graph's page "deployments", Entra's page "authentication-national-cloud"; for the other names of
/// an authority also Entra's instance discovery (/common/discovery/instance).
struct cloud {
    char const* name;          ///< "global", "usgov", "dod", "china"
    char const* graph_url;     ///< "https://graph.microsoft.com"
    char const* authority_url; ///< "https://login.microsoftonline.com"
    bool documented;           ///< whether Graph documents the cloud-licensing API there
    /// Older hosts of the same authority: "https://login.windows.net".
    std::span<char const* const> other_authority_urls{};
};

/// All of them; the global one comes first.
std::span<cloud const> clouds() noexcept;

/// Null when there is none of this name.
cloud const* find_cloud(std::string_view name) noexcept;

/// The cloud whose Graph an https URL leads to, whatever its path; null for any other host or text.
cloud const* cloud_of_graph(std::string_view url);

/// Whether an https URL leads to the authority of this cloud, by whichever of its hosts. Two clouds may have
/// the same.
bool is_authority_of(cloud const& of, std::string_view url);

}
