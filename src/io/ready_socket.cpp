#include "io/ready_socket.hpp"

#include <boost/asio/error.hpp>

#include <cerrno>
#include <sys/socket.h>

namespace allot {
namespace asio = boost::asio;

namespace {

using direction = readiness_set::direction;

error_code system_error() noexcept {
    return {errno, boost::system::system_category()};
}

template <class Call>
auto uninterrupted(Call const& call) noexcept {
    auto returned = call();
    while (returned == -1 && errno == EINTR)
        returned = call();
    return returned;
}

}

error_code ready_socket::assign(asio::ip::tcp::socket connected) {
    close();
    error_code error;
    connected.set_option(asio::ip::tcp::no_delay(true), error);
    connected.non_blocking(true, error);
    if (error)
        return error;
    file_descriptor taken(connected.release(error));
    if (error)
        return error;
    error = set_->add(place_, taken.get());
    if (!error)
        socket_ = std::move(taken);
    return error;
}

void ready_socket::close() noexcept {
    if (!is_open())
        return;
    set_->remove(place_, socket_.get());
    file_descriptor(socket_.release());
}

std::size_t ready_socket::send(std::span<char const> bytes, error_code& error) noexcept {
    auto const sent =
        uninterrupted([&] { return ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); });
    if (sent >= 0) {
        error.clear();
        return static_cast<std::size_t>(sent);
    }
    error = system_error();
    if (error == asio::error::would_block)
        place_.take(direction::write);
    return 0;
}

std::size_t ready_socket::receive(std::span<char> room, error_code& error) noexcept {
    if (!place_.take(direction::read)) {
        error = asio::error::would_block;
        return 0;
    }
    auto const received = uninterrupted([&] { return ::recv(socket_.get(), room.data(), room.size(), 0); });
    if (received < 0) {
        error = system_error();
        return 0;
    }
    error.clear();
    if (received == 0)
        error = asio::error::eof;
    // There may be more, of which the set does not tell again.
    if (received == 0 || static_cast<std::size_t>(received) == room.size())
        place_.mark(direction::read);
    return static_cast<std::size_t>(received);
}

}
