#include "guard_meter/static_server.hpp"

#include <openssl/err.h>

#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace guard {

namespace {

void expect(bool done, char const* what) {
    if (!done)
        throw std::system_error(errno, std::generic_category(), what);
}

void expect_tls(bool done, char const* what) {
    if (!done)
        throw std::runtime_error(std::string(what) + ": OpenSSL error " + std::to_string(ERR_peek_error()));
}

constexpr std::string_view end_of_fields = "\r\n\r\n";

}

static_server::static_server(
    std::string const& certificate_file, std::string const& key_file, std::string answer) :
    answer_(std::move(answer)),
    context_(SSL_CTX_new(TLS_server_method())) {
    auto* const tls = context_.get();
    expect_tls(
        tls != nullptr && SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION) == 1 &&
            SSL_CTX_use_certificate_chain_file(tls, certificate_file.c_str()) == 1 &&
            SSL_CTX_use_PrivateKey_file(tls, key_file.c_str(), SSL_FILETYPE_PEM) == 1,
        "setting up the server");
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    expect(listener_ >= 0, "socket");
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof name;
    expect(::bind(listener_, reinterpret_cast<sockaddr*>(&name), size) == 0, "bind");
    expect(::listen(listener_, SOMAXCONN) == 0, "listen");
    expect(::getsockname(listener_, reinterpret_cast<sockaddr*>(&name), &size) == 0, "getsockname");
    port_ = ntohs(name.sin_port);
}

static_server::~static_server() {
    for (auto const& each : peers_)
        ::close(each.socket);
    if (listener_ >= 0)
        ::close(listener_);
}

void static_server::work(int client) {
    for (;;) {
        std::vector<pollfd> watched{{client, POLLIN, 0}, {listener_, POLLIN, 0}};
        for (auto const& each : peers_)
            watched.push_back({each.socket, POLLIN, 0});
        // Everything of the server first, so that the client finds all its answers at once.
        bool const idle = ::poll(watched.data() + 1, watched.size() - 1, 0) == 0;
        if (idle) {
            if (::poll(watched.data(), 1, 0) == 1)
                return;
            ::poll(watched.data(), watched.size(), -1);
            continue;
        }
        for (auto at = peers_.size(); at-- != 0;)
            if (watched[at + 2].revents != 0 && !serve(peers_[at])) {
                ::close(peers_[at].socket);
                peers_.erase(peers_.begin() + static_cast<std::ptrdiff_t>(at));
            }
        if (watched[1].revents != 0)
            accept_all();
    }
}

void static_server::accept_all() {
    for (;;) {
        auto const socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket < 0)
            return;
        int const on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        peer made{socket, std::unique_ptr<SSL, ssl_deleter>(SSL_new(context_.get())), {}};
        expect_tls(made.tls != nullptr && SSL_set_fd(made.tls.get(), socket) == 1, "a connection");
        SSL_set_accept_state(made.tls.get());
        peers_.push_back(std::move(made));
    }
}

bool static_server::serve(peer& one) {
    std::array<char, 4096> room;
    for (;;) {
        ERR_clear_error();
        auto const size = SSL_read(one.tls.get(), room.data(), static_cast<int>(room.size()));
        if (size <= 0)
            return SSL_get_error(one.tls.get(), size) == SSL_ERROR_WANT_READ;
        one.received.append(room.data(), static_cast<std::size_t>(size));
        for (;;) {
            auto const end = one.received.find(end_of_fields);
            if (end == std::string::npos)
                break;
            one.received.erase(0, end + end_of_fields.size());
            auto const sent = SSL_write(one.tls.get(), answer_.data(), static_cast<int>(answer_.size()));
            expect_tls(sent == static_cast<int>(answer_.size()), "sending an answer");
        }
    }
}

}
