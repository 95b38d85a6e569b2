#pragma once

#include "simulator/journal.hpp"
#include "simulator/request_reader.hpp"
#include "simulator/service.hpp"
#include "simulator/tls_session.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace allot::simulation {

/// One accepted connection: reads requests, asks the service, sends what it says the way it says.
/// Thread safety: unsafe; all of it runs on the context's thread.
class connection {
public:
    // The concrete executor: the erased one costs an allocation and a virtual call per operation.
    using executor = boost::asio::io_context::executor_type;
    using socket_type = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor>;
    template <class T>
    using awaitable = boost::asio::awaitable<T, executor>;

    connection(socket_type socket, SSL_CTX* tls, service& answers, journal& notes, std::uint64_t number);

    /// Serves until the connection ends. The connection outlives the coroutine.
    awaitable<void> run();

    /// Ends it now; `run` returns soon after.
    void close() noexcept;

private:
    enum class received { request, malformed, nothing };

    awaitable<received> receive();
    /// Whether the connection goes on.
    awaitable<bool> send(transmission const& what);
    awaitable<bool> send_slowly(std::string_view bytes, double bytes_per_second);
    awaitable<bool> send_encrypted();
    awaitable<bool> pause(std::chrono::steady_clock::duration time);
    awaitable<void> end(transmission const& what);
    awaitable<void> discard_rest();

    socket_type socket_;
    boost::asio::basic_waitable_timer<
        std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, executor>
        timer_;
    tls_session tls_;
    service& service_;
    journal& journal_;
    std::uint64_t number_;
    bool established_ = false;
    request_reader reader_;
    std::array<char, 17 * 1024> ciphertext_; ///< one TLS record fits
    std::array<char, 16 * 1024> plaintext_;
};

}
