#pragma once

#include <algorithm>
#include <array>
#include <string_view>

/// The hosts of Microsoft's clouds, for a client that connects here in their place.
/// Source: Graph's page "deployments", Entra's page "authentication-national-cloud" and its instance
/// discovery.
namespace allot::simulation {

inline constexpr std::array<std::string_view, 4> cloud_graph_hosts{
    "graph.microsoft.com",
    "graph.microsoft.us",
    "dod-graph.microsoft.us",
    "microsoftgraph.chinacloudapi.cn",
};

inline constexpr std::array<std::string_view, 8> cloud_authority_hosts{
    "login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn",
    "login.chinacloudapi.cn",    "login.windows.net",        "login.microsoft.com",
    "sts.windows.net",           "login.usgovcloudapi.net",
};

/// The host of Graph beside that of an authority; the same host where that is no cloud's.
constexpr std::string_view graph_host_beside(std::string_view authority) noexcept {
    if (std::find(cloud_authority_hosts.begin(), cloud_authority_hosts.end(), authority) ==
        cloud_authority_hosts.end())
        return authority;
    if (authority.ends_with(".cn"))
        return cloud_graph_hosts[3];
    return authority.ends_with(".us") || authority == "login.usgovcloudapi.net" ? cloud_graph_hosts[1]
                                                                                : cloud_graph_hosts[0];
}

constexpr bool is_cloud_graph_host(std::string_view host) noexcept {
    return std::find(cloud_graph_hosts.begin(), cloud_graph_hosts.end(), host) != cloud_graph_hosts.end();
}

}
