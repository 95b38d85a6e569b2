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
    transport_params transport;                        ///< without the proxy
    std::optional<std::string> proxy;                  ///< a URL without user and password
    std::optional<std::string> proxy_credentials_file; ///< a path or "fd:N"
};

/// Adds --cloud, --graph-url, --token-url, --ca-file, --connect-to, --proxy and --proxy-credentials-file.
/// Lifetimes: `options` outlives the parse.
void add_connection_options(CLI::App& app, connection_options& options);

/// The Graph host: --graph-url, else the cloud's.
std::string graph_url(connection_options const& options);

/// The authority for the sources that ask one. `from_settings` is that of AZURE_AUTHORITY_HOST, or the
/// default. With --cloud it is kept where it is a host of that cloud's authority. Where neither says
/// anything, it is that of the Graph host's cloud.
std::string
authority_of(connection_options const& options, environment const& lookup, std::string const& from_settings);

/// How connections are made: through the proxy of --proxy, else of the environment, whose bypass list counts
/// for both. A descriptor is read: once.
/// Errors: `usage_error` for a proxy of the environment, or credentials, that cannot be used.
transport_params make_transport(connection_options const& options, environment const& lookup);

/// What to warn of: the Graph host is of a cloud for which Graph does not document the API.
std::optional<std::string> cloud_warning(connection_options const& options);

/// What to warn of: AZURE_AUTHORITY_HOST is none of the cloud that --cloud names, or the authority is that of
/// another cloud than the Graph host.
std::optional<std::string> authority_warning(connection_options const& options, environment const& lookup);

}
