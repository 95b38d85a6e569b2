#include "io/credentials/authority.hpp"
#include "io/credentials/secret_variables.hpp"
#include "io/failures.hpp"
#include "io/issued_token.hpp"
#include "io/local_time.hpp"
#include "io/subprocess.hpp"
#include "json/claims.hpp"
#include "json/cli_token.hpp"
#include "model/printable.hpp"

#include <allot/credential_sources.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace allot {
namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

constexpr char const* install_page = "https://learn.microsoft.com/cli/azure/install-azure-cli";

failure cli_failure(errc code, end_reason reason, std::string why) {
    failure made;
    made.code = code;
    made.reason = reason;
    made.message = std::move(why);
    return made;
}

/// The first lines that say something, on one. Warnings, of which the Azure CLI has many, say nothing when
/// there is more.
std::string first_lines(std::string_view text) {
    constexpr std::size_t most_lines = 3;
    constexpr std::size_t most_bytes = 600;
    std::string errors;
    std::string warnings;
    for (std::size_t lines = 0; !text.empty() && lines != most_lines;) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
        if (line.empty())
            continue;
        bool const warning = line.starts_with("WARNING:");
        auto& out = warning ? warnings : errors;
        if (out.size() < most_bytes)
            out.append(out.empty() ? "" : " / ").append(line);
        lines += warning ? 0 : 1;
    }
    auto const& said = errors.empty() ? warnings : errors;
    return said.empty() ? "nothing" : printable(said, most_bytes);
}

bool says_nobody_is_signed_in(std::string_view text) {
    // Entra's refusals, with a number, advise to sign in again too; there somebody is.
    return text.find("AADSTS") == std::string_view::npos &&
           (text.find("az login") != std::string_view::npos ||
            text.find("az account set") != std::string_view::npos);
}

/// Whether the claims ask for more than the capability that every request may declare.
bool is_challenge(std::string const& claims) {
    return !claims.empty() && claims != merge_claims({}, client_capability::cp1).value();
}

class azure_cli_credential final : public token_credential {
public:
    explicit azure_cli_credential(azure_cli_params params) : params_(std::move(params)) {}

    asio::awaitable<result<access_token>> fetch_token(token_request request) override {
        if (request.scope.empty() || request.scope.starts_with('-'))
            co_return cli_failure(
                errc::invalid_params, end_reason::permanent,
                "Azure CLI: " + printable(request.scope) + " is no scope; one is like https://host/.default");
        if (is_challenge(request.claims))
            co_return cli_failure(
                errc::token_unavailable, end_reason::permanent,
                "a token with new claims is wanted, which the Azure CLI gets only at sign-in; run az logout, "
                "then " +
                    sign_in() + " --scope " + request.scope);
        auto const asked_at = clock::now();
        subprocess_call call(arguments(request.scope), asked_at + params_.timeout);
        // It needs none of other sources' secrets.
        call.without.assign(secret_variables.begin(), secret_variables.end());
        auto ended = co_await run_program(std::move(call));
        co_return read(std::move(ended), asked_at);
    }

    std::string description() const override {
        return params_.tenant_id.empty() ? "Azure CLI" : "Azure CLI, tenant " + params_.tenant_id;
    }

    std::string cache_key() const override {
        return "Azure CLI\n" + params_.executable + '\n' + params_.tenant_id;
    }

private:
    std::vector<std::string> arguments(std::string const& scope) const {
        // Not --resource-type ms-graph: its host is that of the cloud the Azure CLI is set to, which need not
        // be the one that the token goes to.
        std::vector<std::string> out{params_.executable, "account", "get-access-token", "--output", "json",
                                     "--scope",          scope};
        if (!params_.tenant_id.empty())
            out.insert(out.end(), {"--tenant", params_.tenant_id});
        return out;
    }

