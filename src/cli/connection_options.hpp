#pragma once

#include <allot/cloud.hpp>
#include <allot/credential_settings.hpp>
#include <allot/transport.hpp>

#include <CLI/App.hpp>

#include <optional>
#include <string>
#include <vector>

namespace allot {

/// Where requests go.
struct connection_options {
    allot::cloud const* cloud = nullptr; ///< null where `--cloud` was not given
    std::optional<std::string> graph_url;
    std::optional<std::string> token_url;
    transport_params transport;
};

/// Adds --cloud, --graph-url, --token-url, --ca-file and --connect-to. Lifetimes: `options` outlives the
/// parse.
void add_connection_options(CLI::App& app, connection_options& options);

/// The Graph host: --graph-url, else the cloud's.
std::string graph_url(connection_options const& options);

/// The authority for the sources that ask one. `from_settings` is that of AZURE_AUTHORITY_HOST, or the
/// default. With --cloud it is kept where it is a host of that cloud's authority. Where neither says
/// anything, it is that of the Graph host's cloud.
std::string
authority_of(connection_options const& options, environment const& lookup, std::string const& from_settings);

/// What to warn of: the Graph host is of a cloud for which Graph does not document the API.
std::optional<std::string> cloud_warning(connection_options const& options);

/// What to warn of: AZURE_AUTHORITY_HOST is none of the cloud that --cloud names, or the authority is that of
/// another cloud than the Graph host.
std::optional<std::string> authority_warning(connection_options const& options, environment const& lookup);

}
