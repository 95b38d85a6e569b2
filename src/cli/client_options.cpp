#include "cli/client_options.hpp"

#include "cli/usage_error.hpp"

namespace allot {

void add_client_options(CLI::App& app, client_options& options, query_help const& help) {
    add_connection_options(app, options.connection);
    add_credential_options(app, options.credential);
    add_query_options(app, options.select_and_expand, help);
    add_pace_options(app, options.pace);
    add_console_options(app, options.seeing);
}

client_params make_client_params(client_options const& options, environment const& lookup) {
    if (auto const problem = options.select_and_expand.problem())
        throw usage_error(*problem);
    client_params params;
    params.graph_url = graph_url(options.connection);
    params.transport = options.connection.transport;
    apply(options.pace, params);
    params.credential = make_credential(choose_credential(options.credential, options.connection, lookup));
    return params;
}

void warn_of(client_options const& options, console& terminal) {
    if (auto const warning = cloud_warning(options.connection))
        terminal.log(log_level::warning, *warning);
    for (auto const& warning : secret_file_warnings(options.credential))
        terminal.log(log_level::warning, warning);
}

std::string client_help() {
    return "Environment: AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_AUTHORITY_HOST, "
           "ALLOT_TOKEN.\n"
           "Options come before the environment, a token before a client secret. fd:N is an open descriptor, "
           "N from "
           "3, that\n"
           "is read once and closed: --client-secret-file fd:3 3< <(vault read ...). Variables that hold a "
           "secret are\n"
           "overwritten in this process once they are read.\n"
           "\n"
           "Exit codes: 0 good; 1 error rows or no allotment; 2 usage; 3 authentication or permission;\n"
           "4 local input or output; 75 parked: run again later; 130 or 143 stopped by a signal.\n";
}

}
