#pragma once

#include "protocol/connect_race_state.hpp"

#include <allot/failure.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <string>

namespace allot {

/// Runs a race to its end on sockets, at this port of its addresses. When it is won, `socket` is connected,
/// else closed. The other sockets are closed when it ends.
/// Lifetimes: `socket` and `race` until the end. Cancellation: all types; the race ends as `cancelled`.
/// Thread safety: the strand of `socket`.
boost::asio::awaitable<race_action>
run_connect_race(boost::asio::ip::tcp::socket& socket, connect_race_state& race, std::uint16_t port);

/// What to say of a race that ended without a winner: `errc::connect_failed`, `timed_out` or `cancelled`. The
/// message names `peer`, each address and what became of it.
failure
race_failure(connect_race_state const& race, race_step ended, std::string const& peer, std::uint16_t port);

}
