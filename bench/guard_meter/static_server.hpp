#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace guard {

/// A TLS 1.3 server on a loopback port that gives the same answer to each request. It has no thread: it works
/// when it is told to, so that what client and server do has one order.
class static_server {
public:
    /// PEM files, and the whole answer to each GET.
    static_server(std::string const& certificate_file, std::string const& key_file, std::string answer);
    static_server(static_server const&) = delete;
    static_server& operator=(static_server const&) = delete;
    ~static_server();

    std::uint16_t port() const noexcept { return port_; }

    /// Answers all that has come, until the client has something to do: `client`, a descriptor, is readable.
    void work(int client);

private:
    struct ssl_deleter {
        void operator()(SSL* value) const noexcept { SSL_free(value); }
        void operator()(SSL_CTX* value) const noexcept { SSL_CTX_free(value); }
    };
    struct peer {
        int socket;
        std::unique_ptr<SSL, ssl_deleter> tls;
        std::string received;
    };

    void accept_all();
    /// False when the connection has ended.
    bool serve(peer& one);

    std::string answer_;
    std::unique_ptr<SSL_CTX, ssl_deleter> context_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::vector<peer> peers_;
};

}
