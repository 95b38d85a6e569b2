#pragma once

#include "io/deadline_queue.hpp"
#include "protocol/http_response.hpp"
#include "protocol/target.hpp"

#include <allot/failure.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// A connection without TLS for one HTTP exchange with a server on this machine: no proxy, and no address but
/// loopback and link-local ones, whatever a name resolves to. Translates between the socket and the HTTP
/// machine; decides nothing. Thread safety: one strand.
class local_connection final : private timed_action {
public:
    using time_point = std::chrono::steady_clock::time_point;

    local_connection(boost::asio::any_io_executor const& executor, deadline_queue& deadlines);
    ~local_connection() = default;

    /// Looks the host up and connects, `until` at the latest.
    /// Cancellation: all types; leaves the connection closed.
    /// Errors: `errc::resolve_failed`, `connect_failed`, `timed_out`, `cancelled`; `invalid_params` when the
    /// host has no address on this machine.
    boost::asio::awaitable<std::optional<failure>> open(origin const& to, time_point until);

    /// Sends the request and reads its answer into `response()`, then closes; a body over `body_limit` bytes
    /// is refused.
    /// Cancellation: all types.
    /// Preconditions: open. Lifetimes: `request` until the end.
    boost::asio::awaitable<std::optional<failure>>
    exchange(std::string_view request, std::size_t body_limit, time_point until);

    /// The answer of the last exchange.
    response_reader const& response() const noexcept { return reader_; }

private:
    void expire() noexcept override;
    void close() noexcept;
    boost::asio::awaitable<std::optional<failure>> connect_any(origin const& to, time_point until);
    boost::asio::awaitable<std::optional<failure>> transfer(std::string_view request);
    failure io_failure(errc otherwise, std::string_view what) const;

    deadline_queue& deadlines_;
    boost::asio::ip::tcp::socket socket_;
    response_reader reader_;
    boost::system::error_code socket_error_;
    bool timed_out_ = false;
    std::string peer_; ///< host and port, for messages
};

}
