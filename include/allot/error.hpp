#pragma once

#include <boost/system/error_code.hpp>

namespace allot {

using boost::system::error_code;

/// What went wrong, as one value to branch on. The text beside it is for people.
enum class errc {
    /// An identifier breaks a rule of `assignment_ref`. Correct the input; nothing was sent.
    invalid_reference = 1,
    /// A `query` names something that is not an OData identifier, or its traceparent breaks the W3C rules.
    /// Correct it; nothing was sent.
    invalid_query,
    /// A parameter is out of its range or names a file that cannot be used. Correct it; nothing was sent.
    invalid_params,

    /// The host name has no address, or the name server did not answer. Check the name and the network.
    resolve_failed,
    /// No address of the host accepted a connection, or the proxy reached none (502, 503, 504).
    connect_failed,
    /// The connection broke before the answer was complete. Safe to try again.
    connection_lost,
    /// TLS failed for another reason than the certificate.
    tls_failed,
    /// The server's certificate is not one to trust for this host. Never retried: check the host and
    /// `ca_file`.
    certificate_rejected,
    /// The proxy refuses to lead to this host (403, 407, any other status that cannot pass). Never retried:
    /// the
    /// message says what to do.
    proxy_refused,
    /// Connecting, sending or the answer took longer than its deadline.
    timed_out,
    /// The peer does not keep to HTTP/1.1 framing, or the content is not in the coding that it names; the
    /// connection was closed.
    malformed_response,
    /// The answer exceeds a size limit, encoded or decoded, or is far larger decoded than encoded; the
    /// connection was closed.
    response_too_large,

    /// No access token could be had from the credential. The message says what the source answered.
    token_unavailable,
    /// A credential's source is not to be had here: no metadata service, no Azure CLI, nobody signed in.
    credential_unavailable,
    /// Graph refused a fresh token (401). Check audience, tenant and clock.
    unauthorized,
    /// The token lacks the permission this path needs (403).
    forbidden,
    /// There is no such assignment, user or group (404).
    not_found,
    /// Graph throttles (429, 509) and the retries ended.
    throttled,
    /// Graph failed (408, 5xx) and the retries ended.
    server_error,
    /// Graph refused the request for good (any other 4xx).
    request_rejected,
    /// The answer is a redirect (3xx), or a page's next link leads to another scheme, host or port. Never
    /// followed: a token goes to the host it was made for.
    redirected,
    /// The answer is not what was asked for, an allotment or a page of assignments: wrong content type, wrong
    /// JSON, required members missing, a next link that leads nowhere new.
    bad_body,
    /// The assignment has no allotment (204, or null).
    no_allotment,

    /// The operation was cancelled.
    cancelled,
    /// The overall deadline passed.
    deadline_exceeded,
    /// Graph asks to wait longer than `max_wait`. `failure::retry_at` says until when.
    parked,
};

error_code make_error_code(errc value) noexcept;

}

template <>
struct boost::system::is_error_code_enum<allot::errc> : std::true_type {};
