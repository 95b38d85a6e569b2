#include "io/lookup.hpp"

#include "io/parking_spot.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>

#include <memory>
#include <utility>

namespace allot {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

struct shared_lookup {
    explicit shared_lookup(asio::any_io_executor const& executor) : resolver(executor), spot(executor) {}
    tcp::resolver resolver;
    parking_spot spot;
    boost::system::error_code error;
    tcp::resolver::results_type found;
    bool done = false;
};

}

asio::awaitable<tcp::resolver::results_type> look_up(
    asio::any_io_executor executor, std::string host, std::uint16_t port,
    std::chrono::steady_clock::time_point until, boost::system::error_code& error) {
    auto const shared = std::make_shared<shared_lookup>(executor);
    auto ended = [shared](boost::system::error_code ec, tcp::resolver::results_type found) {
        shared->error = ec;
        shared->found = std::move(found);
        shared->done = true;
        shared->spot.wake();
    };
    shared->resolver.async_resolve(
        host, std::to_string(port), tcp::resolver::numeric_service,
        asio::bind_executor(executor, std::move(ended)));
    auto const outcome = co_await shared->spot.wait(until);
    if (shared->done) {
        error = shared->error;
        co_return std::move(shared->found);
    }
    shared->resolver.cancel();
    error =
        outcome == parking_spot::outcome::cancelled ? asio::error::operation_aborted : asio::error::timed_out;
    co_return tcp::resolver::results_type();
}

}
