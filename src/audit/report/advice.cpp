#include "audit/report/advice.hpp"

#include <algorithm>
#include <array>

namespace allot {
namespace {

struct error_advice {
    std::string_view code;
    std::string_view words;
};

constexpr std::string_view repeat_later = "Repeat these rows with --retry-failed.";

constexpr std::array error_advices{
    error_advice{"invalid_reference", "The line is not an assignment. Correct the input; nothing was sent."},
    error_advice{"invalid_query", "--select or --expand names something that Graph cannot have. Correct it."},
    error_advice{"invalid_params", "An option is out of its range. Correct it."},
    error_advice{
        "resolve_failed", "The host name has no address. Check name and network, then use --retry-failed."},
    error_advice{
        "connect_failed", "No connection. Check network, firewall and proxy, then use --retry-failed."},
    error_advice{
        "connection_lost",
        "The connection broke before the answer was complete. Repeat with --retry-failed."},
    error_advice{
        "tls_failed", "TLS failed. Check what stands between here and Graph, then use --retry-failed."},
    error_advice{
        "certificate_rejected",
        "The server's certificate is not to be trusted. Check the host and --ca-file."},
    error_advice{
        "proxy_refused",
        "The proxy refuses. Check its credentials and what it allows, then use --retry-failed."},
    error_advice{
        "timed_out",
        "No answer in time. Repeat with --retry-failed, with a longer --request-timeout if it stays."},
    error_advice{
        "malformed_response", "The answer was not proper HTTP. Look for a proxy that changes answers."},
    error_advice{"response_too_large", "The answer exceeds the size limit. Ask for less with --select."},
    error_advice{"token_unavailable", "No access token. Check the credential: tenant, client id, secret."},
    error_advice{"unauthorized", "Graph refused the token. Check audience, tenant and clock."},
    error_advice{
        "forbidden", "The application lacks the permission. An administrator grants it in Microsoft Entra."},
    error_advice{
        "throttled", "Graph was too busy for this client. Repeat with --retry-failed, at a lower --rate."},
    error_advice{
        "server_error",
        "Graph failed repeatedly. Repeat with --retry-failed; if it stays, report the request ids."},
    error_advice{"request_rejected", "Graph refused the request for good. The message says why."},
    error_advice{"redirected", "The answer sends elsewhere, which is not followed. Check --graph-url."},
    error_advice{
        "bad_body", "The answer was not an allotment. Look for a portal or proxy that answers for Graph."},
    error_advice{"cancelled", "The run was stopped before this row was read. Repeat with --retry-failed."},
    error_advice{
        "deadline_exceeded",
        "The time for the whole run was up. Repeat with --retry-failed, or a longer --deadline."},
    error_advice{"parked", "Graph asked for a longer wait than allowed. Run the audit again later."},
};

}

std::string_view advice_for(std::string_view error_code) noexcept {
    auto const* const found =
        std::find_if(error_advices.begin(), error_advices.end(), [&](error_advice const& each) {
            return each.code == error_code;
        });
    return found != error_advices.end() ? found->words : repeat_later;
}

}
