#include "io/credentials/choose_source.hpp"

#include "io/credentials/authority.hpp"
#include "model/printable.hpp"

#include <utility>

namespace allot {
namespace {

/// A setting that a source needs, and the ways to give it.
struct setting {
    char const* name;
    char const* variable;
    char const* option; ///< of the command
};

namespace needed {
constexpr setting token{"token", "ALLOT_TOKEN", "--token-file"};
constexpr setting client_secret{"secret", "AZURE_CLIENT_SECRET", "--client-secret-file"};
constexpr setting certificate{"certificate", "AZURE_CLIENT_CERTIFICATE_PATH", "--certificate"};
constexpr setting federated_token{
    "federated token file", "AZURE_FEDERATED_TOKEN_FILE", "--federated-token-file"};
constexpr setting tenant{"tenant", "AZURE_TENANT_ID", "--tenant"};
constexpr setting client_id{"client id", "AZURE_CLIENT_ID", "--client-id"};
}

char const* name_of(credential_kind kind) {
    switch (kind) {
    case credential_kind::automatic:
        break;
    case credential_kind::token:
        return "token";
    case credential_kind::client_secret:
        return "client secret";
    case credential_kind::client_certificate:
        return "client certificate";
    case credential_kind::workload_identity:
        return "workload identity";
    case credential_kind::managed_identity:
        return "managed identity";
    case credential_kind::azure_cli:
        return "Azure CLI";
    }
    return "credential";
}

std::string how_to_give(credential_kind kind, setting const& what) {
    return std::string(name_of(kind)) + ": no " + what.name + "; set " + what.variable + " or give " +
           what.option;
}

failure bad_setting(std::string why) {
    failure made;
    made.code = errc::invalid_params;
    made.message = std::move(why);
    return made;
}

/// The first whose own setting is there.
credential_kind kind_of(credential_settings const& settings) {
    if (settings.kind != credential_kind::automatic)
        return settings.kind;
    if (!settings.token.empty() || !settings.token_file.empty())
        return credential_kind::token;
    if (!settings.client_secret.empty())
        return credential_kind::client_secret;
    if (!settings.certificate_file.empty())
        return credential_kind::client_certificate;
    if (!settings.federated_token_file.empty())
        return credential_kind::workload_identity;
    return credential_kind::automatic;
}

/// Checks what the sources with a token endpoint share, and puts that into the settings.
std::optional<failure> complete_application(credential_kind kind, credential_settings& settings) {
    if (settings.client_id.empty())
        return bad_setting(how_to_give(kind, needed::client_id));
    if (!settings.token_url.empty())
        return std::nullopt;
    if (settings.tenant_id.empty())
        return bad_setting(how_to_give(kind, needed::tenant));
    if (auto problem = tenant_problem(settings.tenant_id))
        return bad_setting(name_of(kind) + (": " + *problem));
    auto const authority = authority_url(settings.authority_url);
    if (!authority)
        return bad_setting(
            name_of(kind) +
            std::string(": the authority (AZURE_AUTHORITY_HOST) must be a host name or an "
                        "https URL, not ") +
            printable(settings.authority_url) + "; correct it or give --cloud");
    settings.token_url = token_url(*authority, settings.tenant_id);
    return std::nullopt;
}

managed_identity_params managed_identity_of(credential_settings const& settings, bool probe) {
    managed_identity_params params;
    params.host = settings.host;
    params.client_id = settings.client_id;
    params.object_id = settings.object_id;
    params.resource_id = settings.resource_id;
    params.probe = probe;
    return params;
}

azure_cli_params azure_cli_of(credential_settings const& settings) {
    azure_cli_params params;
    params.tenant_id = settings.tenant_id;
    return params;
}

ambient_sources ambient(credential_settings const& settings) {
    ambient_sources sources;
    sources.managed_identity = managed_identity_of(settings, true);
    sources.azure_cli = azure_cli_of(settings);
    sources.absent = {
        how_to_give(credential_kind::token, needed::token),
        how_to_give(credential_kind::client_secret, needed::client_secret),
        how_to_give(credential_kind::client_certificate, needed::certificate),
        how_to_give(credential_kind::workload_identity, needed::federated_token),
    };
    return sources;
}

/// What the sources with a token endpoint share.
template <class Params>
Params application_of(credential_settings& settings) {
    Params params;
    params.token_url = std::move(settings.token_url);
    params.client_id = std::move(settings.client_id);
    params.transport = std::move(settings.transport);
    return params;
}

client_secret_params client_secret_of(credential_settings&& settings) {
    auto params = application_of<client_secret_params>(settings);
    params.client_secret = std::move(settings.client_secret);
    return params;
}

client_certificate_params client_certificate_of(credential_settings&& settings) {
    auto params = application_of<client_certificate_params>(settings);
    params.certificate_file = std::move(settings.certificate_file);
    params.passphrase = std::move(settings.certificate_passphrase);
    params.algorithm = settings.algorithm;
    return params;
}

workload_identity_params workload_identity_of(credential_settings&& settings) {
    auto params = application_of<workload_identity_params>(settings);
    params.federated_token_file = std::move(settings.federated_token_file);
    return params;
}

}

result<credential_source> choose_source(credential_settings settings) {
    auto const kind = kind_of(settings);
    auto const application = [&](bool set, setting const& own) -> std::optional<failure> {
        return set ? complete_application(kind, settings) : bad_setting(how_to_give(kind, own));
    };
    switch (kind) {
    case credential_kind::automatic:
        return ambient(settings);
    case credential_kind::token:
        if (!settings.token_file.empty())
            return token_file_source{std::move(settings.token_file)};
        if (settings.token.empty())
            return bad_setting(how_to_give(kind, needed::token));
        return std::move(settings.token);
    case credential_kind::client_secret:
        if (auto problem = application(!settings.client_secret.empty(), needed::client_secret))
            return std::move(*problem);
        return client_secret_of(std::move(settings));
    case credential_kind::client_certificate:
        if (auto problem = application(!settings.certificate_file.empty(), needed::certificate))
            return std::move(*problem);
        return client_certificate_of(std::move(settings));
    case credential_kind::workload_identity:
        if (auto problem = application(!settings.federated_token_file.empty(), needed::federated_token))
            return std::move(*problem);
        return workload_identity_of(std::move(settings));
    case credential_kind::managed_identity:
        return managed_identity_of(settings, false);
    case credential_kind::azure_cli:
        return azure_cli_of(settings);
    }
    return bad_setting("the kind of credential is none that there is");
}

}
