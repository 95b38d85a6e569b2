#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace allot {

/// Looks a host name up, `until` at the latest. A look-up that hangs in the system's resolver cannot be
/// interrupted; it is left to itself, and its result dropped. Nothing is kept of the arguments then.
/// Cancellation: all types. Errors in `error`: the resolver's; `timed_out` at `until`; `operation_aborted`.
boost::asio::awaitable<boost::asio::ip::tcp::resolver::results_type> look_up(
    boost::asio::any_io_executor executor, std::string host, std::uint16_t port,
    std::chrono::steady_clock::time_point until, boost::system::error_code& error);

}
