#include "cli/connection_options.hpp"

#include "cli/connect_to.hpp"
#include "cli/option_checks.hpp"
#include "cli/secret_option.hpp"
#include "cli/usage_error.hpp"
#include "io/credentials/authority.hpp"
#include "io/proxy_route.hpp"

#include <CLI/Error.hpp>
#include <CLI/Option.hpp>

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

namespace allot {
namespace {

constexpr char const* where_group = "Where";

std::optional<std::string> take_cloud(connection_options& options, std::string const& value) {
    options.cloud = find_cloud(value);
    if (options.cloud == nullptr)
        return "must be global, usgov, dod or china";
    return std::nullopt;
}

std::optional<std::string> take_url(std::optional<std::string>& target, std::string const& value) {
    if (!value.starts_with("https://") || value.size() == std::string_view("https://").size())
        return "must be an https URL";
    target = value;
    return std::nullopt;
}

/// A host name is a URL too; what is neither stays as it is, for `make_credential` to refuse.
std::string as_url(std::string const& authority) {
    return authority_url(authority).value_or(authority);
}

/// AZURE_AUTHORITY_HOST.
std::optional<std::string> given_authority(environment const& lookup) {
    auto const host = lookup("AZURE_AUTHORITY_HOST");
    return host && !host->empty() ? std::optional(as_url(*host)) : std::nullopt;
}

/// The first that has it.
cloud const* cloud_of_authority(std::string const& url) {
    auto const all = clouds();
    auto const found =
        std::ranges::find_if(all, [&url](cloud const& each) { return is_authority_of(each, url); });
    return found == all.end() ? nullptr : &*found;
}

std::string overruled(cloud const& chosen, std::string const& given) {
    auto const* const theirs = cloud_of_authority(given);
    return "AZURE_AUTHORITY_HOST is " + given +
           (theirs == nullptr ? ", which is none of the cloud " + std::string(chosen.name)
                              : ", of the cloud " + std::string(theirs->name)) +
           "; --cloud " + chosen.name + " comes before it and means " + chosen.authority_url +
           "; unset the variable" +
           (theirs == nullptr ? ", or leave --cloud out" : std::string(", or give --cloud ") + theirs->name);
}

std::optional<std::string> take_override(connection_options& options, std::string const& value) {
    auto parsed = parse_connect_to(value);
    if (!parsed)
        return "must be HOST:PORT:ADDR:PORT, with IPv6 addresses in brackets";
    options.transport.connect_to.push_back(std::move(*parsed));
    return std::nullopt;
}

/// Not checked as the other values are: a refused one is not to be shown where it may hold a password.
void take_proxy(connection_options& options, std::string const& value) {
    constexpr char const* name = "--proxy";
    if (value.find('@') != std::string::npos)
        throw CLI::ValidationError(
            name,
            "user and password have no place on a command line, which other users of this machine can see; "
            "give --proxy-credentials-file FILE, or the whole URL in HTTPS_PROXY");
    if (value.empty())
        throw CLI::ValidationError(name, "the URL is empty; leave the option out for no proxy");
    proxy_params proxy;
    proxy.url = value;
    if (auto const made = make_proxy_route(proxy, name); !made)
        throw CLI::ValidationError(made.error().message);
    options.proxy = value;
}

/// The proxy of the environment plays no part where another is given: not its credentials, nor what is wrong
/// with it.
environment bypass_alone(environment const& lookup) {
    return [lookup](char const* name) {
        auto const is_bypass = std::string_view(name) == "no_proxy" || std::string_view(name) == "NO_PROXY";
        return is_bypass ? lookup(name) : std::nullopt;
    };
}

}

void add_connection_options(CLI::App& app, connection_options& options) {
    auto const taking = [&options](auto take) {
        return [&options, take](std::string const& value) { return take(options, value); };
    };
    add_checked(
        app, "--cloud", "CLOUD", taking(take_cloud),
        "Microsoft cloud: global (default), usgov, dod or china. Graph documents this API for global only")
        ->group(where_group);
    add_checked(
        app, "--graph-url", "URL",
        [&options](auto const& value) { return take_url(options.graph_url, value); },
        "Graph host, https, without the API version")
        ->group(where_group);
    add_checked(
        app, "--token-url", "URL",
        [&options](auto const& value) { return take_url(options.token_url, value); },
        "token endpoint, https (default: the cloud's authority and --tenant)")
        ->group(where_group);
    app.add_option("--ca-file", options.transport.ca_file, "trust these roots (PEM) instead of the system's")
        ->type_name("PEM")
        ->group(where_group);
    add_checked(
        app, "--connect-to", "HOST:PORT:ADDR:PORT", taking(take_override),
        "connect to ADDR:PORT for HOST:PORT; TLS still verifies HOST. Repeatable")
        ->trigger_on_parse()
        ->group(where_group);
    std::function<void(std::string const&)> const proxy = [&options](std::string const& value) {
        take_proxy(options, value);
    };
    app.add_option_function<std::string>(
           "--proxy", proxy,
           "HTTP or HTTPS proxy that opens a tunnel (CONNECT) for each connection; else that of HTTPS_PROXY. "
           "NO_PROXY names the hosts without")
        ->type_name("URL")
        ->group(where_group);
    add_secret_option(
        app, "--proxy-credentials-file", options.proxy_credentials_file,
        "file with USER:PASSWORD for the proxy; else those in HTTPS_PROXY")
        ->group(where_group);
}

transport_params make_transport(connection_options const& options, environment const& lookup) {
    auto from_environment = proxy_from_environment(options.proxy ? bypass_alone(lookup) : lookup);
    if (!from_environment)
        throw usage_error(from_environment.error().message);
    auto out = options.transport;
    out.proxy = std::move(*from_environment);
    if (options.proxy)
        out.proxy.url = *options.proxy;
    if (!options.proxy_credentials_file)
        return out;
    constexpr char const* file = "--proxy-credentials-file";
    if (out.proxy.url.empty())
        throw usage_error(
            std::string(file) + " goes with a proxy, and there is none; give --proxy URL or set HTTPS_PROXY");
    out.proxy.credentials =
        read_secret_option(file, *options.proxy_credentials_file, "USER:PASSWORD of the proxy");
    if (auto const made = make_proxy_route(out.proxy, "--proxy"); !made)
        throw usage_error(made.error().message);
    return out;
}

std::string graph_url(connection_options const& options) {
    return options.graph_url.value_or(
        (options.cloud != nullptr ? *options.cloud : clouds().front()).graph_url);
}

std::string
authority_of(connection_options const& options, environment const& lookup, std::string const& from_settings) {
    if (options.cloud != nullptr)
        return is_authority_of(*options.cloud, as_url(from_settings)) ? from_settings
                                                                      : options.cloud->authority_url;
    auto const* const known = cloud_of_graph(graph_url(options));
    return known == nullptr || given_authority(lookup) ? from_settings : known->authority_url;
}

std::optional<std::string> cloud_warning(connection_options const& options) {
    auto const* known = cloud_of_graph(graph_url(options));
    if (known == nullptr)
        known = options.cloud;
    if (known == nullptr || known->documented)
        return std::nullopt;
    return std::string("Graph documents this API for the global cloud only; in ") + known->name +
           " it may answer 404 or 403 for everything";
}

std::optional<std::string> authority_warning(connection_options const& options, environment const& lookup) {
    if (options.token_url)
        return std::nullopt;
    auto const given = given_authority(lookup);
    if (given && options.cloud != nullptr && !is_authority_of(*options.cloud, *given))
        return overruled(*options.cloud, *given);
    if (!given && options.cloud == nullptr)
        return std::nullopt;
    auto const graph = graph_url(options);
    auto const* const known = cloud_of_graph(graph);
    auto const authority = given ? *given : options.cloud->authority_url;
    auto const* const theirs = cloud_of_authority(authority);
    if (known == nullptr || theirs == nullptr || is_authority_of(*known, authority))
        return std::nullopt;
    return (given ? std::string("AZURE_AUTHORITY_HOST is that of the cloud ") + theirs->name
                  : std::string("--cloud is ") + options.cloud->name) +
           ", whose tokens are worth nothing at " + graph + ", the Graph of the cloud " + known->name +
           "; give --cloud " + (options.graph_url ? known : theirs)->name +
           (given && options.graph_url ? " and unset the variable" : "");
}

}
