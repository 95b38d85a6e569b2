#include "cli/credential_options.hpp"

#include "audit/io_error.hpp"
#include "audit/text.hpp"
#include "cli/option_checks.hpp"
#include "cli/usage_error.hpp"

#include <CLI/Option.hpp>

#include <cerrno>
#include <fstream>
#include <utility>

namespace allot {
namespace {

constexpr char const* group = "Who";
constexpr std::size_t largest_secret = 65'536;

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

/// The file's text without the line end of its last line.
secret read_secret(std::string const& path) {
    std::string text(largest_secret, '\0');
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    auto const size = static_cast<std::size_t>(file.gcount());
    if (!file.eof())
        throw usage_error(
            size == text.size() ? "--client-secret-file " + terminal_safe(path) + " is larger than 64 KiB"
                                : io_error("--client-secret-file: cannot read", path, errno).what());
    text.resize(size);
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    if (text.empty())
        throw usage_error(
            "--client-secret-file " + terminal_safe(path) + " is empty; it holds the client secret");
    return secret(std::move(text));
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
    app.add_option(
           "--token-file", options.token_file, "file with a bearer token; else the token in ALLOT_TOKEN")
        ->type_name("FILE")
        ->group(group);
    app.add_option(
           "--client-secret-file", options.client_secret_file,
           "file with the client secret; else the secret in AZURE_CLIENT_SECRET")
        ->type_name("FILE")
        ->group(group);
}

credential_choice choose_credential(
    credential_options const& options, connection_options const& connection, environment const& lookup) {
    bool const token_wanted = options.kind != auth_kind::client_secret;
    bool const secret_wanted = options.kind != auth_kind::token;
    if (token_wanted && options.token_file)
        return *options.token_file;
    if (secret_wanted && options.client_secret_file)
        return client_credentials(options, connection, lookup, read_secret(*options.client_secret_file));
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
