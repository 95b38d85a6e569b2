#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace allot::test {

/// What a `plain_server` does once it has read a request: sends the bytes, then closes or keeps quiet.
struct plain_reply {
    std::string bytes;
    bool keeps_open = false;
};

inline std::string http_answer(
    std::string_view status, std::string_view body, std::string_view fields = {},
    std::string_view content_type = "application/json") {
    std::string out = "HTTP/1.1 ";
    out.append(status).append("\r\nContent-Type: ").append(content_type).append("\r\n").append(fields);
    out += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    return out.append(body);
}

/// An HTTP server without TLS on a free port of 127.0.0.1 and a thread of its own. Each connection carries
/// one request, which it records. Thread safety: safe; `reply` is called on the server's thread.
class plain_server {
public:
    /// The reply to the request of this number, from 0.
    using replier = std::function<plain_reply(std::size_t number, std::string const& request)>;

    explicit plain_server(replier reply) :
        reply_(std::move(reply)),
        acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}),
        port_(acceptor_.local_endpoint().port()) {
        boost::asio::co_spawn(context_, accept(), boost::asio::detached);
        thread_ = std::thread([this] { context_.run(); });
    }

    /// Replies from a script; requests beyond it get no answer.
    explicit plain_server(std::vector<plain_reply> script) :
        plain_server([script = std::move(script)](std::size_t number, std::string const&) {
            return number < script.size() ? script[number] : plain_reply();
        }) {}

    plain_server(plain_server const&) = delete;
    plain_server& operator=(plain_server const&) = delete;
    ~plain_server() {
        context_.stop();
        thread_.join();
    }

    std::uint16_t port() const noexcept { return port_; }
    std::string url(std::string_view path = {}) const {
        return ("http://127.0.0.1:" + std::to_string(port_)).append(path);
    }

    /// The requests read so far, header and content, in order.
    std::vector<std::string> requests() const {
        std::lock_guard const lock(mutex_);
        return requests_;
    }

private:
    using socket = boost::asio::ip::tcp::socket;

    boost::asio::awaitable<void> accept() {
        for (;;) {
            auto peer = co_await acceptor_.async_accept(boost::asio::use_awaitable);
            boost::asio::co_spawn(context_, serve(std::move(peer)), boost::asio::detached);
        }
    }

    boost::asio::awaitable<void> serve(socket peer) {
        boost::system::error_code error;
        std::string request;
        auto const header = co_await boost::asio::async_read_until(
            peer, boost::asio::dynamic_buffer(request), "\r\n\r\n",
            boost::asio::redirect_error(boost::asio::use_awaitable, error));
        auto const whole = header + content_length(request);
        if (!error && request.size() < whole)
            co_await boost::asio::async_read(
                peer, boost::asio::dynamic_buffer(request),
                boost::asio::transfer_exactly(whole - request.size()),
                boost::asio::redirect_error(boost::asio::use_awaitable, error));
        if (error)
            co_return;
        auto const number = record(request);
        auto const reply = reply_(number, request);
        co_await boost::asio::async_write(
            peer, boost::asio::buffer(reply.bytes),
            boost::asio::redirect_error(boost::asio::use_awaitable, error));
        if (reply.keeps_open)
            quiet_.push_back(std::move(peer));
    }

    static std::size_t content_length(std::string const& request) {
        constexpr std::string_view name = "\r\nContent-Length: ";
        auto const at = request.find(name);
        return at == std::string::npos ? 0 : std::stoul(request.substr(at + name.size()));
    }

    std::size_t record(std::string const& request) {
        std::lock_guard const lock(mutex_);
        requests_.push_back(request);
        return requests_.size() - 1;
    }

    replier reply_;
    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_;
    std::list<socket> quiet_;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

}
