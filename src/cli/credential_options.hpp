#pragma once

#include "cli/connection_options.hpp"

#include <allot/credential_settings.hpp>

#include <CLI/App.hpp>

#include <memory>
#include <optional>
#include <string>

namespace allot {

/// Who asks. Secrets come from files, descriptors and the environment, never from the command line.
struct credential_options {
    std::optional<credential_kind> kind; ///< of --auth
    std::optional<std::string> tenant;
    std::optional<std::string> client_id;
    std::optional<std::string> token_file;                  ///< a path or "fd:N"
    std::optional<std::string> client_secret_file;          ///< a path or "fd:N"
    std::optional<std::string> certificate;                 ///< a path
    std::optional<std::string> certificate_passphrase_file; ///< a path or "fd:N"
    std::optional<assertion_algorithm> algorithm;
    std::optional<std::string> federated_token_file; ///< a path
    std::optional<std::string> object_id;
    std::optional<std::string> resource_id;
    bool continuous_access_evaluation = false;
};

/// Adds --auth and all that names an identity or its proof. Lifetimes: `options` outlives the parse.
void add_credential_options(CLI::App& app, credential_options& options);

/// What the source is made from: what the command line says comes before the environment. Without --auth, an
/// option that belongs to one kind of source chooses it; descriptors and secret files are read here.
/// Errors: `usage_error` for options that do not go together and files that cannot be read, and those of
/// `make_transport`.
credential_settings choose_settings(
    credential_options const& options, connection_options const& connection, environment const& lookup);

/// Errors: `usage_error` when the source cannot be made.
std::shared_ptr<token_credential> make_checked_credential(credential_settings settings);

}
