// The physical limit: a loop of SSL_write and SSL_read on non-blocking sockets, which decodes nothing.
#include "peers/job.hpp"
#include "peers/stopwatch.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

struct free_ssl {
    void operator()(SSL_CTX* value) const noexcept { SSL_CTX_free(value); }
    void operator()(SSL* value) const noexcept { SSL_free(value); }
};

struct connection {
    int socket = -1;
    std::unique_ptr<SSL, free_ssl> tls;
    std::array<char, 16 * 1024> answer;
    std::size_t size = 0; ///< of the part of an answer that is there
};

int connect_to(bench::job const& job) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(job.host.c_str(), job.port.c_str(), &hints, &found) != 0)
        bench::give_up("no address of " + job.host);
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
        bench::give_up("nobody listens at " + job.url);
    int const on = 1;
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return made;
}

std::unique_ptr<SSL_CTX, free_ssl> make_context(bench::job const& job) {
    std::unique_ptr<SSL_CTX, free_ssl> made(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(made.get(), TLS1_3_VERSION);
    SSL_CTX_set_verify(made.get(), SSL_VERIFY_PEER, nullptr);
    if (SSL_CTX_load_verify_file(made.get(), job.ca_file.c_str()) != 1)
        bench::give_up("no certificates in " + job.ca_file);
    SSL_CTX_set_read_ahead(made.get(), 1); // one read for a record, not two
    return made;
}

void open(connection& one, SSL_CTX* context, bench::job const& job) {
    one.socket = connect_to(job);
    one.tls.reset(SSL_new(context));
    SSL_set_tlsext_host_name(one.tls.get(), job.host.c_str());
    SSL_set1_host(one.tls.get(), job.host.c_str());
    SSL_set_fd(one.tls.get(), one.socket);
    if (SSL_connect(one.tls.get()) != 1)
        bench::give_up("no TLS with the server");
    fcntl(one.socket, F_SETFL, fcntl(one.socket, F_GETFL) | O_NONBLOCK);
}

std::string request_for(bench::job const& job, std::string_view id) {
    return "GET " + bench::target_of(id) + " HTTP/1.1\r\nHost: " + job.host + ":" + job.port +
           "\r\nUser-Agent: bench\r\nAccept: application/json\r\nPrefer: include-unknown-enum-members"
           "\r\nAuthorization: Bearer " +
           job.token + "\r\nclient-request-id: 00000000-0000-4000-8000-000000000000\r\n\r\n";
}

void send(connection& one, std::string_view request) {
    one.size = 0;
    if (SSL_write(one.tls.get(), request.data(), static_cast<int>(request.size())) <= 0)
        bench::give_up("a request of a few hundred bytes could not be sent at once");
}

/// The size of the whole answer, from its header; 0 while that is not complete.
std::size_t size_from(std::string_view answer) {
    constexpr std::string_view name = "\r\nContent-Length: ";
    auto const end = answer.find("\r\n\r\n");
    auto const field = answer.find(name);
    if (end == std::string_view::npos || field > end)
        return 0;
    return end + 4 + std::stoul(std::string(answer.substr(field + name.size(), 10)));
}

/// Reads what is there. True: an answer is complete, and as all of them.
bool receive(connection& one, std::size_t& size_of_answer) {
    while (true) {
        auto const got = SSL_read(
            one.tls.get(), one.answer.data() + one.size, static_cast<int>(one.answer.size() - one.size));
        if (got <= 0) {
            if (SSL_get_error(one.tls.get(), got) == SSL_ERROR_WANT_READ)
                return false;
            bench::give_up("the server closed a connection");
        }
        one.size += static_cast<std::size_t>(got);
        std::string_view const answer(one.answer.data(), one.size);
        if (size_of_answer == 0)
            size_of_answer = size_from(answer);
        if (one.size == size_of_answer && answer.starts_with("HTTP/1.1 200"))
            return true;
        if (one.size >= size_of_answer && size_of_answer != 0)
            bench::give_up("an answer unlike the first one: " + std::string(answer.substr(0, 200)));
    }
}

}

int main(int argc, char** argv) {
    auto const job = bench::read_job(argc, argv);
    auto const context = make_context(job);
    std::vector<std::string> requests;
    for (auto const& id : bench::assignment_ids())
        requests.push_back(request_for(job, id));
    std::vector<connection> connections(job.connections);
    auto const watched = epoll_create1(EPOLL_CLOEXEC);
    for (auto& each : connections) {
        open(each, context.get(), job);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = &each;
        epoll_ctl(watched, EPOLL_CTL_ADD, each.socket, &event);
    }
    bench::stopwatch watch(job);
    std::size_t asked = 0;
    std::size_t size_of_answer = 0;
    for (auto& each : connections)
        send(each, requests[asked++ % requests.size()]);
    std::array<epoll_event, 128> events;
    while (!watch.over()) {
        auto const count = epoll_wait(watched, events.data(), static_cast<int>(events.size()), -1);
        for (int at = 0; at < count; ++at) {
            auto& one = *static_cast<connection*>(events[static_cast<std::size_t>(at)].data.ptr);
            if (receive(one, size_of_answer)) {
                watch.answered();
                send(one, requests[asked++ % requests.size()]);
            }
        }
    }
    watch.print();
}
