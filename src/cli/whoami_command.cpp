#include "audit/row_output.hpp"
#include "cli/client_options.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/failure_report.hpp"
#include "cli/secret_environment.hpp"
#include "cli/usage_error.hpp"
#include "cli/whoami_report.hpp"

#include <CLI/Option.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace allot {
namespace {

struct whoami_options {
    connection_options connection;
    credential_options credential;
    console_options seeing;
    bool roles = false;
    bool json = false;
};

using fetched_token = std::optional<result<access_token>>;

/// Lifetimes: the references until the end.
boost::asio::awaitable<void>
fetch_into(fetched_token& out, token_credential& credential, token_request request) {
    out.emplace(co_await credential.fetch_token(std::move(request)));
}

result<access_token> fetch(token_credential& credential, std::string scope) {
    boost::asio::io_context context{1};
    fetched_token fetched;
    boost::asio::co_spawn(
        context, fetch_into(fetched, credential, token_request(std::move(scope))),
        [&context](std::exception_ptr error) {
            if (error)
                std::rethrow_exception(error);
            context.stop();
        });
    context.run();
    return std::move(*fetched);
}

void add_life(whoami_report& report, access_token const& token) {
    auto const since = [now = std::chrono::steady_clock::now()](std::chrono::steady_clock::time_point at) {
        return std::chrono::floor<std::chrono::seconds>(at - now);
    };
    if (token.expires_at == std::chrono::steady_clock::time_point::max())
        return;
    report.lifetime = since(token.expires_at);
    report.refresh_in = since(token.refresh_time());
}

int whoami(whoami_options const& options) {
    console terminal(options.seeing);
    auto const lookup = secret_environment();
    auto settings = choose_settings(options.credential, options.connection, lookup);
    warn_of(options.connection, options.credential, settings, lookup, terminal);
    whoami_report report;
    report.graph_url = graph_url(options.connection);
    report.tenant = settings.tenant_id;
    report.client_id = settings.client_id;
    report.asked_for_roles = options.roles;
    auto const credential = make_checked_credential(std::move(settings));
    auto scope = token_scope(report.graph_url);
    if (!scope)
        throw usage_error(scope.error().message);
    auto const token = fetch(*credential, std::move(*scope));
    if (!token)
        return report_failure(token.error(), assignment_scope::admin, terminal);
    report.source = credential->description();
    report.now = std::chrono::system_clock::now();
    report.clock_offset = token->clock_offset;
    add_life(report, *token);
    if (options.roles)
        report.claims = decode_jwt_claims(token->value.reveal());
    row_output output("-");
    output.append(options.json ? whoami_json(report) : whoami_text(report));
    output.finish();
    return exit_good;
}

std::string footer() {
    return "Nothing is asked of Graph. The token itself is never shown.\n"
           "--json gives one object: source, graphUrl, tenant, clientId, expiresAt, lifetimeSeconds,\n"
           "refreshInSeconds and clockOffsetSeconds (how far the token endpoint's clock is ahead), each "
           "null\n"
           "where it is not known; claims (null without --roles, and where the token cannot be read); and\n"
           "permissions: for each scope its path, the permission it needs, needsDelegated, and grantedBy.\n"
           "\n" +
           client_help();
}

}

void add_whoami_command(CLI::App& root, std::function<int()>& run) {
    auto const options = std::make_shared<whoami_options>();
    auto* const command = root.add_subcommand(
        "whoami", "gets a token and says from which source, for whom, how long it lives and what is needed");
    command->add_flag(
        "--roles", options->roles,
        "also what the token says of itself: tenant, client, roles. It is not verified, and Microsoft may "
        "change or encrypt it any day");
    command->add_flag("--json", options->json, "one JSON object for programs, see below");
    add_connection_options(*command, options->connection);
    add_credential_options(*command, options->credential);
    add_console_options(*command, options->seeing);
    command->footer(footer());
    command->callback([options, &run] { run = [options] { return whoami(*options); }; });
}

}
