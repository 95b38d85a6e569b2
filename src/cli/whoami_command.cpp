#include "audit/row_output.hpp"
#include "cli/client_options.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/failure_report.hpp"
#include "cli/interruption.hpp"
#include "cli/secret_environment.hpp"
#include "cli/source_identity.hpp"
#include "cli/usage_error.hpp"
#include "cli/whoami_report.hpp"
#include "io/client_token.hpp"
#include "io/credentials/choose_source.hpp"
#include "io/token_cache.hpp"

#include <CLI/Option.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
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

/// Owns what it waits with: its frame may be left to the context.
boost::asio::awaitable<result<cached_token>> wait_for_token(std::shared_ptr<client_token> from) {
    co_return co_await from->get(std::nullopt);
}

/// A source that never gave a token is not waited for.
constexpr std::chrono::milliseconds no_patience{0};

/// As a run gets its tokens, so that what a run would refuse is refused here.
result<cached_token> fetch(std::shared_ptr<token_credential> credential, std::string scope, bool cae) {
    boost::asio::io_context context{1};
    auto cache = token_cache::shared(
        std::move(credential), std::move(scope), cae ? client_capability::cp1 : client_capability::none);
    auto from = std::make_shared<client_token>(context.get_executor(), std::move(cache), no_patience);
    return run_operation(context, wait_for_token(std::move(from)));
}

void add_life(whoami_report& report, access_token const& token) {
    if (token.expires_at == std::chrono::steady_clock::time_point::max())
        return;
    auto const until = [now = std::chrono::steady_clock::now()](std::chrono::steady_clock::time_point at) {
        return std::max(std::chrono::floor<std::chrono::seconds>(at - now), std::chrono::seconds(0));
    };
    report.lifetime = until(token.expires_at);
    report.refresh_in = until(token.refresh_time());
}

/// What `make_checked_credential` makes its credential from.
credential_source checked_source(credential_settings settings) {
    auto chosen = choose_source(std::move(settings));
    if (!chosen)
        throw usage_error(chosen.error().message);
    return std::move(*chosen);
}

int whoami(whoami_options const& options) {
    console terminal(options.seeing);
    auto const lookup = secret_environment();
    auto settings = choose_settings(options.credential, options.connection, lookup);
    warn_of(options.connection, options.credential, settings, lookup, terminal);
    whoami_report report;
    report.graph_url = graph_url(options.connection);
    auto const source = checked_source(settings);
    auto const credential = make_checked_credential(std::move(settings));
    auto scope = token_scope(report.graph_url);
    if (!scope)
        throw usage_error(scope.error().message);
    auto const fetched =
        fetch(credential, std::move(*scope), options.credential.continuous_access_evaluation);
    if (!fetched)
        return report_failure(fetched.error(), assignment_scope::admin, terminal);
    auto const& token = *fetched->token;
    report.source = credential->description();
    auto identity = identity_of(source, report.source);
    report.tenant = std::move(identity.tenant);
    report.client_id = std::move(identity.client_id);
    report.asked_for_roles = options.roles;
    report.now = std::chrono::system_clock::now();
    report.clock_offset = token.clock_offset;
    add_life(report, token);
    if (options.roles)
        report.claims = decode_jwt_claims(token.value.reveal());
    row_output output("-");
    output.append(options.json ? whoami_json(report) : whoami_text(report));
    output.finish();
    return exit_good;
}

std::string whoami_help() {
    return "Nothing is asked of Graph. The token itself is never shown.\n"
           "Tenant and client are those that the source names; a given token, the Azure CLI and the system's "
           "managed\n"
           "identity name no client, and --roles shows what is in the token.\n"
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
    command->footer(whoami_help());
    command->callback([options, &run] { run = [options] { return whoami(*options); }; });
}

}
