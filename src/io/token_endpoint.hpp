#pragma once

#include "io/proxy_route.hpp"
#include "io/tls_context.hpp"
#include "io/token_form.hpp"
#include "protocol/target.hpp"

#include <allot/credential.hpp>
#include <allot/transport.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace allot {

/// What is fixed in use and differs in tests.
struct token_endpoint_limits {
    std::chrono::milliseconds request_timeout{30'000}; ///< from the first byte sent to the last of the answer
    std::chrono::milliseconds total{60'000};           ///< all attempts and the waits between them
};

/// An OAuth 2.0 token endpoint (RFC 6749 section 3.2), each request on a connection of its own.
/// Thread safety: distinct objects: safe; shared: safe.
class token_endpoint {
public:
    /// Errors: `errc::invalid_params`.
    static result<token_endpoint> make(
        std::string const& url, transport_params transport,
        token_endpoint_limits limits = token_endpoint_limits());

    /// Makes the form of one attempt; runs on the executor of the operation. A failure ends the request.
    using form_maker = std::function<result<secret>()>;

    /// Posts a form and reads the token; tries again with another form when the cause can pass, 4 times at
    /// most, and no more once `token_endpoint_limits::total` is over or would be before the next attempt;
    /// `failure::retry_at` is when the endpoint wants to be asked again, if it said so. `tried` names the
    /// credential in messages: "client secret of 1111...". Forms are wiped. Lifetimes: this object, and what
    /// `make_form` refers to, outlive the operation. Cancellation and errors: as
    /// `token_credential::fetch_token`; `failure::graph_code` is the OAuth error.
    boost::asio::awaitable<result<access_token>> request(std::string tried, form_maker make_form) const;

    /// "https://host/path", for messages.
    std::string url() const;

    /// What decides whom it reaches and trusts: endpoints of one URL that differ in it are different ones.
    std::string route() const;

private:
    token_endpoint(
        origin where, transport_params transport, std::shared_ptr<tls_context const> tls,
        std::shared_ptr<proxy_route const> proxy, token_endpoint_limits limits);

    origin where_;
    transport_params transport_;
    std::shared_ptr<tls_context const> tls_;
    std::shared_ptr<proxy_route const> proxy_;
    token_endpoint_limits limits_;
};

}
