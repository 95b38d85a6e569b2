#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>
#include <vector>

namespace allot::simulation {

struct ssl_context_deleter {
    void operator()(SSL_CTX* value) const noexcept;
};
using ssl_context = std::unique_ptr<SSL_CTX, ssl_context_deleter>;

/// A TLS server's context, and the one root its certificate can be verified with.
struct server_identity {
    ssl_context context;
    std::string ca_pem;
};

/// Makes a certificate authority and a server certificate of it (EC P-256), both only for this run: the
/// authority's key is gone when this returns. They keep to RFC 5280 as X509_V_FLAG_X509_STRICT checks it.
/// The context speaks TLS 1.2 and 1.3, HTTP/1.1 by ALPN, and issues session tickets.
/// `names`: host names and IP addresses for the subject alternative name.
/// Throws std::runtime_error with OpenSSL's reason.
server_identity make_server_identity(std::vector<std::string> const& names);

}
