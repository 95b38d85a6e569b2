#pragma once

#include "cli/connection_options.hpp"
#include "cli/console.hpp"
#include "cli/credential_options.hpp"
#include "cli/pace_options.hpp"
#include "cli/query_options.hpp"

#include <allot/credential_settings.hpp>
#include <allot/params.hpp>
#include <allot/query.hpp>

#include <CLI/App.hpp>

namespace allot {

/// The options that every command with requests to Graph has.
struct client_options {
    connection_options connection;
    credential_options credential;
    query select_and_expand;
    pace_options pace;
    console_options seeing;
};

/// Adds them all. Lifetimes: `options` outlives the parse.
void add_client_options(CLI::App& app, client_options& options, query_help const& help = {});

/// What the client is made from, with the log as its observer. Warns as `warn_of` does. Lifetimes:
/// `terminal` outlives the client.
/// Errors: `usage_error` for options that do not fit together, or a missing credential.
client_params make_client_params(client_options const& options, environment const& lookup, console& terminal);

/// Says what is not as it should be: a cloud without this API, an authority of another cloud, a secret that
/// others can read. `settings` are those that the options and the environment lead to.
void warn_of(
    connection_options const& connection, credential_options const& credential,
    credential_settings const& settings, environment const& lookup, console& terminal);

/// What --help says below the options: environment variables and exit codes.
std::string client_help();

}
