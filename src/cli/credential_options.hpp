#pragma once

#include "cli/connection_options.hpp"

#include <allot/credential_settings.hpp>
#include <allot/credential_sources.hpp>
#include <allot/secret.hpp>

#include <CLI/App.hpp>

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace allot {

enum class auth_kind { automatic, token, client_secret };

/// Who asks. Secrets come from files, descriptors and the environment, never from the command line.
struct credential_options {
    auth_kind kind = auth_kind::automatic;
    std::optional<std::string> tenant;
    std::optional<std::string> client_id;
    std::optional<std::string> token_file;         ///< a path or "fd:N"
    std::optional<std::string> client_secret_file; ///< a path or "fd:N"
};

/// The token source that was chosen: a token, the path of a file that holds one, or client credentials.
using credential_choice = std::variant<secret, std::string, client_secret_params>;

/// Adds --auth, --tenant, --client-id, --token-file and --client-secret-file. Lifetimes: `options` outlives
/// the parse.
void add_credential_options(CLI::App& app, credential_options& options);

/// Chooses the source. What the command line names comes before the environment; in each of the two a token
/// comes before a client secret.
/// Errors: `usage_error` names what is missing and the ways to give it.
credential_choice choose_credential(
    credential_options const& options, connection_options const& connection, environment const& lookup);

/// A line for each option that names a file of a secret which group or others may read.
std::vector<std::string> secret_file_warnings(credential_options const& options);

/// Errors: `usage_error` when the chosen source cannot be made.
std::shared_ptr<token_credential> make_credential(credential_choice choice);

}
