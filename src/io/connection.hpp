#pragma once

#include "io/deadline_queue.hpp"
#include "io/endpoint.hpp"
#include "io/exchange_memory.hpp"
#include "io/ready_socket.hpp"
#include "io/tls_engine.hpp"
#include "protocol/answer_pace.hpp"
#include "protocol/http_response.hpp"
#include "protocol/lookup_state.hpp"
#include "protocol/proxy_connect_state.hpp"

#include <allot/failure.hpp>
#include <allot/observer.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace allot {

/// One TLS connection, through a proxy or not, that carries one HTTP exchange after the other. Translates
/// between the socket and the TLS and HTTP machines; decides nothing. Thread safety: one strand.
class connection final : private timed_action {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `watcher` may be null. Lifetimes: it outlives the connection, as does `memory`.
    connection(
        std::shared_ptr<readiness_set> sockets, deadline_queue& deadlines, exchange_memory& memory,
        observer* watcher = nullptr);
    ~connection() = default;

    /// Looks the host up, or its proxy, connects to the first of its addresses that answers, has the proxy
    /// open a tunnel and completes the TLS handshake with the host, `until` at the latest. After a failure
    /// the next one looks up anew.
    /// Lifetimes: `to` outlives the connection.
    /// Cancellation: all types; leaves the connection closed.
    boost::asio::awaitable<std::optional<failure>> open(endpoint& to, time_point until);

    /// Sends one request and reads its answer into `response()`; a body over `body_limit` bytes is refused,
    /// and one in a coding that is not `accepted`, and one that comes too slowly (`endpoint::pace`).
    /// Cancellation: all types; leaves the connection closed.
    /// Preconditions: open; awaited at once, in a coroutine that does not throw when cancelled.
    boost::asio::awaitable<std::optional<failure>>
    exchange(std::string_view request, std::size_t body_limit, content_coding accepted, time_point until);

    /// The same in steps, for a caller's own loop: a coroutine here would have a frame for every exchange.
    /// `blocked`: `wait_for_peer`, unless the coroutine is cancelled, then `continue_exchange`; `ended`:
    /// `end_exchange`, once.
    enum class progress { blocked, ended };
    progress begin_exchange(
        std::string_view request, std::size_t body_limit, content_coding accepted, time_point until);
    /// False: cancelled (all types).
    boost::asio::awaitable<bool> wait_for_peer() { return socket_.wait(blocked_on()); }
    /// `ready` is what `wait_for_peer` said, or false when it is not to be waited any more.
    progress continue_exchange(bool ready);
    std::optional<failure> end_exchange();
    /// The steps that are left.
    boost::asio::awaitable<std::optional<failure>> finish_exchange(progress so_far);

    /// The answer of the last exchange, until the next one or `give_back_answer`.
    response_reader const& response() const noexcept { return *reader_; }
    /// Somebody else may need its memory.
    void give_back_answer() noexcept { reader_.reset(); }

    /// Whether the next request may use it: open, and no exchange broken off.
    bool reusable() const noexcept { return socket_.is_open() && !pace_; }
    bool resumed() const noexcept { return engine_ && engine_->session_reused(); }

    /// Which of the host's addresses, or of the proxy's, it leads to, or led last.
    network_address const& address() const noexcept { return address_; }

    void close(close_cause why = close_cause::replaced, error_code const& error = {}) noexcept;

    /// Tells the observer that it is open, under this number, and later that it is closed.
    /// Preconditions: open, with an observer.
    void tell_opened(std::uint64_t number, std::chrono::nanoseconds took) noexcept;

private:
    enum class io_outcome { ok, end, blocked, broken };

    void expire() noexcept override;
    boost::asio::awaitable<std::optional<failure>>
    connect_any(endpoint& to, lookup_answer const& found, time_point until);
    boost::asio::awaitable<std::optional<failure>> establish(endpoint& to);
    boost::asio::awaitable<std::optional<failure>> open_tunnel(endpoint& to);
    boost::asio::awaitable<std::optional<failure>> ask_proxy(endpoint& to);
    boost::asio::awaitable<proxy_event> send_to_proxy(std::string_view bytes);
    boost::asio::awaitable<proxy_event> receive_from_proxy(std::span<char> room);
    proxy_event proxy_lost() const;
    /// With the peer of `engine_`.
    boost::asio::awaitable<std::optional<failure>> handshake();
    /// Reads what there is of the answer.
    progress receive_now();
    response_reader& reader();
    failure read_failure() const;
    void note_progress();
    /// Gets more bytes for the engine, if they are there; `blocked`: wait for the socket, then again.
    io_outcome fill_now();
    boost::asio::awaitable<io_outcome> fill();
    /// After `blocked`. False: `socket_error_` says why not.
    boost::asio::awaitable<bool> wait(readiness_set::direction what);
    readiness_set::direction blocked_on() const noexcept {
        return has_output() ? readiness_set::direction::write : readiness_set::direction::read;
    }
    /// Sends what the engine has to say. False: `socket_error_` says why not.
    bool flush_now() noexcept;
    bool has_output() const noexcept;
    /// What came through the proxy's TLS goes to the engine. Nothing: more bytes are needed for that.
    std::optional<io_outcome> unwrap();
    bool wrap() noexcept;
    boost::asio::awaitable<bool> flush();
    void tell_closed(close_cause why, error_code const& error) noexcept;
    failure io_failure(errc otherwise, std::string_view what) const;
    failure lost() const;
    failure tls_failure() const;

    deadline_queue& deadlines_;
    exchange_memory& memory_;
    endpoint* endpoint_ = nullptr;
    ready_socket socket_;
    std::unique_ptr<tls_engine> engine_;          ///< with the host; with the proxy until the tunnel stands
    std::unique_ptr<tls_engine> proxy_tls_;       ///< around all that, where the proxy is spoken to in TLS
    lending_stack<response_reader>::loan reader_; ///< of the answer that comes or came, or none
    std::size_t body_limit_ = 0;
    content_coding accepted_ = content_coding::identity;
    boost::system::error_code socket_error_;
    bool timed_out_ = false;
    std::optional<failure> failed_;   ///< what the exchange ends with
    std::optional<answer_pace> pace_; ///< of the exchange that has begun and not ended
    std::size_t arrived_ = 0;         ///< bytes from the socket that `pace_` does not know of yet
    std::string peer_;                ///< host, port and proxy, for messages
    network_address address_;         ///< what it is connected to
    observer* watcher_;
    std::uint64_t number_ = 0; ///< that the observer knows it by, while it is open
    std::uint64_t requests_ = 0;
};

}
