#pragma once

#include <allot/credential.hpp>
#include <allot/credential_sources.hpp>
#include <allot/environment.hpp>
#include <allot/failure.hpp>
#include <allot/secret.hpp>
#include <allot/transport.hpp>

#include <memory>
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
    /// AZURE_AUTHORITY_HOST: a host name or an https URL. Only a source with a token endpoint reads it, and
    /// only without a `token_url`.
    std::string authority_url = "https://login.microsoftonline.com";
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

/// The settings that Azure's tools take from the environment, as noted at each. The source that uses one
/// checks it.
credential_settings settings_from_environment(environment const& lookup = process_environment());

/// The source that the settings ask for. Nothing is fetched yet.
/// Errors: `errc::invalid_params`: a setting that the kind needs is missing, or one is refused by the source.
/// Where `automatic` tries several, one that refuses the settings is left out, and named when none of the
/// others has a token; but an `object_id` or a `resource_id` that is refused is an error.
result<std::shared_ptr<token_credential>> make_credential(credential_settings settings);

}
