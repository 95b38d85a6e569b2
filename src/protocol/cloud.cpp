#include <allot/cloud.hpp>

#include <algorithm>
#include <array>

namespace allot {
namespace {

constexpr std::array<cloud, 4> all{{
    {"global", "https://graph.microsoft.com", "https://login.microsoftonline.com", true},
    {"usgov", "https://graph.microsoft.us", "https://login.microsoftonline.us", false},
    {"dod", "https://dod-graph.microsoft.us", "https://login.microsoftonline.us", false},
    {"china", "https://microsoftgraph.chinacloudapi.cn", "https://login.partner.microsoftonline.cn", false},
}};

}

std::span<cloud const> clouds() noexcept {
    return all;
}

cloud const* find_cloud(std::string_view name) noexcept {
    auto const found =
        std::find_if(all.begin(), all.end(), [name](cloud const& each) { return each.name == name; });
    return found == all.end() ? nullptr : &*found;
}

}
