#include "simulator/own_hosts.hpp"

#include "simulator/cloud_hosts.hpp"

#include <algorithm>

namespace allot::simulation {

bool is_own_base(std::string_view base, std::vector<std::string> const& own) {
    if (!base.starts_with(https))
        return false;
    auto const& clouds = cloud_authority_hosts;
    return std::find(clouds.begin(), clouds.end(), base.substr(https.size())) != clouds.end() ||
           std::find(own.begin(), own.end(), base) != own.end();
}

std::string base_of(request const& what, std::vector<std::string> const& own) {
    auto base = std::string(https).append(what.find("Host").value_or(""));
    return is_own_base(base, own) ? base : own.front();
}

}
