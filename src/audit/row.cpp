#include "audit/row.hpp"

#include "audit/text.hpp"

#include <utility>

namespace allot {
namespace {

audit_outcome outcome_of(errc code) noexcept {
    switch (code) {
    case errc::no_allotment:
        return audit_outcome::none;
    case errc::not_found:
        return audit_outcome::not_found;
    case errc::forbidden:
        return audit_outcome::forbidden;
    case errc::invalid_reference:
        return audit_outcome::invalid_input;
    case errc::bad_body:
        return audit_outcome::bad_body;
    case errc::invalid_query:
    case errc::invalid_params:
    case errc::resolve_failed:
    case errc::connect_failed:
    case errc::connection_lost:
    case errc::tls_failed:
    case errc::certificate_rejected:
    case errc::proxy_refused:
    case errc::timed_out:
    case errc::malformed_response:
    case errc::response_too_large:
    case errc::token_unavailable:
    case errc::credential_unavailable:
    case errc::unauthorized:
    case errc::throttled:
    case errc::server_error:
    case errc::request_rejected:
    case errc::redirected:
    case errc::cancelled:
    case errc::deadline_exceeded:
    case errc::parked:
        break;
    }
    return audit_outcome::failed;
}

row_error describe(failure const& value) {
    row_error error;
    error.code = error_name(static_cast<errc>(value.code.value()));
    error.message = value.message.empty() ? value.code.message() : value.message;
    if (!value.graph_code.empty() && error.message.find(value.graph_code) == std::string::npos)
        error.message += " (Graph's code: " + value.graph_code + ")";
    error.message = to_valid_utf8(error.message);
    error.reason = to_string(value.reason);
    return error;
}

}

char const* to_string(audit_outcome value) noexcept {
    switch (value) {
    case audit_outcome::ok:
        return "ok";
    case audit_outcome::none:
        return "none";
    case audit_outcome::not_found:
        return "not_found";
    case audit_outcome::forbidden:
        return "forbidden";
    case audit_outcome::invalid_input:
        return "invalid_input";
    case audit_outcome::bad_body:
        return "bad_body";
    case audit_outcome::failed:
        return "failed";
    }
    return "unknown";
}

bool is_good(audit_outcome value) noexcept {
    return value == audit_outcome::ok || value == audit_outcome::none || value == audit_outcome::not_found;
}

char const* error_name(errc value) noexcept {
    switch (value) {
    case errc::invalid_reference:
        return "invalid_reference";
    case errc::invalid_query:
        return "invalid_query";
    case errc::invalid_params:
        return "invalid_params";
    case errc::resolve_failed:
        return "resolve_failed";
    case errc::connect_failed:
        return "connect_failed";
    case errc::connection_lost:
        return "connection_lost";
    case errc::tls_failed:
        return "tls_failed";
    case errc::certificate_rejected:
        return "certificate_rejected";
    case errc::proxy_refused:
        return "proxy_refused";
    case errc::timed_out:
        return "timed_out";
    case errc::malformed_response:
        return "malformed_response";
    case errc::response_too_large:
        return "response_too_large";
    case errc::token_unavailable:
    case errc::credential_unavailable:
        return "token_unavailable";
    case errc::unauthorized:
        return "unauthorized";
    case errc::forbidden:
        return "forbidden";
    case errc::not_found:
        return "not_found";
    case errc::throttled:
        return "throttled";
    case errc::server_error:
        return "server_error";
    case errc::request_rejected:
        return "request_rejected";
    case errc::redirected:
        return "redirected";
    case errc::bad_body:
        return "bad_body";
    case errc::no_allotment:
        return "no_allotment";
    case errc::cancelled:
        return "cancelled";
    case errc::deadline_exceeded:
        return "deadline_exceeded";
    case errc::parked:
        return "parked";
    }
    return "unknown";
}

audit_row make_row(
    std::uint64_t position, assignment_ref const& reference, struct allotment const* found,
    exchange_info const& exchange) {
    audit_row row;
    row.position = position;
    row.scope = reference.scope();
    row.principal_id = reference.principal_id();
    row.assignment_id = reference.assignment_id();
    row.outcome = found == nullptr ? audit_outcome::none : audit_outcome::ok;
    row.allotment = found;
    row.http_status = exchange.http_status;
    row.attempts = exchange.attempts;
    row.request_id = exchange.request_id;
    row.client_request_id = exchange.client_request_id;
    row.duration = exchange.duration;
    return row;
}

audit_row make_row(std::uint64_t position, batch_item const& item) {
    auto row = make_row(position, item.reference, item.result ? &*item.result : nullptr, item.exchange);
    if (item.result)
        return row;
    auto const& why = item.result.error();
    row.outcome = outcome_of(static_cast<errc>(why.code.value()));
    if (row.outcome != audit_outcome::none)
        row.error = describe(why);
    return row;
}

audit_row make_row(invalid_entry const& entry) {
    audit_row row;
    row.position = entry.position;
    row.scope = entry.scope;
    row.principal_id = entry.principal_id;
    row.assignment_id = entry.assignment_id;
    row.outcome = audit_outcome::invalid_input;
    row.error =
        row_error{error_name(errc::invalid_reference), entry.problem, to_string(end_reason::permanent)};
    return row;
}

}
