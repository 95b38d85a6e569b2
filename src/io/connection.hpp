#pragma once

#include "io/deadline_queue.hpp"
#include "io/endpoint.hpp"
#include "io/tls_engine.hpp"
#include "protocol/http_response.hpp"
#include "protocol/lookup_state.hpp"

#include <allot/failure.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// One TLS connection that carries one HTTP exchange after the other. Translates between the socket and the
/// TLS and HTTP machines; decides nothing. Thread safety: one strand.
class connection final : private timed_action {
public:
    using time_point = std::chrono::steady_clock::time_point;

    connection(boost::asio::any_io_executor const& executor, deadline_queue& deadlines);
    ~connection() = default;

    /// Looks the host up, connects to the first of its addresses that answers and completes the TLS
    /// handshake, `until` at the latest. After a failure the next one looks the host up anew.
    /// Lifetimes: `to` outlives the connection.
    /// Cancellation: all types; leaves the connection closed.
    boost::asio::awaitable<std::optional<failure>> open(endpoint& to, time_point until);

    /// Sends one request and reads its answer into `response()`; a body over `body_limit` bytes is refused,
    /// and one in a coding that is not `accepted`. Cancellation: all types; leaves the connection closed.
    /// Preconditions: open. Lifetimes: `request` until the operation first waits.
    boost::asio::awaitable<std::optional<failure>>
    exchange(std::string_view request, std::size_t body_limit, content_coding accepted, time_point until);

    /// The answer of the last exchange, until the next one.
    response_reader const& response() const noexcept { return reader_; }

    /// Whether the next request may use it.
    bool reusable() const noexcept { return socket_.is_open() && reader_.reusable(); }
    bool resumed() const noexcept { return engine_ && engine_->session_reused(); }

    /// Which of the host's addresses it leads, or led last, to.
    network_address const& address() const noexcept { return address_; }

    void close() noexcept;

private:
    enum class io_outcome { ok, end, broken };

    void expire() noexcept override;
    boost::asio::awaitable<std::optional<failure>>
    connect_any(endpoint& to, lookup_answer const& found, time_point until);
    boost::asio::awaitable<std::optional<failure>> handshake(endpoint& to);
    boost::asio::awaitable<std::optional<failure>> receive();
    boost::asio::awaitable<io_outcome> fill();
    /// Sends what the engine has to say. False: `socket_error_` says why not.
    bool flush_now() noexcept;
    boost::asio::awaitable<bool> flush();
    failure io_failure(errc otherwise, std::string_view what) const;
    failure tls_failure() const;

    deadline_queue& deadlines_;
    endpoint* endpoint_ = nullptr;
    boost::asio::ip::tcp::socket socket_;
    std::optional<tls_engine> engine_;
    response_reader reader_;
    boost::system::error_code socket_error_;
    bool timed_out_ = false;
    std::string peer_;        ///< host and port, for messages
    network_address address_; ///< what it is connected to
};

}
