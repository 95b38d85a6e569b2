#include "io/credentials/authority.hpp"

#include "model/printable.hpp"

#include <algorithm>

namespace allot {
namespace {

constexpr std::string_view https = "https://";

bool is_letter_of_domain(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9');
}

}

std::optional<std::string> authority_url(std::string_view host) {
    std::string url(host);
    if (url.find("://") == std::string::npos)
        url.insert(0, https);
    while (url.ends_with('/'))
        url.pop_back();
    if (!url.starts_with(https) || url.size() == https.size())
        return std::nullopt;
    return url;
}

std::optional<std::string> tenant_problem(std::string_view tenant) {
    constexpr std::size_t longest_domain = 253;
    bool const good =
        !tenant.empty() && tenant.size() <= longest_domain && is_letter_of_domain(tenant.front()) &&
        is_letter_of_domain(tenant.back()) && tenant.find("..") == std::string_view::npos &&
        std::ranges::all_of(
            tenant, [](char each) { return is_letter_of_domain(each) || each == '.' || each == '-'; }) &&
        tenant != "common" && tenant != "organizations" && tenant != "consumers";
    if (good)
        return std::nullopt;
    return "the tenant (AZURE_TENANT_ID, --tenant) must be a GUID or a domain name, not " + printable(tenant);
}

std::string token_url(std::string_view authority, std::string_view tenant) {
    return std::string(authority) + '/' + std::string(tenant) + "/oauth2/v2.0/token";
}

}
