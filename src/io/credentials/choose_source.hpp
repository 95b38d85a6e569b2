#pragma once

#include <allot/credential_settings.hpp>
#include <allot/credential_sources.hpp>

#include <string>
#include <variant>
#include <vector>

namespace allot {

struct token_file_source {
    std::string path;
};

/// Where nothing is set: what the machine may have. One that cannot be made as its environment has it is left
/// out; the chain's failure says why.
struct ambient_sources {
    managed_identity_params managed_identity;
    azure_cli_params azure_cli;
    std::vector<std::string> absent; ///< of the other sources, how to set them
};

/// What a credential is made from.
using credential_source = std::variant<
    secret, token_file_source, client_secret_params, client_certificate_params, workload_identity_params,
    managed_identity_params, azure_cli_params, ambient_sources>;

/// The source that the settings ask for. One that is set and fails must not silently become somebody else:
/// only where none is set several are tried.
/// Errors: `errc::invalid_params` for a setting that is missing, a tenant that is none and an authority that
/// is not https.
result<credential_source> choose_source(credential_settings settings);

}
