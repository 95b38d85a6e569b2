#include "cli/credential_options.hpp"

#include "cli/option_checks.hpp"
#include "cli/secret_option.hpp"
#include "cli/usage_error.hpp"

#include <CLI/Option.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace allot {
namespace {

constexpr char const* who_group = "Who";

struct kind_name {
    char const* name;
    credential_kind kind;
};

constexpr std::array<kind_name, 7> kinds{{
    {"auto", credential_kind::automatic},
    {"token", credential_kind::token},
    {"secret", credential_kind::client_secret},
    {"certificate", credential_kind::client_certificate},
    {"workload", credential_kind::workload_identity},
    {"managed", credential_kind::managed_identity},
    {"cli", credential_kind::azure_cli},
}};

std::optional<std::string> take_kind(std::optional<credential_kind>& target, std::string const& value) {
    for (auto const& each : kinds)
        if (value == each.name) {
            target = each.kind;
            return std::nullopt;
        }
    return "must be auto, token, secret, certificate, workload, managed or cli";
}

std::optional<std::string>
take_algorithm(std::optional<assertion_algorithm>& target, std::string const& value) {
    if (value == "PS256")
        target = assertion_algorithm::ps256;
    else if (value == "RS256")
        target = assertion_algorithm::rs256;
    else
        return "must be PS256 or RS256";
    return std::nullopt;
}

/// An option that only one kind of source reads.
struct exclusive_option {
    char const* name;
    bool given;
    credential_kind kind;
};

std::array<exclusive_option, 8> exclusive_options(credential_options const& options) {
    return {{
        {"--token-file", options.token_file.has_value(), credential_kind::token},
        {"--client-secret-file", options.client_secret_file.has_value(), credential_kind::client_secret},
        {"--certificate", options.certificate.has_value(), credential_kind::client_certificate},
        {"--certificate-passphrase-file", options.certificate_passphrase_file.has_value(),
         credential_kind::client_certificate},
        {"--certificate-algorithm", options.algorithm.has_value(), credential_kind::client_certificate},
        {"--federated-token-file", options.federated_token_file.has_value(),
         credential_kind::workload_identity},
        {"--object-id", options.object_id.has_value(), credential_kind::managed_identity},
        {"--resource-id", options.resource_id.has_value(), credential_kind::managed_identity},
    }};
}

/// The kind that --auth asks for, else the one an option belongs to.
credential_kind chosen_kind(credential_options const& options) {
    auto kind = options.kind.value_or(credential_kind::automatic);
    char const* chosen_by = options.kind && kind != credential_kind::automatic ? "--auth" : nullptr;
    for (auto const& each : exclusive_options(options)) {
        if (!each.given)
            continue;
        if (chosen_by && each.kind != kind)
            throw usage_error(
                std::string(each.name) + " does not go with " + chosen_by +
                (std::string_view(chosen_by) == "--auth"
                     ? std::string(" ") + kinds[static_cast<std::size_t>(kind)].name
                     : "") +
                ": they are of different token sources; leave one out");
        if (!chosen_by) {
            kind = each.kind;
            chosen_by = each.name;
        }
    }
    return kind;
}

void take(std::string& target, std::optional<std::string> const& option) {
    if (option)
        target = *option;
}

void take_token(credential_settings& settings, std::string const& option) {
    settings.token = secret();
    // A descriptor gives a token once; a file may have a fresh one later.
    if (is_descriptor(option))
        settings.token = read_secret_option("--token-file", option, "a bearer token");
    else
        settings.token_file = option;
}

}

void add_credential_options(CLI::App& app, credential_options& options) {
    auto const add_text = [&app](char const* name, auto& target, char const* type, char const* description) {
        app.add_option(name, target, description)->type_name(type)->group(who_group);
    };
    add_checked(
        app, "--auth", "KIND", [&options](auto const& value) { return take_kind(options.kind, value); },
        "token source: auto (default), token, secret, certificate, workload, managed or cli")
        ->group(who_group);
    add_text("--tenant", options.tenant, "TENANT", "tenant id or domain; else AZURE_TENANT_ID");
    add_text(
        "--client-id", options.client_id, "ID",
        "application, or user-assigned managed identity; else AZURE_CLIENT_ID");
    add_secret_option(
        app, "--token-file", options.token_file,
        "file with a bearer token, read again as it changes; else the token in ALLOT_TOKEN")
        ->group(who_group);
    add_secret_option(
        app, "--client-secret-file", options.client_secret_file,
        "file with the client secret; else the secret in AZURE_CLIENT_SECRET")
        ->group(who_group);
    add_text(
        "--certificate", options.certificate, "FILE",
        "certificate with its RSA key, PEM or PKCS#12; else AZURE_CLIENT_CERTIFICATE_PATH");
    add_secret_option(
        app, "--certificate-passphrase-file", options.certificate_passphrase_file,
        "file with the key's passphrase; else AZURE_CLIENT_CERTIFICATE_PASSWORD")
        ->group(who_group);
    add_checked(
        app, "--certificate-algorithm", "NAME",
        [&options](auto const& value) { return take_algorithm(options.algorithm, value); },
        "how assertions are signed: PS256 (default) or RS256, for authorities that know no PS256")
        ->group(who_group);
    add_text(
        "--federated-token-file", options.federated_token_file, "FILE",
        "another issuer's token for workload identity; else AZURE_FEDERATED_TOKEN_FILE");
    add_text("--object-id", options.object_id, "ID", "user-assigned managed identity, by its object");
    add_text(
        "--resource-id", options.resource_id, "ID",
        "user-assigned managed identity, as /subscriptions/.../userAssignedIdentities/NAME");
    app.add_flag(
           "--cae", options.continuous_access_evaluation,
           "declare that claims challenges are answered (capability cp1): tokens live longer and can be "
           "revoked "
           "at once")
        ->group(who_group);
}

credential_settings choose_settings(
    credential_options const& options, connection_options const& connection, environment const& lookup) {
    auto const kind = chosen_kind(options);
    auto settings = settings_from_environment(lookup);
    settings.kind = kind;
    settings.transport = make_transport(connection, lookup);
    settings.authority_url = authority_of(connection, lookup, settings.authority_url);
    take(settings.token_url, connection.token_url);
    take(settings.tenant_id, options.tenant);
    // An identity is named once: by the options, where they do.
    if (options.object_id || options.resource_id)
        settings.client_id.clear();
    take(settings.client_id, options.client_id);
    take(settings.certificate_file, options.certificate);
    take(settings.federated_token_file, options.federated_token_file);
    take(settings.object_id, options.object_id);
    take(settings.resource_id, options.resource_id);
    settings.algorithm = options.algorithm.value_or(settings.algorithm);
    if (options.token_file)
        take_token(settings, *options.token_file);
    if (options.client_secret_file)
        settings.client_secret =
            read_secret_option("--client-secret-file", *options.client_secret_file, "the client secret");
    if (options.certificate_passphrase_file)
        settings.certificate_passphrase = read_secret_option(
            "--certificate-passphrase-file", *options.certificate_passphrase_file, "the key's passphrase");
    return settings;
}

std::shared_ptr<token_credential> make_checked_credential(credential_settings settings) {
    auto made = make_credential(std::move(settings));
    if (!made)
        throw usage_error(made.error().message);
    return std::move(*made);
}

}
