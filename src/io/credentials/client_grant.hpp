#pragma once

#include "io/token_endpoint.hpp"

#include <allot/credential.hpp>
#include <allot/transport.hpp>

#include <string>
#include <string_view>

namespace allot {

/// What the sources of the client credentials grant (RFC 6749 section 4.4) have in common: who asks, where,
/// and for what. Thread safety: distinct objects: safe; shared: safe.
class client_grant {
public:
    /// `source` in words: "client secret". Errors: `errc::invalid_params` for a bad URL or an empty id.
    static result<client_grant>
    make(std::string source, std::string const& token_url, std::string client_id, transport_params transport);

    /// The failure for a parameter that must not be empty.
    static failure missing(std::string const& parameter, std::string const& source);

    std::string const& client_id() const noexcept { return client_id_; }
    std::string url() const { return endpoint_.url(); }

    /// "client secret of 1111..."; with `detail` "client secret DETAIL of 1111...".
    std::string tried(std::string const& detail = {}) const;
    std::string description() const { return tried() + " at " + url(); }
    /// `proof` is what makes this client different from another of the same id at the same place, reached in
    /// the same way.
    std::string cache_key(std::string_view proof) const;
    std::string throttle_key() const;

    /// The forms. `assertion` is a JWT (RFC 7523 section 2.2).
    secret form_with_secret(token_request const& request, std::string_view client_secret) const;
    secret form_with_assertion(token_request const& request, std::string_view assertion) const;

    /// As `token_endpoint::request`; this object outlives the operation.
    boost::asio::awaitable<result<access_token>>
    request(std::string tried_text, token_endpoint::form_maker make_form) const {
        return endpoint_.request(std::move(tried_text), std::move(make_form));
    }

private:
    using field = std::pair<std::string_view, std::string_view>;

    client_grant(std::string source, token_endpoint endpoint, std::string client_id);

    secret form(token_request const& request, std::vector<field> const& proof) const;

    std::string source_;
    token_endpoint endpoint_;
    std::string client_id_;
};

}
