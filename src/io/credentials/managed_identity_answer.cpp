#include "io/credentials/managed_identity_answer.hpp"

#include "io/answer.hpp"
#include "io/issued_token.hpp"
#include "json/decode.hpp"
#include "model/printable.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace allot {
namespace {

failure
no_identity_token(managed_identity_request const& asked, std::string const& why, std::string_view advice) {
    failure made;
    made.code = errc::token_unavailable;
    made.message = "no access token of a managed identity from " + asked.url() + " (" +
                   to_string(asked.kind()) + "): " + why;
    if (!advice.empty())
        made.message.append("; ").append(advice);
    return made;
}

/// What the endpoint said, for a message, unless it is one of the secrets it was shown.
std::string endpoint_said(std::string_view text, managed_identity_request const& asked, secret const& key) {
    constexpr std::size_t most = 300;
    for (auto const& shown : {asked.header().reveal(), key.reveal()})
        if (!shown.empty() && text.find(shown) != text.npos)
            return "(not shown: repeats a secret)";
    return printable(text, most);
}

bool names_no_identity(token_error const& error) {
    return error.error == "invalid_request" &&
           error.description.find("dentity not found") != std::string::npos;
}

std::string unreachable_advice(managed_identity_kind kind) {
    switch (kind) {
    case managed_identity_kind::imds:
        return "this machine has no managed identity unless it is a VM of Azure: use another source of "
               "tokens "
               "elsewhere; on a VM, see that no firewall or proxy keeps it from the metadata service";
    case managed_identity_kind::app_service:
    case managed_identity_kind::app_service_2017:
        return "check that this process runs in the app whose environment names the endpoint, and that the "
               "app's managed identity is on";
    case managed_identity_kind::arc:
        return "check that the agent runs: azcmagent show";
    }
    return {};
}

std::string assign_advice(managed_identity_request const& asked) {
    auto const assign_to = [&asked](char const* place) {
        return "assign the identity with the " + asked.identity() + " to the " + place +
               ", or correct the id (" + asked.identity_settings() + ")";
    };
    bool const own = asked.identity().empty();
    switch (asked.kind()) {
    case managed_identity_kind::imds:
        return own ? "assign an identity to the VM: az vm identity assign" : assign_to("VM");
    case managed_identity_kind::app_service:
    case managed_identity_kind::app_service_2017:
        return own ? "turn the app's system-assigned identity on, or name a user-assigned one"
                   : assign_to("app");
    case managed_identity_kind::arc:
        return "check that the server is connected and has an identity: azcmagent show";
    }
    return {};
}

std::string
refusal_advice(int status, std::optional<token_error> const& error, managed_identity_request const& asked) {
    switch (status) {
    case 400:
        if (error && error->description.starts_with("Multiple user assigned identities"))
            return "say which one, by its client id";
        if (error && !names_no_identity(*error) && asked.kind() == managed_identity_kind::imds)
            return {};
        return assign_advice(asked);
    case 401:
        return asked.kind() == managed_identity_kind::arc
                   ? "the agent refused the key of its own file; check the agent: azcmagent show"
                   : "take the endpoint's secret over as Azure sets it";
    case 404:
        return unreachable_advice(asked.kind());
    case 410:
        return "the metadata service is being updated; try again in a minute";
    case 429:
        return "the endpoint is asked too often; try again later";
    default:
        return status >= 500 ? "try again later" : "";
    }
}

}

managed_identity_answer read_managed_identity(
    response_reader const& answer, managed_identity_request const& asked, secret const& key,
    std::chrono::steady_clock::time_point asked_at) {
    auto const status = answer.status();
    managed_identity_answer made;
    made.report.status = status;
    made.report.retry_after = read_retry_after(answer);
    bool const is_imds = asked.kind() == managed_identity_kind::imds;
    if (status == 200 && asked.kind() == managed_identity_kind::arc && key.empty()) {
        made.reason = no_identity_token(
            asked, "a token without a question for the key of a file, which Azure's agent asks first",
            "check that this is Azure's agent and no other server: azcmagent show");
    } else if (status == 200) {
        auto token = decode_token_answer(answer.body());
        if (token) {
            made.token =
                issued_token(std::move(*token), asked_at, std::chrono::system_clock::now(), std::nullopt);
            return made;
        }
        made.absent = is_imds && token.error().path.empty();
        made.reason = no_identity_token(
            asked, "the answer is no token: " + to_string(token.error()),
            "check that this is Azure's endpoint and no other server");
    } else if (status < 400) {
        made.absent = is_imds;
        made.reason = no_identity_token(
            asked, "status " + std::to_string(status) + (status >= 300 ? ", which is not followed" : ""),
            "check that this is Azure's endpoint and no other server");
    } else {
        auto const error = decode_token_error(answer.body());
        std::string why = "status " + std::to_string(status);
        if (error)
            why += ": " + endpoint_said(error->error + ": " + error->description, asked, key);
        else if (!answer.body().empty())
            why += ", which begins " + endpoint_said(answer.body(), asked, key);
        // A metadata service of another cloud, or a proxy, answers at the same address; of those none says
        // that it is being updated. An identity that is named must not become somebody else.
        bool const updating = status == 410 && answer.body().empty();
        made.absent =
            is_imds &&
            (error ? status == 400 && names_no_identity(*error) && asked.identity().empty() : !updating);
        made.reason = no_identity_token(asked, why, refusal_advice(status, error, asked));
    }
    made.reason.exchange.http_status = status;
    return made;
}

managed_identity_answer
no_managed_identity(failure why, managed_identity_request const& asked, bool connected) {
    managed_identity_answer made;
    made.report.transport = why.code;
    if (why.code == errc::cancelled) {
        made.reason = std::move(why);
        return made;
    }
    made.absent = asked.kind() == managed_identity_kind::imds && why.code != errc::invalid_params;
    made.reason = no_identity_token(
        asked, why.message,
        connected ? "see that no proxy or firewall stands between, and try again later"
                  : unreachable_advice(asked.kind()));
    made.reason.cause = why.cause;
    return made;
}

managed_identity_answer bad_arc_challenge(failure why, managed_identity_request const& asked) {
    managed_identity_answer made;
    made.report.status = 401;
    made.reason = no_identity_token(asked, why.message, unreachable_advice(asked.kind()));
    made.reason.cause = why.cause;
    made.reason.exchange.http_status = 401;
    return made;
}

}
