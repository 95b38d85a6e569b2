#pragma once

#include "protocol/target.hpp"

#include <span>
#include <string>
#include <string_view>

namespace allot {

/// Whether a field can carry the text as it is: no control characters such as CR, LF or NUL, no white space
/// at its ends, not empty (RFC 9110 section 5.5).
bool is_field_value(std::string_view text) noexcept;

/// Whether the text is a bearer token by its grammar (RFC 6750 section 2.1).
bool is_bearer_token(std::string_view text) noexcept;

/// Every GET to one origin, or every POST of JSON, but for what changes from request to request.
/// Thread safety: distinct objects: safe; shared: safe.
class request_template {
public:
    /// `throttle_priority` is the value of x-ms-throttle-priority, `accept_encoding` that of Accept-Encoding;
    /// empty for none.
    /// Preconditions: `is_field_value` for `user_agent`, and for the others unless they are empty.
    request_template(
        origin const& to, std::string_view user_agent, std::string_view throttle_priority = {},
        std::string_view accept_encoding = {});

    /// The same for POSTs of application/json.
    static request_template
    post(origin const& to, std::string_view user_agent, std::string_view throttle_priority = {});

    /// Replaces `out` by a request for `target`, which only a POST has `content` for. Allocates only to grow
    /// `out`, which the caller wipes in the end because it holds the token. Preconditions: `target` is in
    /// origin form; `is_bearer_token(bearer_token)`; `is_field_value(client_request_id)`, and also for
    /// `traceparent` (W3C Trace Context) unless it is empty.
    void write(
        std::string& out, std::string_view target, std::string_view bearer_token,
        std::string_view client_request_id, std::string_view traceparent = {},
        std::string_view content = {}) const;

private:
    std::string_view method_;
    std::string after_target_; ///< up to the token
};

/// A field of a request.
struct request_field {
    std::string_view name;
    std::string_view value;
};

/// A GET of `target` with `fields` beside the usual ones. The caller wipes it when a field is a secret; no
/// other copy of their values is left behind.
/// Preconditions: `target` is in origin form; `is_field_value` for `user_agent` and the values of `fields`.
std::string write_get(
    origin const& to, std::string_view target, std::string_view user_agent,
    std::span<request_field const> fields);

/// A POST to `to.base_path`, as a token endpoint takes it. The caller wipes it when the body is a secret; no
/// other copy of the body is left behind.
/// Preconditions: `is_field_value` for `content_type` and `user_agent`.
std::string write_post(
    origin const& to, std::string_view content_type, std::string_view body, std::string_view user_agent);

/// A CONNECT to `target`, "HOST:PORT" (RFC 9110 section 9.3.6). `proxy_authorization` is the value of that
/// field, empty for none. The caller wipes it; no other copy of that value is left behind.
/// Preconditions: `is_field_value` for all three unless empty.
std::string
write_connect(std::string_view target, std::string_view user_agent, std::string_view proxy_authorization);

}
