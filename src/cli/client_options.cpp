#include "cli/client_options.hpp"

#include "cli/event_log.hpp"
#include "cli/secret_file_check.hpp"
#include "cli/secret_option.hpp"
#include "cli/usage_error.hpp"

#include <utility>

namespace allot {

void add_client_options(CLI::App& app, client_options& options, query_help const& help) {
    add_connection_options(app, options.connection);
    add_credential_options(app, options.credential);
    add_query_options(app, options.select_and_expand, help);
    add_pace_options(app, options.pace);
    add_console_options(app, options.seeing);
}

client_params
make_client_params(client_options const& options, environment const& lookup, console& terminal) {
    if (auto const problem = options.select_and_expand.problem())
        throw usage_error(*problem);
    client_params params;
    params.graph_url = graph_url(options.connection);
    auto settings = choose_settings(options.credential, options.connection, lookup);
    params.transport = settings.transport;
    apply(options.pace, params);
    params.continuous_access_evaluation = options.credential.continuous_access_evaluation;
    warn_of(options.connection, options.credential, settings, lookup, terminal);
    params.credential = make_checked_credential(std::move(settings));
    params.observer = make_event_log(terminal);
    return params;
}

void warn_of(
    connection_options const& connection, credential_options const& credential,
    credential_settings const& settings, environment const& lookup, console& terminal) {
    if (auto const warning = cloud_warning(connection))
        terminal.log(log_level::warning, *warning);
    if (auto const warning = authority_warning(connection, lookup))
        terminal.log(log_level::warning, *warning);
    for (auto const& warning : secret_file_warnings(credential, settings))
        terminal.log(log_level::warning, warning);
    if (auto const& file = connection.proxy_credentials_file; file && !is_descriptor(*file))
        if (auto const warning = open_mode_warning("--proxy-credentials-file", *file))
            terminal.log(log_level::warning, *warning);
}

std::string client_help() {
    return "Token sources, in the order in which --auth auto takes the first that is configured: a token\n"
           "(--token-file, ALLOT_TOKEN), a client secret, a client certificate, workload identity; else the\n"
           "managed identity of the machine, else who is signed in to the Azure CLI. A source that is "
           "configured\n"
           "and fails is the answer: nobody else is asked in its place.\n"
           "Environment: AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, "
           "AZURE_CLIENT_CERTIFICATE_PATH,\n"
           "AZURE_CLIENT_CERTIFICATE_PASSWORD, AZURE_FEDERATED_TOKEN_FILE, AZURE_AUTHORITY_HOST, "
           "ALLOT_TOKEN, "
           "and\n"
           "what Azure sets for managed identities. Options come before the environment. fd:N is an open\n"
           "descriptor, N from 3, that is read once and closed: --client-secret-file fd:3 3< <(vault read "
           "...).\n"
           "Variables that hold a secret are overwritten in this process once they are read.\n"
           "HTTPS_PROXY (https_proxy counts more) is used without --proxy, and stays as it is, because the "
           "Azure CLI\n"
           "needs it too. NO_PROXY (no_proxy) lists hosts, domains, addresses and networks that are "
           "connected to\n"
           "without a proxy, as \"*\" all are; this machine always is.\n"
           "TRACEPARENT is a W3C trace context that goes out with every request.\n"
           "\n"
           "Exit codes: 0 good; 1 error rows or no allotment; 2 usage; 3 authentication or permission;\n"
           "4 local input or output; 75 parked: run again later; 130 or 143 stopped by a signal.\n";
}

}
