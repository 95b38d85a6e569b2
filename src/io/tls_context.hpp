#pragma once

#include <allot/failure.hpp>

#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <string>

namespace allot {

struct tls_session_deleter {
    void operator()(SSL_SESSION* value) const noexcept { SSL_SESSION_free(value); }
};

/// What a later connection to the same server resumes; null for none.
using tls_session = std::unique_ptr<SSL_SESSION, tls_session_deleter>;

/// Whether a connection that begins at `now` may resume the session. A server that is resumed with shows no
/// certificate, so the session ends no later than the one by which that server was verified.
bool is_usable(tls_session const& session, std::chrono::system_clock::time_point now) noexcept;

/// What OpenSSL tells while a connection lives: the `SSL_get_app_data` of every SSL made from a
/// `tls_context`.
struct tls_notes {
    tls_session newest_session;
    std::string rejected_certificate; ///< subject and issuer, safe to print; empty when none was rejected
};

/// Whether OpenSSL overwrites what a peer sent once it has handed it over. That takes a hundredth of the time
/// of a request, which answers without secrets need not pay.
enum class tls_answers { open, secret };

/// What all TLS connections to one set of servers share: the roots that are trusted, and the rules.
/// TLS 1.2 or newer; security level 2; the server's certificate is always verified, by the strict rules of
/// RFC 5280 and up to a root; no renegotiation, no compression. Nothing weakens it, OpenSSL's configuration
/// file included; that can be stricter. Thread safety: distinct objects: safe; shared: safe.
class tls_context {
public:
    /// Trusts the certificates of the PEM file `ca_file`, or, when it is empty, the system's roots.
    /// Errors: `errc::invalid_params` when the file cannot be read or holds no certificate; the message names
    /// the file and OpenSSL's reason.
    static result<std::shared_ptr<tls_context const>>
    make_client(std::string const& ca_file, tls_answers answers = tls_answers::open);

    /// For `SSL_new`, which takes a share in it.
    SSL_CTX* native() const noexcept { return context_.get(); }

private:
    struct deleter {
        void operator()(SSL_CTX* value) const noexcept { SSL_CTX_free(value); }
    };

    tls_context();

    std::unique_ptr<SSL_CTX, deleter> context_;
};

/// What OpenSSL noted on this thread, or none: the first error of its TLS part, else the first of all. Clears
/// all.
error_code take_openssl_error() noexcept;

}
