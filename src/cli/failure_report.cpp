#include "cli/failure_report.hpp"

#include "audit/permissions.hpp"
#include "audit/row.hpp"
#include "cli/duration.hpp"
#include "cli/exit_code.hpp"

namespace allot {
namespace {

int exit_code_of(failure const& why) {
    bool const denied = why.code == errc::forbidden || why.code == errc::unauthorized ||
                        why.code == errc::token_unavailable || why.code == errc::credential_unavailable ||
                        why.code == errc::certificate_rejected || why.code == errc::proxy_refused;
    if (denied)
        return exit_denied;
    return why.code == errc::parked ? exit_parked : exit_error_rows;
}

}

int report_failure(failure const& why, assignment_scope scope, console& terminal) {
    auto text = to_string(why);
    if (why.code == errc::forbidden)
        text += "; " + needed_permission(scope);
    if (why.code == errc::parked && why.retry_at)
        text += "; try again after " + utc_text(*why.retry_at);
    log_members members;
    members.add("error", error_name(static_cast<errc>(why.code.value()))).add("code", why.graph_code);
    members.add("reason", to_string(why.reason));
    if (why.exchange.http_status != 0)
        members.add("status", why.exchange.http_status);
    members.add("attempts", why.exchange.attempts)
        .add("request_id", why.exchange.request_id)
        .add("client_request_id", why.exchange.client_request_id);
    terminal.log(log_level::error, text, members);
    return exit_code_of(why);
}

}
