#pragma once

#include "peers/job.hpp"

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

/// What the programs need that use OpenSSL with nothing around it. All end the program where they fail.
namespace bench {

struct free_tls {
    void operator()(SSL_CTX* value) const noexcept { SSL_CTX_free(value); }
    void operator()(SSL* value) const noexcept { SSL_free(value); }
    void operator()(SSL_SESSION* value) const noexcept { SSL_SESSION_free(value); }
};
using tls_ptr = std::unique_ptr<SSL, free_tls>;

/// A connected, blocking socket, without Nagle's delays.
int connect_to(job const& of);

/// TLS 1.3 that verifies the server and its name.
std::unique_ptr<SSL_CTX, free_tls> make_context(job const& of);

/// `session`: one to resume, or null.
tls_ptr handshake(int socket, SSL_CTX* context, job const& of, SSL_SESSION* session = nullptr);

std::string request_for(job const& of, std::string_view id);

/// The size of the whole answer, from its header; 0 while that is not complete.
std::size_t size_from(std::string_view answer);

}
