#include "cli/source_identity.hpp"

#include <string_view>
#include <variant>

namespace allot {
namespace {

/// That of a token endpoint as Entra has them, ".../{tenant}/oauth2/v2.0/token".
std::string tenant_of(std::string_view token_url) {
    constexpr std::string_view end = "/oauth2/v2.0/token";
    if (!token_url.ends_with(end))
        return {};
    token_url.remove_suffix(end.size());
    return std::string(token_url.substr(token_url.rfind('/') + 1));
}

struct reader {
    std::string const& worked;

    // A given token is whose it is, whatever else is set.
    source_identity operator()(secret const&) const { return {}; }
    source_identity operator()(token_file_source const&) const { return {}; }
    source_identity operator()(client_secret_params const& of) const { return application(of); }
    source_identity operator()(client_certificate_params const& of) const { return application(of); }
    source_identity operator()(workload_identity_params const& of) const { return application(of); }
    source_identity operator()(managed_identity_params const& of) const { return {{}, of.client_id}; }
    // The Azure CLI's own application gets the token.
    source_identity operator()(azure_cli_params const& of) const { return {of.tenant_id, {}}; }
    source_identity operator()(ambient_sources const& of) const {
        auto const identity = make_managed_identity_credential(of.managed_identity);
        bool const is_identity = identity && (*identity)->description() == worked;
        return is_identity ? (*this)(of.managed_identity) : (*this)(of.azure_cli);
    }

    template <class Params>
    static source_identity application(Params const& of) {
        return {tenant_of(of.token_url), of.client_id};
    }
};

}

source_identity identity_of(credential_source const& source, std::string const& worked) {
    return std::visit(reader{worked}, source);
}

}
