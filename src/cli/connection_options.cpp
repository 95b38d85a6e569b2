#include "cli/connection_options.hpp"

#include "cli/connect_to.hpp"
#include "cli/option_checks.hpp"

#include <CLI/Option.hpp>

#include <cstring>
#include <string_view>
#include <utility>

namespace allot {
namespace {

constexpr char const* group = "Where";

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

std::optional<std::string> take_override(connection_options& options, std::string const& value) {
    auto parsed = parse_connect_to(value);
    if (!parsed)
        return "must be HOST:PORT:ADDR:PORT, with IPv6 addresses in brackets";
    options.transport.connect_to.push_back(std::move(*parsed));
    return std::nullopt;
}

}

void add_connection_options(CLI::App& app, connection_options& options) {
    auto const taking = [&options](auto take) {
        return [&options, take](std::string const& value) { return take(options, value); };
    };
    add_checked(
        app, "--cloud", "CLOUD", taking(take_cloud),
        "Microsoft cloud: global (default), usgov, dod or china. Graph documents this API for global only")
        ->group(group);
    add_checked(
        app, "--graph-url", "URL",
        [&options](auto const& value) { return take_url(options.graph_url, value); },
        "Graph host, https, without the API version")
        ->group(group);
    add_checked(
        app, "--token-url", "URL",
        [&options](auto const& value) { return take_url(options.token_url, value); },
        "token endpoint, https (default: the cloud's authority and --tenant)")
        ->group(group);
    app.add_option("--ca-file", options.transport.ca_file, "trust these roots (PEM) instead of the system's")
        ->type_name("PEM")
        ->group(group);
    add_checked(
        app, "--connect-to", "HOST:PORT:ADDR:PORT", taking(take_override),
        "connect to ADDR:PORT for HOST:PORT; TLS still verifies HOST. Repeatable")
        ->trigger_on_parse()
        ->group(group);
}

std::string graph_url(connection_options const& options) {
    return options.graph_url.value_or(
        (options.cloud != nullptr ? *options.cloud : clouds().front()).graph_url);
}

std::optional<std::string> cloud_warning(connection_options const& options) {
    if (options.cloud == nullptr || options.cloud->documented)
        return std::nullopt;
    return std::string("Graph documents this API for the global cloud only; in ") + options.cloud->name +
           " it may answer 404 or 403 for everything";
}

std::optional<std::string> authority_warning(connection_options const& options, environment const& lookup) {
    auto const authority = lookup("AZURE_AUTHORITY_HOST");
    if (!authority || options.cloud != nullptr || options.token_url)
        return std::nullopt;
    auto const graph = graph_url(options);
    cloud const* theirs = nullptr;
    bool graph_is_known = false;
    for (auto const& each : clouds()) {
        graph_is_known = graph_is_known || graph == each.graph_url;
        std::string_view const host = std::string_view(each.authority_url).substr(std::strlen("https://"));
        if (authority->find(host) == std::string::npos)
            continue;
        if (graph == each.graph_url)
            return std::nullopt;
        theirs = theirs == nullptr ? &each : theirs;
    }
    if (theirs == nullptr || !graph_is_known)
        return std::nullopt;
    return "AZURE_AUTHORITY_HOST is that of the cloud " + std::string(theirs->name) +
           ", whose tokens are worth nothing at " + graph + "; give --cloud " + theirs->name;
}

}
