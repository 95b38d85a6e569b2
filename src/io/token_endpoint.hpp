#pragma once

#include "io/tls_context.hpp"
#include "protocol/target.hpp"

#include <allot/credential.hpp>
#include <allot/transport.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace allot {

/// An OAuth 2.0 token endpoint (RFC 6749 section 3.2), each request on a connection of its own.
/// Thread safety: distinct objects: safe; shared: safe.
class token_endpoint {
public:
    /// Errors: `errc::invalid_params`.
    static result<token_endpoint> make(std::string const& url, transport_params transport);

    /// Posts a form and reads the token; tries again when the cause can pass, 4 times at most. The form is
    /// wiped. Lifetimes: this object outlives the operation.
    /// Cancellation and errors: as `token_credential::fetch_token`.
    boost::asio::awaitable<result<access_token>> request(secret form) const;

    /// "https://host/path", for messages.
    std::string url() const;

private:
    token_endpoint(origin where, transport_params transport, std::shared_ptr<tls_context const> tls);

    origin where_;
    transport_params transport_;
    std::shared_ptr<tls_context const> tls_;
};

/// Fields as application/x-www-form-urlencoded.
secret encode_form(std::vector<std::pair<std::string_view, std::string_view>> const& fields);

}
