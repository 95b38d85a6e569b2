#include "io/connect_race.hpp"
#include "support/cancel_steps.hpp"
#include "support/coroutine.hpp"
#include "support/full_port.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace allot {
namespace {
namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

std::string const first = "127.0.0.1";
std::string const second = "127.0.0.2";
std::string const third = "127.0.0.3";

tcp::endpoint at(std::string const& address, std::uint16_t port) {
    return {asio::ip::make_address(address), port};
}

asio::awaitable<std::string>
race_to(std::vector<network_address> addresses, std::uint16_t port, std::chrono::milliseconds time) {
    tcp::socket socket(co_await asio::this_coro::executor);
    connect_race_state race(std::move(addresses), clock::now() + time);
    auto const ended = co_await run_connect_race(socket, race, port);
    if (ended.step == race_step::won)
        co_return socket.remote_endpoint().address().to_string();
    BOOST_TEST(!socket.is_open());
    auto const why = race_failure(race, ended.step, "graph.example", port);
    co_return why.code.message() + ": " + why.message;
}

std::size_t open_files() {
    using files = std::filesystem::directory_iterator;
    return static_cast<std::size_t>(std::distance(files("/proc/self/fd"), files()));
}

struct fixture {
    asio::io_context context;
    tcp::acceptor probe{context, at(first, 0)};
    std::uint16_t const port = probe.local_endpoint().port();

    fixture() { probe.close(); }

    tcp::acceptor listen(std::string const& address) { return tcp::acceptor(context, at(address, port)); }
    std::unique_ptr<test::full_port> black_hole(std::string const& address) const {
        return std::make_unique<test::full_port>(at(address, port));
    }
    asio::awaitable<std::string>
    make(std::vector<std::string> const& addresses, std::chrono::milliseconds time = 30s) const {
        std::vector<network_address> list;
        for (auto const& each : addresses)
            list.push_back({each});
        return race_to(std::move(list), port, time);
    }
    std::string race(std::vector<std::string> const& addresses, std::chrono::milliseconds time = 30s) {
        return test::run(context, make(addresses, time));
    }
    std::string named(std::string const& address, std::string const& what) const {
        return address + ":" + std::to_string(port) + " (" + what + ")";
    }
};

boost::test_tools::assertion_result has_v6(boost::unit_test::test_unit_id) {
    asio::io_context context;
    tcp::acceptor acceptor(context);
    boost::system::error_code error;
    acceptor.open(tcp::v6(), error);
    if (!error)
        acceptor.bind(at("::1", 0), error);
    boost::test_tools::assertion_result made(!error);
    made.message() << "this machine has no ::1: " << error.message();
    return made;
}

BOOST_FIXTURE_TEST_SUITE(connect_races_on_sockets, fixture)

BOOST_AUTO_TEST_CASE(one_that_listens) {
    auto const listener = listen(first);
    BOOST_TEST(race({first}) == first);
}

BOOST_AUTO_TEST_CASE(row_19_those_that_refuse_are_passed_over) {
    auto const listener = listen(third);
    BOOST_TEST(race({first, second, third}) == third);
}

BOOST_AUTO_TEST_CASE(row_20_a_black_hole_costs_one_delay) {
    auto const silent = black_hole(first);
    auto const listener = listen(second);
    auto const start = clock::now();
    BOOST_TEST(race({first, second}) == second);
    BOOST_TEST((clock::now() - start >= connect_race_state::delay));
}

BOOST_AUTO_TEST_CASE(row_20_a_black_holed_ipv6_loses_to_ipv4, *boost::unit_test::precondition(has_v6)) {
    auto const silent = black_hole("::1");
    auto const listener = listen(first);
    BOOST_TEST(race({"::1", first}) == first);
}

BOOST_AUTO_TEST_CASE(row_20_ipv4_does_not_keep_ipv6_from_winning, *boost::unit_test::precondition(has_v6)) {
    auto const silent = black_hole(first);
    auto const listener = listen("::1");
    BOOST_TEST(race({"::1", first}) == "::1");
    BOOST_TEST(race({first, "::1"}) == "::1");
}

BOOST_AUTO_TEST_CASE(row_19_all_refuse_and_each_is_named) {
    BOOST_TEST(
        race({first, second}) ==
        "no connection: connecting to graph.example: " + named(first, "Connection refused") + ", " +
            named(second, "Connection refused"));
    BOOST_TEST(race({first, "nonsense"}).ends_with(named("nonsense", "Invalid argument")));
}

BOOST_AUTO_TEST_CASE(row_19_silence_ends_at_the_deadline) {
    auto const silent = black_hole(first);
    BOOST_TEST(
        race({second, first}, 30ms) ==
        "timed out: connecting to graph.example: no connection within the deadline; " +
            named(second, "Connection refused") + ", " + named(first, "no answer"));
}

BOOST_AUTO_TEST_CASE(nothing_stays_open) {
    auto const silent = black_hole(first);
    auto const also_silent = black_hole(third);
    auto const listener = listen(second);
    // The context's own files come with its first socket.
    BOOST_TEST(race({second}) == second);
    auto const before = open_files();
    BOOST_TEST(race({first, third, second}) == second);
    BOOST_TEST(race({first, third}, 300ms).starts_with("timed out"));
    BOOST_TEST(open_files() == before);
}

BOOST_AUTO_TEST_CASE(cancellation_at_every_step) {
    auto const listener = listen(third);
    test::cancel_at_every_step(
        context,
        [this] {
            return make({first, second, third});
        },
        [](std::string const& said, bool cancelled) {
            // What is complete at the moment of the cancellation may still be the result.
            auto const told =
                said.starts_with("cancelled: connecting to graph.example: cancelled; 127.0.0.1:");
            BOOST_TEST((said == third || (cancelled && told)), said);
        });
}

BOOST_AUTO_TEST_CASE(cancellation_while_all_are_silent) {
    auto const silent = black_hole(first);
    auto const also_silent = black_hole(second);
    for (auto const type :
         {asio::cancellation_type::terminal, asio::cancellation_type::partial,
          asio::cancellation_type::total}) {
        asio::cancellation_signal cancel;
        std::string said;
        asio::co_spawn(
            context, test::with_all_types(make({first, second})),
            asio::bind_cancellation_slot(
                cancel.slot(), [&](std::exception_ptr, std::string text) { said = std::move(text); }));
        context.restart();
        // The start of the coroutine, then the wait that ends with the second attempt's start.
        context.run_one();
        context.poll();
        context.run_one();
        context.poll();
        cancel.emit(type);
        context.run_for(1min);
        BOOST_TEST(context.stopped());
        BOOST_TEST(said.starts_with("cancelled: "), said);
        BOOST_TEST(said.find(named(second, "no answer")) != std::string::npos, said);
    }
}

BOOST_AUTO_TEST_CASE(a_context_may_end_while_they_race) {
    auto const silent = black_hole(first);
    auto const before = open_files();
    {
        asio::io_context own;
        asio::co_spawn(own, make({first, second}), asio::detached);
        own.run_one();
        own.poll();
        BOOST_TEST(open_files() > before);
    }
    BOOST_TEST(open_files() == before);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