    result<access_token> read(subprocess_result ended, clock::time_point asked_at) const {
        using enum end_reason;
        constexpr auto failed = errc::token_unavailable;
        switch (ended.how) {
        case subprocess_result::end::cancelled:
            return cancelled_failure();
        case subprocess_result::end::not_started:
            return not_started(ended.cause);
        case subprocess_result::end::timed_out:
            return cli_failure(
                failed, attempts,
                "the Azure CLI gave no token within " +
                    std::to_string(std::chrono::ceil<std::chrono::seconds>(params_.timeout).count()) +
                    " s and was ended; try " + by_hand() + said(ended));
        case subprocess_result::end::output_too_large:
            return cli_failure(failed, permanent, "the Azure CLI wrote more than 1 MiB; see " + by_hand());
        case subprocess_result::end::finished:
            break;
        }
        if (ended.status.signal != 0)
            return cli_failure(
                failed, attempts,
                "the Azure CLI was ended by signal " + std::to_string(ended.status.signal) + said(ended));
        if (ended.status.exit_code != 0)
            return exited(ended);
        auto token = decode_cli_token(ended.output.reveal());
        if (!token)
            return cli_failure(
                failed, permanent,
                "the Azure CLI wrote no token: " + to_string(token.error()) + "; see " + by_hand() +
                    said(ended));
        return to_token(std::move(*token), asked_at);
    }

    static access_token to_token(cli_token&& token, clock::time_point asked_at) {
        token_answer answer;
        answer.access_token = std::move(token.access_token);
        answer.expires_on = token.expires_on;
        if (!answer.expires_on && token.expires_on_local)
            answer.expires_on = to_utc(*token.expires_on_local);
        auto made = issued_token(std::move(answer), asked_at, std::chrono::system_clock::now(), std::nullopt);
        // A short text is copied, not moved.
        wipe(token.access_token);
        return made;
    }

    result<access_token> not_started(error_code cause) const {
        auto const absent = {
            boost::system::errc::no_such_file_or_directory, boost::system::errc::permission_denied,
            boost::system::errc::not_a_directory};
        bool const none = std::ranges::any_of(absent, [&](auto each) { return cause == each; });
        auto made = none ? cli_failure(
                               errc::credential_unavailable, end_reason::permanent,
                               "there is no Azure CLI: " + printable(params_.executable) + ": " +
                                   cause.message() + "; install it (" + install_page + ')')
                         : cli_failure(
                               errc::token_unavailable, end_reason::attempts,
                               "the Azure CLI, " + printable(params_.executable) +
                                   ", could not be started: " + cause.message());
        made.cause = cause;
        return made;
    }

    result<access_token> exited(subprocess_result const& ended) const {
        if (says_nobody_is_signed_in(ended.error_output))
            return cli_failure(
                errc::credential_unavailable, end_reason::permanent,
                "nobody is signed in to the Azure CLI; run " + sign_in() + said(ended));
        // 2 is a command line that it does not know. What Entra refuses it refuses again.
        bool const lasting =
            ended.status.exit_code == 2 || ended.error_output.find("AADSTS") != std::string::npos;
        return cli_failure(
            errc::token_unavailable, lasting ? end_reason::permanent : end_reason::attempts,
            "the Azure CLI ended with exit code " + std::to_string(ended.status.exit_code) + said(ended));
    }

    static std::string said(subprocess_result const& ended) {
        return "; it said " + first_lines(ended.error_output);
    }

    std::string sign_in() const {
        return params_.tenant_id.empty() ? "az login" : "az login --tenant " + params_.tenant_id;
    }

    std::string by_hand() const {
        return "`" + params_.executable + " account get-access-token --query expiresOn`";
    }

    azure_cli_params params_;
};

}

result<std::shared_ptr<token_credential>> make_azure_cli_credential(azure_cli_params params) {
    auto const refuse = [](std::string why) {
        return cli_failure(errc::invalid_params, end_reason::permanent, "Azure CLI: " + std::move(why));
    };
    if (!params.tenant_id.empty())
        if (auto problem = tenant_problem(params.tenant_id))
            return refuse(std::move(*problem));
    if (params.executable.empty())
        return refuse("the name of its program is empty; it is az");
    if (params.timeout <= std::chrono::milliseconds(0))
        return refuse("the timeout must be longer than nothing");
    return std::shared_ptr<token_credential>(std::make_shared<azure_cli_credential>(std::move(params)));
}

}
