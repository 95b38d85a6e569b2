#pragma once

#include "base/file_descriptor.hpp"
#include "io/readiness_set.hpp"

#include <allot/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace allot {

/// A connected TCP socket that is read and written at once where it can be, and otherwise waits in a
/// `readiness_set`. Thread safety: one strand.
class ready_socket {
public:
    explicit ready_socket(std::shared_ptr<readiness_set> in) : set_(std::move(in)) {}
    ready_socket(ready_socket const&) = delete;
    ready_socket& operator=(ready_socket const&) = delete;
    ~ready_socket() { close(); }

    /// Takes over a socket that is connected. Errors: what the system says; it is closed then.
    error_code assign(boost::asio::ip::tcp::socket connected);
    /// Whoever waits is told false, later.
    void close() noexcept;
    bool is_open() const noexcept { return socket_.get() != -1; }

    boost::asio::any_io_executor const& executor() const noexcept { return set_->executor(); }

    /// Sends what fits now. Errors: `would_block` when nothing does.
    std::size_t send(std::span<char const> bytes, error_code& error) noexcept;
    /// Errors: `would_block` when nothing has come, or is known to have; `eof`. Preconditions: room.
    std::size_t receive(std::span<char> room, error_code& error) noexcept;

    /// After `would_block` of a `send` or `receive`; false: cancelled (all types) or closed.
    boost::asio::awaitable<bool> wait(readiness_set::direction what) { return set_->wait(place_, what); }

private:
    std::shared_ptr<readiness_set> set_;
    file_descriptor socket_;
    readiness_set::place place_;
};

}
