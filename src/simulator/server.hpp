#pragma once

#include "simulator/connection.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <thread>
#include <unordered_map>

namespace allot::simulation {

/// Accepts connections and serves them on one thread of its own.
/// Lifetimes: what `run` is given outlives the server. Thread safety: `stop` from any thread but its own; the
/// rest unsafe.
class server {
public:
    /// Listens; connections wait until `run`. Throws std::system_error.
    explicit server(boost::asio::ip::tcp::endpoint const& where);
    ~server() { stop(); }
    server(server const&) = delete;
    server& operator=(server const&) = delete;

    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    /// Starts the thread. Once.
    void run(SSL_CTX* tls, service& answers, journal& notes);

    /// Ends all connections and the thread. May be called again.
    void stop();

private:
    connection::awaitable<void> accept(SSL_CTX* tls, service& answers, journal& notes);
    void serve(connection::socket_type socket, SSL_CTX* tls, service& answers, journal& notes);

    boost::asio::io_context context_{1};
    boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, connection::executor> acceptor_;
    std::uint64_t accepted_ = 0;
    std::unordered_map<std::uint64_t, std::unique_ptr<connection>> open_;
    std::thread thread_;
};

}
