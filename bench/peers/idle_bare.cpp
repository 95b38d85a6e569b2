// What a connection takes that has carried an exchange and waits for the next: OpenSSL alone.
#include "peers/bare_tls.hpp"
#include "peers/idle.hpp"
#include "peers/job.hpp"

#include <array>
#include <string>
#include <vector>

namespace {

bench::tls_ptr open_and_use(SSL_CTX* context, bench::job const& job, std::string const& request) {
    auto made = bench::handshake(bench::connect_to(job), context, job);
    if (SSL_write(made.get(), request.data(), static_cast<int>(request.size())) <= 0)
        bench::give_up("a request could not be sent");
    std::string answer;
    std::array<char, 16 * 1024> room;
    do {
        auto const size = SSL_read(made.get(), room.data(), static_cast<int>(room.size()));
        if (size <= 0)
            bench::give_up("the server closed a connection");
        answer.append(room.data(), static_cast<std::size_t>(size));
    } while (answer.size() != bench::size_from(answer));
    return made;
}

}

int main(int argc, char** argv) {
    auto const job = bench::read_job(argc, argv);
    auto const context = bench::make_context(job);
    auto const request = bench::request_for(job, bench::assignment_ids().front());
    // What is there once for all of them.
    auto const first = open_and_use(context.get(), job, request);
    std::vector<bench::tls_ptr> connections;
    connections.reserve(job.connections);
    auto const before = bench::memory_now();
    while (connections.size() != job.connections)
        connections.push_back(open_and_use(context.get(), job, request));
    bench::print_memory_of_each(before, job.connections);
}
