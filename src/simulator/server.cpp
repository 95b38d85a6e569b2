#include "simulator/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <csignal>
#include <exception>
#include <pthread.h>
#include <utility>

namespace allot::simulation {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr asio::use_awaitable_t<connection::executor> as_awaitable;

/// How long to wait for descriptors when they have run out.
constexpr std::chrono::milliseconds accept_pause{20};

}

server::server(tcp::endpoint const& where) : acceptor_(context_) {
    acceptor_.open(where.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(where);
    acceptor_.listen();
}

void server::run(SSL_CTX* tls, service& answers, journal& notes) {
    asio::co_spawn(context_, accept(tls, answers, notes), asio::detached);
    // Signals are for the threads of the program around it: a thread starts with its maker's mask.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
        thread_ = std::thread([this] { context_.run(); });
    } catch (...) {
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        throw;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void server::stop() {
    if (!thread_.joinable())
        return;
    asio::post(context_, [this] {
        error_code ignored;
        acceptor_.close(ignored);
        for (auto const& each : open_)
            each.second->close();
    });
    thread_.join();
}

connection::awaitable<void> server::accept(SSL_CTX* tls, service& answers, journal& notes) {
    asio::basic_waitable_timer<
        std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, connection::executor>
        timer(context_);
    while (acceptor_.is_open()) {
        error_code error;
        auto socket = co_await acceptor_.async_accept(asio::redirect_error(as_awaitable, error));
        if (!error) {
            serve(std::move(socket), tls, answers, notes);
        } else if (acceptor_.is_open()) {
            timer.expires_after(accept_pause);
            co_await timer.async_wait(asio::redirect_error(as_awaitable, error));
        }
    }
}

void server::serve(connection::socket_type socket, SSL_CTX* tls, service& answers, journal& notes) {
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    auto const number = ++accepted_;
    notes.add_connection();
    auto added = std::make_unique<connection>(std::move(socket), tls, answers, notes, number);
    auto& served = *open_.emplace(number, std::move(added)).first->second;
    asio::co_spawn(
        context_, served.run(), [this, number](std::exception_ptr const&) { open_.erase(number); });
}

}
