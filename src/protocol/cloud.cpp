#include "protocol/target.hpp"

#include <allot/cloud.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace allot {
namespace {

constexpr std::array<char const*, 3> older_global{
    "https://login.windows.net", "https://login.microsoft.com", "https://sts.windows.net"};
constexpr std::array<char const*, 1> older_government{"https://login.usgovcloudapi.net"};
constexpr std::array<char const*, 1> older_china{"https://login.chinacloudapi.cn"};

constexpr std::array<cloud, 4> all{{
    {"global", "https://graph.microsoft.com", "https://login.microsoftonline.com", true, older_global},
    {"usgov", "https://graph.microsoft.us", "https://login.microsoftonline.us", false, older_government},
    {"dod", "https://dod-graph.microsoft.us", "https://login.microsoftonline.us", false, older_government},
    {"china", "https://microsoftgraph.chinacloudapi.cn", "https://login.partner.microsoftonline.cn", false,
     older_china},
}};

bool leads_to(origin const& where, std::string_view listed) {
    constexpr std::string_view scheme = "https://";
    constexpr std::uint16_t https_port = 443;
    return where.port == https_port && where.host == listed.substr(scheme.size());
}

}

std::span<cloud const> clouds() noexcept {
    return all;
}

cloud const* find_cloud(std::string_view name) noexcept {
    auto const found =
        std::find_if(all.begin(), all.end(), [name](cloud const& each) { return each.name == name; });
    return found == all.end() ? nullptr : &*found;
}

cloud const* cloud_of_graph(std::string_view url) {
    auto const where = parse_graph_url(url);
    if (!where)
        return nullptr;
    auto const found = std::find_if(
        all.begin(), all.end(), [&where](cloud const& each) { return leads_to(*where, each.graph_url); });
    return found == all.end() ? nullptr : &*found;
}

bool is_authority_of(cloud const& of, std::string_view url) {
    auto const where = parse_graph_url(url);
    auto const is_it = [&where](char const* listed) { return leads_to(*where, listed); };
    return where && (is_it(of.authority_url) || std::ranges::any_of(of.other_authority_urls, is_it));
}

}
