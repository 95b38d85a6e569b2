#include "simulator/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

namespace allot::simulation {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr asio::use_awaitable_t<connection::executor> use_awaitable;

/// A slow answer goes out in about so many pieces per second, of one byte at least.
constexpr double pieces_per_second = 20;

instant now() {
    return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()};
}

}

connection::connection(
    socket_type socket, SSL_CTX* tls, service& answers, journal& notes, std::uint64_t number) :
    socket_(std::move(socket)),
    timer_(socket_.get_executor()),
    tls_(tls),
    service_(answers),
    journal_(notes),
    number_(number) {}

connection::awaitable<void> connection::run() {
    for (;;) {
        auto const got = co_await receive();
        if (got == received::nothing)
            break;
        auto const answer = got == received::request ? service_.answer(reader_.current(), number_, now())
                                                     : service_.refuse_malformed(now());
        if (!co_await send(answer))
            break;
    }
    close();
}

void connection::close() noexcept {
    error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
}

connection::awaitable<connection::received> connection::receive() {
    for (;;) {
        auto const state = reader_.next();
        if (state == request_reader::state::complete)
            co_return received::request;
        if (state == request_reader::state::malformed)
            co_return received::malformed;
        if (reader_.take_continue() && !tls_.write("HTTP/1.1 100 Continue\r\n\r\n"))
            co_return received::nothing;
        auto const got = tls_.read(plaintext_);
        if (!established_ && tls_.established()) {
            established_ = true;
            if (tls_.resumed())
                journal_.add_resumed_session();
        }
        if (got.state == tls_session::status::ready) {
            reader_.append({plaintext_.data(), got.size});
            continue;
        }
        if (got.state == tls_session::status::ended)
            tls_.close_notify();
        if (!co_await send_encrypted() || got.state != tls_session::status::more)
            co_return received::nothing;
        error_code error;
        auto const size = co_await socket_.async_read_some(
            asio::buffer(ciphertext_), asio::redirect_error(use_awaitable, error));
        if (error)
            co_return received::nothing;
        tls_.feed(std::span(ciphertext_).first(size));
    }
}

connection::awaitable<bool> connection::send(transmission const& what) {
    using ending = transmission::ending;
    bool going_on = true;
    if (what.delay.count() != 0)
        going_on = co_await pause(what.delay);
    if (!going_on)
        co_return false;
    bool sent = false;
    if (what.bytes_per_second)
        sent = co_await send_slowly(what.bytes, *what.bytes_per_second);
    else if (tls_.write(what.bytes))
        sent = co_await send_encrypted();
    if (sent && what.end == ending::keep_alive)
        co_return true;
    if (sent)
        co_await end(what);
    co_return false;
}

connection::awaitable<bool> connection::send_slowly(std::string_view bytes, double bytes_per_second) {
    auto const piece = static_cast<std::size_t>(std::max(1.0, bytes_per_second / pieces_per_second));
    auto const interval = std::chrono::duration_cast<std::chrono::steady_clock::duration>(
        std::chrono::duration<double>(static_cast<double>(piece) / bytes_per_second));
    while (!bytes.empty()) {
        auto const part = bytes.substr(0, piece);
        bytes.remove_prefix(part.size());
        bool good = tls_.write(part);
        if (good)
            good = co_await send_encrypted();
        if (good && !bytes.empty())
            good = co_await pause(interval);
        if (!good)
            co_return false;
    }
    co_return true;
}

connection::awaitable<bool> connection::send_encrypted() {
    auto const bytes = tls_.outgoing();
    if (bytes.empty())
        co_return true;
    error_code error;
    // Nearly every answer fits into the socket's buffer; waiting for that first would cost a round in epoll.
    auto const size = socket_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
    if (error == asio::error::would_block || (!error && size != bytes.size())) {
        auto const rest = asio::buffer(bytes.data() + size, bytes.size() - size);
        error.clear();
        co_await asio::async_write(socket_, rest, asio::redirect_error(use_awaitable, error));
    }
    tls_.sent();
    co_return !error;
}

connection::awaitable<bool> connection::pause(std::chrono::steady_clock::duration time) {
    error_code error;
    timer_.expires_after(time);
    co_await timer_.async_wait(asio::redirect_error(use_awaitable, error));
    co_return !error && socket_.is_open();
}

connection::awaitable<void> connection::end(transmission const& what) {
    error_code ignored;
    if (what.end == transmission::ending::reset) {
        socket_.set_option(asio::socket_base::linger(true, 0), ignored);
        co_return;
    }
    if (what.close_notify) {
        tls_.close_notify();
        if (!co_await send_encrypted())
            co_return;
    }
    if (what.end == transmission::ending::half_close) {
        socket_.shutdown(asio::socket_base::shutdown_send, ignored);
        co_await discard_rest();
    }
}

connection::awaitable<void> connection::discard_rest() {
    error_code error;
    while (!error)
        co_await socket_.async_read_some(
            asio::buffer(ciphertext_), asio::redirect_error(use_awaitable, error));
}

}
