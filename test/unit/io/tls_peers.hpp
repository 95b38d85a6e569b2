#pragma once

#include "io/tls_engine.hpp"
#include "support/test_ca.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/err.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace allot::test {

inline constexpr std::string_view host = "graph.example";
inline constexpr std::size_t whole = std::numeric_limits<std::size_t>::max();

inline std::shared_ptr<tls_context const> trusting(certificate const& root) {
    temporary_folder const folder;
    return tls_context::make_client(root.write(folder.path(), "root")).value();
}

/// What most cases share; made once, because keys take time.
struct authority {
    test_ca root;
    std::shared_ptr<tls_context const> context = trusting(root.self());
    lending_stack<tls_buffers> buffers{4};
    certificate good =
        root.issue({.alternative_names = "DNS:graph.example,DNS:*.wild.example,IP:127.0.0.1,IP:::1"});

    static authority& get() {
        static authority instance;
        return instance;
    }
};

struct server_deleter {
    void operator()(SSL_CTX* value) const noexcept { SSL_CTX_free(value); }
    void operator()(SSL* value) const noexcept { SSL_free(value); }
};
using server_context = std::unique_ptr<SSL_CTX, server_deleter>;

inline server_context serving(certificate const& identity, int version = 0) {
    server_context out(SSL_CTX_new(TLS_server_method()));
    // Weak keys and versions are for the client to refuse.
    SSL_CTX_set_security_level(out.get(), 0);
    SSL_CTX_set_cipher_list(out.get(), "ALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(out.get(), version);
    SSL_CTX_set_max_proto_version(out.get(), version);
    SSL_CTX_use_certificate(out.get(), identity.x509.get());
    SSL_CTX_use_PrivateKey(out.get(), identity.key.get());
    for (auto const& above : identity.chain)
        SSL_CTX_add1_chain_cert(out.get(), above.get());
    BOOST_TEST_REQUIRE(ERR_peek_error() == 0u);
    return out;
}

/// The server's end, OpenSSL on memory.
class tls_server {
public:
    explicit tls_server(server_context const& context) : ssl_(SSL_new(context.get())) {
        SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_accept_state(ssl_.get());
    }

    SSL* native() const { return ssl_.get(); }
    bool secured() const { return SSL_is_init_finished(ssl_.get()) == 1; }

    /// Takes bytes in and goes on as far as they allow.
    void feed(std::span<char const> bytes) {
        BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
        char buffer[4096];
        std::size_t size = 0;
        while (SSL_read_ex(ssl_.get(), buffer, sizeof(buffer), &size) == 1)
            received.append(buffer, size);
        ERR_clear_error();
    }

    void write(std::string_view text) {
        std::size_t size = 0;
        BOOST_TEST_REQUIRE(SSL_write_ex(ssl_.get(), text.data(), text.size(), &size) == 1);
    }

    std::string take_output() {
        std::string out(BIO_ctrl_pending(SSL_get_wbio(ssl_.get())), '\0');
        BIO_read(SSL_get_wbio(ssl_.get()), out.data(), static_cast<int>(out.size()));
        return out;
    }

    std::string received;

private:
    std::unique_ptr<SSL, server_deleter> ssl_;
};

inline void flush(tls_engine& client, tls_server& server) {
    auto const output = client.output();
    server.feed(output);
    client.consume_output(output.size());
}

/// Feeds the client piece by piece and calls `step` after each; answers its first status but `need_input`.
inline tls_status
feed(tls_engine& client, std::string_view bytes, std::size_t piece, std::function<tls_status()> const& step) {
    while (!bytes.empty()) {
        auto const room = client.input_room();
        BOOST_TEST_REQUIRE(!room.empty());
        auto const size = std::min({piece, room.size(), bytes.size()});
        std::memcpy(room.data(), bytes.data(), size);
        client.commit_input(size);
        bytes.remove_prefix(size);
        auto const status = step();
        if (status != tls_status::need_input) {
            BOOST_TEST_REQUIRE(bytes.empty());
            return status;
        }
    }
    return tls_status::need_input;
}

inline tls_status shake_hands(tls_engine& client, tls_server& server, std::size_t piece = whole) {
    auto status = client.handshake();
    while (status == tls_status::need_input) {
        flush(client, server);
        auto const answer = server.take_output();
        BOOST_TEST_REQUIRE(!answer.empty());
        status = feed(client, answer, piece, [&] { return client.handshake(); });
    }
    flush(client, server);
    return status;
}

/// Reads what the server has sent, up to the status that ends it.
inline tls_status
receive(tls_engine& client, std::string_view bytes, std::size_t piece, std::string& received) {
    auto const status = feed(client, bytes, piece, [&] {
        char buffer[1000];
        std::size_t size = 0;
        auto now = tls_status::ok;
        while ((now = client.read(buffer, size)) == tls_status::ok)
            received.append(buffer, size);
        return now;
    });
    BOOST_TEST(ERR_peek_error() == 0u);
    return status;
}

inline tls_status write(tls_engine& client, std::string_view text) {
    return client.write(std::span(text));
}

/// A client and a server that have shaken hands.
struct tls_pair {
    explicit tls_pair(int version = 0, tls_session const& resume = nullptr) :
        tls_pair(serving(authority::get().good, version), resume) {}
    explicit tls_pair(server_context context, tls_session const& resume = nullptr) :
        server(context),
        client(*authority::get().context, authority::get().buffers, std::string(host), resume) {
        BOOST_TEST_REQUIRE((shake_hands(client, server) == tls_status::ok), client.error_text());
        BOOST_TEST_REQUIRE(server.secured());
    }

    tls_status receive(std::string& received, std::size_t piece = whole) {
        return test::receive(client, server.take_output(), piece, received);
    }
    tls_status receive() {
        std::string ignored;
        return receive(ignored);
    }

    tls_server server;
    tls_engine client;
};

}
