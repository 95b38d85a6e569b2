#include "peers/bare_tls.hpp"

#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

int connect_to(job const& of) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(of.host.c_str(), of.port.c_str(), &hints, &found) != 0)
        give_up("no address of " + of.host);
    int made = -1;
    for (auto each = found; each && made < 0; each = each->ai_next) {
        made = socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC, each->ai_protocol);
        if (made >= 0 && connect(made, each->ai_addr, each->ai_addrlen) != 0) {
            close(made);
            made = -1;
        }
    }
    freeaddrinfo(found);
    if (made < 0)
        give_up("nobody listens at " + of.url);
    int const on = 1;
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return made;
}

std::unique_ptr<SSL_CTX, free_tls> make_context(job const& of) {
    std::unique_ptr<SSL_CTX, free_tls> made(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(made.get(), TLS1_3_VERSION);
    SSL_CTX_set_verify(made.get(), SSL_VERIFY_PEER, nullptr);
    if (SSL_CTX_load_verify_file(made.get(), of.ca_file.c_str()) != 1)
        give_up("no certificates in " + of.ca_file);
    SSL_CTX_set_read_ahead(made.get(), 1); // one read for a record, not two
    return made;
}

tls_ptr handshake(int socket, SSL_CTX* context, job const& of, SSL_SESSION* session) {
    tls_ptr made(SSL_new(context));
    SSL_set_tlsext_host_name(made.get(), of.host.c_str());
    SSL_set1_host(made.get(), of.host.c_str());
    SSL_set_fd(made.get(), socket);
    if (session)
        SSL_set_session(made.get(), session);
    if (SSL_connect(made.get()) != 1)
        give_up("no TLS with the server");
    return made;
}

std::string request_for(job const& of, std::string_view id) {
    return "GET " + target_of(id) + " HTTP/1.1\r\nHost: " + of.host + ":" + of.port +
           "\r\nUser-Agent: bench\r\nAccept: application/json\r\nPrefer: include-unknown-enum-members"
           "\r\nAuthorization: Bearer " +
           of.token + "\r\nclient-request-id: 00000000-0000-4000-8000-000000000000\r\n\r\n";
}

std::size_t size_from(std::string_view answer) {
    constexpr std::string_view name = "\r\nContent-Length: ";
    auto const end = answer.find("\r\n\r\n");
    auto const field = answer.find(name);
    if (end == std::string_view::npos || field > end)
        return 0;
    return end + 4 + std::stoul(std::string(answer.substr(field + name.size(), 10)));
}

}
