#pragma once

#include <allot/credential.hpp>
#include <allot/credential_sources.hpp>
#include <allot/failure.hpp>
#include <allot/secret.hpp>
#include <allot/transport.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace allot {

enum class credential_kind {
    automatic, ///< the first of those below for which there is a setting; else managed identity, else Azure
               ///< CLI
    token,
    client_secret,
    client_certificate,
    workload_identity,
    managed_identity,
    azure_cli,
};

/// Everything a source may be made from.
struct credential_settings {
    credential_kind kind = credential_kind::automatic;
    std::string authority_url = "https://login.microsoftonline.com"; ///< AZURE_AUTHORITY_HOST
    std::string token_url; ///< empty: that of `authority_url` and `tenant_id`
    std::string tenant_id; ///< AZURE_TENANT_ID: GUID or domain
    std::string client_id; ///< AZURE_CLIENT_ID; also of a user-assigned managed identity
    secret token;          ///< ALLOT_TOKEN
    std::string token_file;
    secret client_secret;          ///< AZURE_CLIENT_SECRET
    std::string certificate_file;  ///< AZURE_CLIENT_CERTIFICATE_PATH
    secret certificate_passphrase; ///< AZURE_CLIENT_CERTIFICATE_PASSWORD
    assertion_algorithm algorithm = assertion_algorithm::ps256;
    std::string federated_token_file; ///< AZURE_FEDERATED_TOKEN_FILE
    std::string object_id;            ///< of a user-assigned managed identity
    std::string resource_id;          ///< of a user-assigned managed identity
    managed_identity_host host;
    transport_params transport;
};

/// Looks an environment variable up; one that is empty counts as not set.
using environment = std::function<std::optional<std::string>(char const* name)>;

/// The environment of the process. Thread safety: as std::getenv.
environment process_environment();

/// The settings that Azure's tools take from the environment, as noted at each.
/// Errors: `errc::invalid_params` for an AZURE_AUTHORITY_HOST that is no https URL or host name.
result<credential_settings> settings_from_environment(environment const& lookup = process_environment());

/// The source that the settings ask for. Nothing is fetched yet.
/// Errors: `errc::invalid_params`: a setting that the kind needs is missing, or one is refused by the source.
result<std::shared_ptr<token_credential>> make_credential(credential_settings settings);

}
