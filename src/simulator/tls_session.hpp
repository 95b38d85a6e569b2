#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace allot::simulation {

/// The server's side of one TLS connection on buffers: ciphertext goes in and comes out, no socket. The
/// handshake happens along with the first reads.
/// Lifetimes: the context outlives it. Thread safety: distinct objects: safe; shared: unsafe.
class tls_session {
public:
    enum class status {
        ready, ///< bytes were read
        more,  ///< ciphertext is needed; what is to be sent has to be sent first
        ended, ///< the peer has sent close_notify
        failed,
    };
    struct progress {
        status state;
        std::size_t size = 0;
    };

    /// Throws std::bad_alloc.
    explicit tls_session(SSL_CTX* context);

    void feed(std::span<char const> ciphertext);
    progress read(std::span<char> plaintext);
    /// Encrypts all of it. False when the session is broken or the handshake not done.
    bool write(std::string_view plaintext);
    void close_notify();

    /// Ciphertext that waits to be sent; valid until the next call of another member.
    std::span<char const> outgoing() const;
    /// Everything of `outgoing` was sent.
    void sent();

    bool established() const noexcept;
    bool resumed() const noexcept;

private:
    struct deleter {
        void operator()(SSL* value) const noexcept;
    };
    std::unique_ptr<SSL, deleter> ssl_;
    BIO* in_;
    BIO* out_;
};

}
