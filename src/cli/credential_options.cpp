#include "cli/credential_options.hpp"

#include "audit/text.hpp"
#include "cli/option_checks.hpp"
#include "cli/secret_file.hpp"
#include "cli/secret_file_check.hpp"
#include "cli/usage_error.hpp"

#include <CLI/Option.hpp>

#include <utility>

namespace allot {
namespace {

constexpr char const* group = "Who";

std::optional<std::string> take_kind(auth_kind& target, std::string const& value) {
    if (value == "auto")
        target = auth_kind::automatic;
    else if (value == "token")
        target = auth_kind::token;
    else if (value == "secret")
        target = auth_kind::client_secret;
    else
        return "must be auto, token or secret";
    return std::nullopt;
}

std::string required(
    std::optional<std::string> const& option, char const* option_name, environment const& lookup,
    char const* variable) {
    if (option && !option->empty())
        return *option;
    if (auto value = lookup(variable))
        return std::move(*value);
    throw usage_error(
        std::string("a client secret also needs ") + option_name + " or the environment variable " +
        variable);
}

std::string checked_tenant(std::string tenant) {
    for (char const character : tenant)
        if (!(character >= 'a' && character <= 'z') && !(character >= 'A' && character <= 'Z') &&
            !(character >= '0' && character <= '9') && character != '.' && character != '-')
            throw usage_error(
                "the tenant must be a GUID or a domain name, not \"" + terminal_safe(tenant) + "\"");
    return tenant;
}

client_secret_params client_credentials(
    credential_options const& options, connection_options const& connection, environment const& lookup,
    secret client_secret) {
    client_secret_params params;
    params.client_id = required(options.client_id, "--client-id", lookup, "AZURE_CLIENT_ID");
    params.token_url =
        connection.token_url
            ? *connection.token_url
            : authority_url(connection, lookup) + '/' +
                  checked_tenant(required(options.tenant, "--tenant", lookup, "AZURE_TENANT_ID")) +
                  "/oauth2/v2.0/token";
    params.client_secret = std::move(client_secret);
    params.transport = connection.transport;
    return params;
}

std::optional<secret> secret_variable(environment const& lookup, char const* name) {
    auto value = lookup(name);
    return value ? std::optional(secret(std::move(*value))) : std::nullopt;
}

}

void add_credential_options(CLI::App& app, credential_options& options) {
    add_checked(
        app, "--auth", "KIND", [&options](auto const& value) { return take_kind(options.kind, value); },
        "token source: auto (default), token or secret")
        ->group(group);
    app.add_option("--tenant", options.tenant, "tenant id or domain; else AZURE_TENANT_ID")
        ->type_name("TENANT")
        ->group(group);
    app.add_option("--client-id", options.client_id, "application id; else AZURE_CLIENT_ID")
        ->type_name("ID")
        ->group(group);
    add_secret_file(
        app, "--token-file", options.token_file,
        "file with a bearer token, read again as it changes; else the token in ALLOT_TOKEN")
        ->group(group);
    add_secret_file(
        app, "--client-secret-file", options.client_secret_file,
        "file with the client secret; else the secret in AZURE_CLIENT_SECRET")
        ->group(group);
}

credential_choice choose_credential(
    credential_options const& options, connection_options const& connection, environment const& lookup) {
    bool const token_wanted = options.kind != auth_kind::client_secret;
    bool const secret_wanted = options.kind != auth_kind::token;
    if (token_wanted && options.token_file) {
        // A descriptor gives a token once; a file may have a fresh one later.
        if (is_descriptor(*options.token_file))
            return read_secret_file("--token-file", *options.token_file, "a bearer token");
        return *options.token_file;
    }
    if (secret_wanted && options.client_secret_file)
        return client_credentials(
            options, connection, lookup,
            read_secret_file("--client-secret-file", *options.client_secret_file, "the client secret"));
    if (token_wanted)
        if (auto token = secret_variable(lookup, "ALLOT_TOKEN"))
            return std::move(*token);
    if (secret_wanted)
        if (auto text = secret_variable(lookup, "AZURE_CLIENT_SECRET"))
            return client_credentials(options, connection, lookup, std::move(*text));

    constexpr char const* token_ways = "give --token-file or set ALLOT_TOKEN";
    constexpr char const* secret_ways = "give --client-secret-file or set AZURE_CLIENT_SECRET";
    switch (options.kind) {
    case auth_kind::token:
        throw usage_error(std::string("--auth token: there is no token; ") + token_ways);
    case auth_kind::client_secret:
        throw usage_error(std::string("--auth secret: there is no client secret; ") + secret_ways);
    case auth_kind::automatic:
        break;
    }
    throw usage_error(
        std::string("no credential: for a token ") + token_ways + "; for a client secret " + secret_ways);
}

std::vector<std::string> secret_file_warnings(credential_options const& options) {
    std::vector<std::string> out;
    auto const check = [&out](char const* option, std::optional<std::string> const& value) {
        if (!value || is_descriptor(*value))
            return;
        if (auto warning = open_mode_warning(option, *value))
            out.push_back(std::move(*warning));
    };
    check("--token-file", options.token_file);
    check("--client-secret-file", options.client_secret_file);
    return out;
}

std::shared_ptr<token_credential> make_credential(credential_choice choice) {
    if (auto* const token = std::get_if<secret>(&choice))
        return make_token_credential(std::move(*token));
    if (auto* const path = std::get_if<std::string>(&choice))
        return make_token_file_credential(std::move(*path));
    auto made = make_client_secret_credential(std::get<client_secret_params>(std::move(choice)));
    if (!made)
        throw usage_error(made.error().message);
    return std::move(*made);
}

}
