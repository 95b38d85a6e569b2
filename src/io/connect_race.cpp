#include "io/connect_race.hpp"

#include "io/parking_spot.hpp"

#include <boost/asio/error.hpp>

#include <deque>
#include <memory>
#include <utility>

namespace allot {
namespace asio = boost::asio;
using asio::ip::tcp;
using clock = std::chrono::steady_clock;

namespace {

/// The sockets of one race. Their handlers keep it, and find nobody in `spot` once the race has ended.
struct racers {
    explicit racers(asio::any_io_executor const& executor) : spot(executor) {}

    parking_spot spot;
    std::deque<tcp::socket> sockets; ///< by attempt
    std::deque<race_event> events;
};

/// Closes all sockets that are still there, also when the coroutine is destroyed while it waits.
struct closing {
    explicit closing(std::shared_ptr<racers> const& of) : all(of) {}
    closing(closing const&) = delete;
    closing& operator=(closing const&) = delete;
    ~closing() {
        boost::system::error_code ignored;
        for (auto& each : all->sockets)
            each.close(ignored);
    }
    std::shared_ptr<racers> all;
};

void report(racers& to, std::size_t attempt, boost::system::error_code why) {
    to.events.push_back({why ? race_news::failed : race_news::connected, attempt, why});
    to.spot.wake();
}

void start(
    std::shared_ptr<racers> const& all, asio::any_io_executor const& executor, std::size_t attempt,
    network_address const& address, std::uint16_t port) {
    auto& socket = all->sockets.emplace_back(executor);
    boost::system::error_code error;
    tcp::endpoint const to(asio::ip::make_address(address.text, error), port);
    if (error)
        return report(*all, attempt, error);
    socket.async_connect(to, [all, attempt](boost::system::error_code why) { report(*all, attempt, why); });
}

race_event take_event(racers& from) {
    if (from.events.empty())
        return {};
    auto const event = from.events.front();
    from.events.pop_front();
    return event;
}

}

asio::awaitable<race_action>
run_connect_race(tcp::socket& socket, connect_race_state& race, std::uint16_t port) {
    auto const executor = socket.get_executor();
    auto const all = std::make_shared<racers>(executor);
    closing const at_the_end(all);
    boost::system::error_code ignored;
    socket.close(ignored);
    race_event event;
    for (;;) {
        auto const action = race.resume(clock::now(), event);
        bool cancelled = false;
        switch (action.step) {
        case race_step::start:
            start(all, executor, action.attempt, race.addresses()[action.attempt], port);
            break;
        case race_step::wait:
            if (all->events.empty())
                cancelled = co_await all->spot.wait(action.until) == parking_spot::outcome::cancelled;
            break;
        case race_step::won:
            socket = std::move(all->sockets[action.attempt]);
            co_return action;
        case race_step::lost:
        case race_step::out_of_time:
        case race_step::cancelled:
            co_return action;
        }
        event = cancelled ? race_event{race_news::cancelled, 0, {}} : take_event(*all);
    }
}

failure
race_failure(connect_race_state const& race, race_step ended, std::string const& peer, std::uint16_t port) {
    failure made;
    made.cause = race.cause();
    made.message = "connecting to " + peer + ": ";
    switch (ended) {
    case race_step::out_of_time:
        made.code = errc::timed_out;
        made.message += "no connection within the deadline; ";
        break;
    case race_step::cancelled:
        made.code = errc::cancelled;
        made.cause = asio::error::operation_aborted;
        made.message += "cancelled; ";
        break;
    case race_step::start:
    case race_step::wait:
    case race_step::won:
    case race_step::lost:
        made.code = errc::connect_failed;
        break;
    }
    made.message += race.report(port);
    return made;
}

}
