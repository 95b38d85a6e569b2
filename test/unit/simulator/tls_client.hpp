#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>

namespace allot::simulation {

/// A blocking TLS client with nothing of the product in it. It trusts one CA file and checks certificates
/// strictly. Reads give up after ten seconds.
class tls_client {
public:
    /// How the peer ended the connection.
    enum class end { open, close_notify, truncated, reset };

    tls_client(
        std::uint16_t port, std::string const& ca_file, std::string const& host,
        SSL_SESSION* resume = nullptr) {
        context_.reset(SSL_CTX_new(TLS_client_method()));
        must(SSL_CTX_load_verify_file(context_.get(), ca_file.c_str()) == 1, "load the CA");
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, nullptr);
        auto* const rules = SSL_get0_param(ssl_.get());
        X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT);
        X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
        if (X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) != 1)
            must(X509_VERIFY_PARAM_set1_host(rules, host.c_str(), 0) == 1, "set the host");
        if (resume != nullptr)
            SSL_set_session(ssl_.get(), resume);
        connect(port);
        SSL_set_fd(ssl_.get(), socket_);
        must(SSL_connect(ssl_.get()) == 1, "shake hands");
    }
    ~tls_client() { ::close(socket_); }
    tls_client(tls_client const&) = delete;
    tls_client& operator=(tls_client const&) = delete;

    void write(std::string_view bytes) {
        must(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0, "write");
    }

    /// One piece of what comes; empty at the end, whose kind `how` tells then.
    std::string read() {
        char buffer[4096];
        ERR_clear_error();
        auto const size = SSL_read(ssl_.get(), buffer, sizeof buffer);
        if (size > 0)
            return {buffer, static_cast<std::size_t>(size)};
        auto const saved = errno;
        auto const error = SSL_get_error(ssl_.get(), size);
        if (error == SSL_ERROR_ZERO_RETURN)
            how_ = end::close_notify;
        else if (
            error == SSL_ERROR_SSL && ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
            how_ = end::truncated;
        else if (error == SSL_ERROR_SYSCALL && saved == ECONNRESET)
            how_ = end::reset;
        else
            throw std::runtime_error("read failed or timed out");
        return {};
    }

    /// Everything up to the end of the connection.
    std::string read_all() {
        std::string out;
        for (auto part = read(); !part.empty(); part = read())
            out += part;
        return out;
    }

    /// One answer with Content-Length; nothing may follow it.
    std::string read_answer() {
        std::string out;
        for (;;) {
            auto const head = out.find("\r\n\r\n");
            auto const length = out.find("Content-Length: ");
            if (head != std::string::npos && length < head &&
                out.size() >= head + 4 + std::stoul(out.substr(length + 16)))
                return out;
            auto const part = read();
            if (part.empty())
                throw std::runtime_error("the answer ends too soon: " + out);
            out += part;
        }
    }

    end how() const noexcept { return how_; }
    bool resumed() const noexcept { return SSL_session_reused(ssl_.get()) == 1; }
    std::unique_ptr<SSL_SESSION, void (*)(SSL_SESSION*)> session() const {
        return {SSL_get1_session(ssl_.get()), SSL_SESSION_free};
    }

private:
    static void must(bool done, char const* what) {
        if (!done)
            throw std::runtime_error(std::string("cannot ") + what);
    }

    void connect(std::uint16_t port) {
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        timeval const limit{10, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        must(::connect(socket_, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0, "connect");
    }

    struct context_deleter {
        void operator()(SSL_CTX* value) const noexcept { SSL_CTX_free(value); }
    };
    struct ssl_deleter {
        void operator()(SSL* value) const noexcept { SSL_free(value); }
    };

    std::unique_ptr<SSL_CTX, context_deleter> context_;
    std::unique_ptr<SSL, ssl_deleter> ssl_;
    int socket_ = -1;
    end how_ = end::open;
};

}
