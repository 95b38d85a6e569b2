#pragma once

#include "protocol/http_response.hpp"

#include <allot/failure.hpp>
#include <allot/secret.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace allot {

/// What came to pass.
enum class proxy_news {
    begun,     ///< the connection to the proxy stands
    sent,      ///< all of the request is on its way
    received,  ///< bytes are in the room
    ended,     ///< the proxy closed the connection
    broken,    ///< the connection broke
    timed_out, ///< the deadline passed
    cancelled, ///< nobody wants a tunnel any more
};

struct proxy_event {
    proxy_news news = proxy_news::begun;
    std::size_t size = 0; ///< of `received`, at least 1
    error_code why;       ///< of `broken`
};

/// What to do next.
enum class proxy_step {
    send,    ///< send `request()`
    receive, ///< read into `room()`
    open,    ///< the tunnel stands: what is sent from now on goes to the target
    failed,  ///< close the connection; `reason()` says why
};

/// Asks an HTTP proxy for a tunnel (CONNECT, RFC 9110 section 9.3.6): one request, one answer. Credentials
/// are sent at once, so that no answer of the proxy makes anything else be sent. Any 2xx opens the tunnel, if
/// no byte came with it that is not the proxy's; no answer's body is read. 407 and 403 are final, and
/// whatever else cannot pass; 408, 429, 500, 502, 503 and 504, broken answers and connections are not.
/// Messages repeat nothing that the proxy said but its status, and schemes of authentication that are known.
/// Thread safety: distinct objects: safe; shared: unsafe.
class proxy_connect_state {
public:
    /// `proxy` and `target` are "HOST:PORT". `authorization` is the value of Proxy-Authorization, empty for
    /// none. Preconditions: as `write_connect`.
    proxy_connect_state(
        std::string proxy, std::string target, std::string_view user_agent, secret const& authorization);

    /// The first event is `begun`. After the end nothing changes, and the last step is returned again.
    proxy_step resume(proxy_event const& event);

    std::string_view request() const noexcept { return request_.reveal(); }

    std::span<char> room() { return reader_.prepare(); }

    /// `errc::proxy_refused`, `connect_failed`, `connection_lost`, `malformed_response`,
    /// `response_too_large`, `timed_out` or `cancelled`; the message names proxy, target and way out.
    /// Preconditions: `failed`.
    failure const& reason() const noexcept { return reason_; }

private:
    proxy_step take_answer(read_status status);
    proxy_step judge();
    proxy_step fail(error_code code, std::string_view why, error_code cause = {});
    std::string sign_in_advice() const;

    std::string proxy_;
    std::string target_;
    bool authorized_;
    secret request_;
    response_reader reader_;
    proxy_step step_ = proxy_step::send;
    failure reason_;
};

}
