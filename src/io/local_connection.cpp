#include "io/local_connection.hpp"

#include "io/connect_race.hpp"
#include "io/lookup_service.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <utility>
#include <vector>

namespace allot {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

bool is_this_machine(asio::ip::address const& address) {
    if (address.is_v6())
        return address.to_v6().is_loopback() || address.to_v6().is_link_local();
    auto const bytes = address.to_v4().to_bytes();
    return address.is_loopback() || (bytes[0] == 169 && bytes[1] == 254) ||
           (bytes[0] == 172 && (bytes[1] & 0xf0) == 16);
}

}

local_connection::local_connection(asio::any_io_executor const& executor, deadline_queue& deadlines) :
    deadlines_(deadlines),
    socket_(executor) {}

void local_connection::close() noexcept {
    disarm();
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void local_connection::expire() noexcept {
    timed_out_ = true;
    boost::system::error_code ignored;
    socket_.close(ignored);
}

failure local_connection::io_failure(errc otherwise, std::string_view what) const {
    bool const cancelled = socket_error_ == asio::error::operation_aborted;
    failure made;
    made.cause = socket_error_;
    made.code = timed_out_ ? errc::timed_out : cancelled ? errc::cancelled : otherwise;
    made.message = std::string(what) + " " + peer_ + ": ";
    made.message += timed_out_ ? "no end within the deadline" : socket_error_.message();
    return made;
}

asio::awaitable<std::optional<failure>> local_connection::connect_any(origin const& to, time_point until) {
    auto const found = co_await lookup_service::shared()->look_up(socket_.get_executor(), to.host, until);
    if (!found)
        co_return found.error();
    std::vector<network_address> here;
    for (auto const& each : *found->addresses)
        if (is_this_machine(asio::ip::make_address(each.text)))
            here.push_back(each);
    if (here.empty()) {
        failure made;
        made.code = errc::invalid_params;
        made.message = peer_ + " is no address of this machine, and http goes no further";
        co_return made;
    }
    connect_race_state race(std::move(here), until);
    auto const ended = co_await run_connect_race(socket_, race, to.port);
    if (ended.step != race_step::won)
        co_return race_failure(race, ended.step, peer_, to.port);
    co_return std::optional<failure>();
}

asio::awaitable<std::optional<failure>> local_connection::open(origin const& to, time_point until) {
    close();
    peer_ = to.host_field;
    timed_out_ = false;
    auto failed = co_await connect_any(to, until);
    disarm();
    if (failed)
        close();
    co_return failed;
}

asio::awaitable<std::optional<failure>> local_connection::transfer(std::string_view request) {
    auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() == asio::cancellation_type::none)
        co_await asio::async_write(
            socket_, asio::buffer(request.data(), request.size()),
            asio::redirect_error(asio::use_awaitable, socket_error_));
    else
        socket_error_ = asio::error::operation_aborted;
    if (socket_error_)
        co_return io_failure(errc::connection_lost, "request to");
    for (auto status = read_status::more; status == read_status::more;) {
        state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) {
            socket_error_ = asio::error::operation_aborted;
            co_return io_failure(errc::connection_lost, "answer of");
        }
        auto const room = reader_.prepare();
        auto const size = co_await socket_.async_read_some(
            asio::buffer(room.data(), room.size()), asio::redirect_error(asio::use_awaitable, socket_error_));
        if (socket_error_ == asio::error::eof)
            status = reader_.end_of_stream(true);
        else if (socket_error_)
            co_return io_failure(errc::connection_lost, "answer of");
        else
            status = reader_.commit(size);
    }
    if (!reader_.error())
        co_return std::optional<failure>();
    failure made;
    made.code = reader_.error();
    made.message = "answer of " + peer_ + ": " + std::string(reader_.reason());
    co_return made;
}

asio::awaitable<std::optional<failure>>
local_connection::exchange(std::string_view request, std::size_t body_limit, time_point until) {
    reader_.reset(body_limit, content_coding::identity);
    timed_out_ = false;
    socket_error_.clear();
    deadlines_.arm(*this, until);
    auto failed = co_await transfer(request);
    close();
    co_return failed;
}

}
