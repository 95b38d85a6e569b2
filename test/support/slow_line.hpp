#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>

namespace allot::test {

/// A TCP relay on a free port of 127.0.0.1 that passes on what a server sends `piece` bytes at a time, each
/// `every` later than the last, whatever that does to records of TLS. On a thread of its own.
class slow_line {
public:
    slow_line(std::uint16_t server, std::size_t piece, std::chrono::milliseconds every) :
        acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}),
        server_(boost::asio::ip::address_v4::loopback(), server),
        piece_(piece),
        every_(every) {
        boost::asio::co_spawn(context_, accept(), boost::asio::detached);
        thread_ = std::thread([this] { context_.run(); });
    }
    slow_line(slow_line const&) = delete;
    slow_line& operator=(slow_line const&) = delete;
    ~slow_line() {
        context_.stop();
        thread_.join();
    }

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    using socket = boost::asio::ip::tcp::socket;
    using shared_socket = std::shared_ptr<socket>;

    boost::asio::awaitable<void> accept() {
        for (;;) {
            auto const client =
                std::make_shared<socket>(co_await acceptor_.async_accept(boost::asio::use_awaitable));
            auto const server = std::make_shared<socket>(context_);
            co_await server->async_connect(server_, boost::asio::use_awaitable);
            boost::asio::co_spawn(
                context_, pass(client, server, 4096, std::chrono::milliseconds(0)), boost::asio::detached);
            boost::asio::co_spawn(context_, pass(server, client, piece_, every_), boost::asio::detached);
        }
    }

    /// Until either end goes, which is an exception that nobody waits for.
    static boost::asio::awaitable<void>
    pass(shared_socket from, shared_socket to, std::size_t piece, std::chrono::milliseconds every) {
        std::array<char, 4096> space;
        boost::asio::steady_timer timer(from->get_executor());
        for (;;) {
            auto const size = co_await from->async_read_some(
                boost::asio::buffer(space.data(), piece), boost::asio::use_awaitable);
            co_await boost::asio::async_write(
                *to, boost::asio::buffer(space.data(), size), boost::asio::use_awaitable);
            timer.expires_after(every);
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
    }

    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::ip::tcp::endpoint server_;
    std::size_t piece_;
    std::chrono::milliseconds every_;
    std::thread thread_;
};

}
