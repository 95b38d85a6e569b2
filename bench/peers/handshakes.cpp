// A connection for each answer, with OpenSSL alone: resumes where the server lets it, decodes nothing.
#include "peers/bare_tls.hpp"
#include "peers/job.hpp"
#include "peers/stopwatch.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>

namespace {

std::unique_ptr<SSL_SESSION, bench::free_tls> newest;

int keep(SSL*, SSL_SESSION* session) {
    newest.reset(session);
    return 1;
}

void read_answer(SSL* tls, std::string& answer) {
    std::array<char, 16 * 1024> room;
    answer.clear();
    for (int size; (size = SSL_read(tls, room.data(), static_cast<int>(room.size()))) > 0;)
        answer.append(room.data(), static_cast<std::size_t>(size));
    if (!answer.starts_with("HTTP/1.1 200") || answer.size() != bench::size_from(answer))
        bench::give_up("a wrong answer: " + answer.substr(0, 200));
}

}

int main(int argc, char** argv) {
    auto const job = bench::read_job(argc, argv);
    auto const context = bench::make_context(job);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context.get(), keep);
    auto const request = bench::request_for(job, bench::assignment_ids().front());
    std::string answer;
    bench::stopwatch watch(job);
    do {
        auto const socket = bench::connect_to(job);
        auto const session = std::move(newest);
        auto const tls = bench::handshake(socket, context.get(), job, session.get());
        if (SSL_write(tls.get(), request.data(), static_cast<int>(request.size())) <= 0)
            bench::give_up("a request could not be sent");
        read_answer(tls.get(), answer);
        SSL_shutdown(tls.get());
        close(socket);
    } while (watch.answered());
    watch.print();
}
