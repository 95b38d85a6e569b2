// The physical limit: a loop of SSL_write and SSL_read on non-blocking sockets, which decodes nothing.
#include "peers/bare_tls.hpp"
#include "peers/job.hpp"
#include "peers/stopwatch.hpp"

#include <openssl/ssl.h>

#include <array>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <vector>

namespace {

struct connection {
    int socket = -1;
    bench::tls_ptr tls;
    std::array<char, 16 * 1024> answer;
    std::size_t size = 0; ///< of the part of an answer that is there
};

void open(connection& one, SSL_CTX* context, bench::job const& job) {
    one.socket = bench::connect_to(job);
    one.tls = bench::handshake(one.socket, context, job);
    fcntl(one.socket, F_SETFL, fcntl(one.socket, F_GETFL) | O_NONBLOCK);
}

void send(connection& one, std::string_view request) {
    one.size = 0;
    if (SSL_write(one.tls.get(), request.data(), static_cast<int>(request.size())) <= 0)
        bench::give_up("a request of a few hundred bytes could not be sent at once");
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
            size_of_answer = bench::size_from(answer);
        if (one.size == size_of_answer && answer.starts_with("HTTP/1.1 200"))
            return true;
        if (one.size >= size_of_answer && size_of_answer != 0)
            bench::give_up("an answer unlike the first one: " + std::string(answer.substr(0, 200)));
    }
}

}

int main(int argc, char** argv) {
    auto const job = bench::read_job(argc, argv);
    auto const context = bench::make_context(job);
    std::vector<std::string> requests;
    for (auto const& id : bench::assignment_ids())
        requests.push_back(bench::request_for(job, id));
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
