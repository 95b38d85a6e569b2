#pragma once

#include "simulator/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace allot::simulation {

/// What clients read before they ask for a token: the tenant's OpenID configuration and its keys, and
/// instance discovery, by which clients of Microsoft's make sure of an authority they do not know (Entra
/// pages "v2-protocols-oidc", "msal-client-application-configuration"). URLs are those of the host that was
/// asked. Tokens of Graph are opaque, so the set of keys is empty. Thread safety: safe, never changes.
class openid_documents {
public:
    /// `bases`: the URLs it can be reached by beside those of the clouds' authorities, not empty; the first
    /// is for requests to another host.
    openid_documents(std::string tenant, std::string domain, std::vector<std::string> bases) :
        tenant_(std::move(tenant)),
        domain_(std::move(domain)),
        bases_(std::move(bases)) {}

    /// Whether a path is that of such a document, of whatever tenant.
    static bool owns(std::string_view path) noexcept;

    reply answer(request const& what, exchange const& of) const;

private:
    std::string configuration(std::string const& base) const;
    reply instance(request const& what, exchange const& of) const;

    std::string tenant_;
    std::string domain_;
    std::vector<std::string> bases_;
};

}
