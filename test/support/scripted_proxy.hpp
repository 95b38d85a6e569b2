#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace allot::test {

/// What a `scripted_proxy` does once it was asked.
struct proxy_reply {
    std::string bytes;
    enum class then { tunnel, hang, close } next = then::tunnel;
};

/// An HTTP proxy on a free port of 127.0.0.1 and a thread of its own, whose tunnels all lead to one port
/// here. Keeps every byte that it can read: what comes before a tunnel, and all that comes where there is
/// none. Thread safety: safe; `reply` is called on the proxy's thread.
class scripted_proxy {
public:
    using replier = std::function<proxy_reply(std::size_t number)>;
    using tcp = boost::asio::ip::tcp;

    scripted_proxy(std::uint16_t leads_to, replier reply) :
        leads_to_(leads_to),
        reply_(std::move(reply)),
        acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}),
        port_(acceptor_.local_endpoint().port()) {
        boost::asio::co_spawn(context_, accept(), boost::asio::detached);
        thread_ = std::thread([this] { context_.run(); });
    }
    scripted_proxy(scripted_proxy const&) = delete;
    scripted_proxy& operator=(scripted_proxy const&) = delete;
    ~scripted_proxy() {
        context_.stop();
        thread_.join();
    }

    std::uint16_t port() const noexcept { return port_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

    /// By connection.
    std::vector<std::string> seen() const {
        std::lock_guard const lock(mutex_);
        return seen_;
    }

private:
    boost::asio::awaitable<void> accept() {
        for (;;) {
            auto peer = co_await acceptor_.async_accept(boost::asio::use_awaitable);
            boost::asio::co_spawn(
                context_, serve(std::make_shared<tcp::socket>(std::move(peer))), boost::asio::detached);
        }
    }

    boost::asio::awaitable<void> serve(std::shared_ptr<tcp::socket> peer) {
        boost::system::error_code error;
        std::string request;
        co_await boost::asio::async_read_until(
            *peer, boost::asio::dynamic_buffer(request), "\r\n\r\n",
            boost::asio::redirect_error(boost::asio::use_awaitable, error));
        auto const number = begin(request);
        if (error)
            co_return;
        auto const reply = reply_(number);
        co_await boost::asio::async_write(
            *peer, boost::asio::buffer(reply.bytes),
            boost::asio::redirect_error(boost::asio::use_awaitable, error));
        if (reply.next == proxy_reply::then::tunnel) {
            auto const target = std::make_shared<tcp::socket>(context_);
            tcp::endpoint const there(boost::asio::ip::address_v4::loopback(), leads_to_);
            co_await target->async_connect(
                there, boost::asio::redirect_error(boost::asio::use_awaitable, error));
            boost::asio::co_spawn(context_, pump(target, peer), boost::asio::detached);
            co_await pump(peer, target);
            co_return;
        }
        if (reply.next == proxy_reply::then::close)
            peer->shutdown(tcp::socket::shutdown_send, error);
        std::array<char, 4096> room;
        for (error.clear(); !error;) {
            auto const size = co_await peer->async_read_some(
                boost::asio::buffer(room), boost::asio::redirect_error(boost::asio::use_awaitable, error));
            append(number, std::string(room.data(), size));
        }
    }

    static boost::asio::awaitable<void>
    pump(std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to) {
        boost::system::error_code error;
        std::vector<char> room(64 * 1024);
        while (!error) {
            auto const size = co_await from->async_read_some(
                boost::asio::buffer(room), boost::asio::redirect_error(boost::asio::use_awaitable, error));
            boost::system::error_code broken;
            co_await boost::asio::async_write(
                *to, boost::asio::buffer(room, size),
                boost::asio::redirect_error(boost::asio::use_awaitable, broken));
            if (broken)
                break;
        }
        boost::system::error_code ignored;
        to->shutdown(tcp::socket::shutdown_send, ignored);
    }

    std::size_t begin(std::string const& request) {
        std::lock_guard const lock(mutex_);
        seen_.push_back(request);
        return seen_.size() - 1;
    }

    void append(std::size_t number, std::string const& bytes) {
        std::lock_guard const lock(mutex_);
        seen_[number] += bytes;
    }

    std::uint16_t leads_to_;
    replier reply_;
    boost::asio::io_context context_{1};
    tcp::acceptor acceptor_;
    std::uint16_t port_;
    mutable std::mutex mutex_;
    std::vector<std::string> seen_;
    std::thread thread_;
};

}
