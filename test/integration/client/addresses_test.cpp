#include "io/connection.hpp"
#include "protocol/connect_race_state.hpp"
#include "support/coroutine.hpp"
#include "support/full_port.hpp"
#include "support/scripted_resolver.hpp"
#include "support/simulated_client.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

/// Connections to the simulator under a name whose addresses a test decides.
namespace allot {
namespace {
namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
using test::scripted_resolver;

std::string const host = "localhost"; // the simulator's certificate has it

simulator_params on(std::string address) {
    simulator_params made;
    made.assignments = 1;
    made.address = std::move(address);
    return made;
}

asio::awaitable<std::string>
open_one(deadline_queue& deadlines, endpoint& to, std::chrono::milliseconds time) {
    auto const executor = co_await asio::this_coro::executor;
    exchange_memory memory(1);
    connection made(readiness_set::make(executor), deadlines, memory);
    auto const failed = co_await made.open(to, clock::now() + time);
    auto const said = failed ? failed->code.message() + ": " + failed->message : made.address().text;
    made.close();
    co_return said;
}

struct fixture {
    explicit fixture(std::string const& listens_on = "127.0.0.1") : graph(on(listens_on)) {
        auto const url = graph->info().graph_url;
        port = static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
        transport.ca_file = graph->info().ca_file;
        serve();
    }

    void serve(lookup_params const& params = lookup_params()) {
        auto where = parse_graph_url("https://" + host + ":" + std::to_string(port)).value();
        to.emplace(
            std::move(where), transport, tls_context::make_client(transport.ca_file).value(), nullptr,
            resolver.serve(params));
    }
    /// The address that a new connection leads to, or why there is none.
    std::string open(std::chrono::milliseconds time = 30s) {
        return test::run(context, open_one(deadlines, *to, time));
    }
    tcp::endpoint at(std::string const& address) const { return {asio::ip::make_address(address), port}; }

    test::simulated_graph graph;
    asio::io_context context;
    deadline_queue deadlines{context.get_executor()};
    scripted_resolver resolver;
    transport_params transport;
    std::uint16_t port = 0;
    std::optional<endpoint> to;
};

struct everywhere : fixture {
    everywhere() : fixture("0.0.0.0") {}
};

bool has(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

BOOST_FIXTURE_TEST_SUITE(addresses, fixture)

BOOST_FIXTURE_TEST_CASE(row_19_connections_spread_over_all_addresses, everywhere) {
    resolver.answer(host, {"127.0.0.1", "127.0.0.2", "127.0.0.3"});
    std::map<std::string, int> used;
    for (int i = 0; i != 9; ++i)
        ++used[open()];
    BOOST_TEST(used.size() == 3u);
    for (auto const& [address, count] : used)
        BOOST_TEST(count == 3, address);
    BOOST_TEST(resolver.calls(host) == 1u);
}

BOOST_AUTO_TEST_CASE(row_19_an_address_that_refuses_is_passed_over) {
    resolver.answer(host, {"127.0.0.2", "127.0.0.1", "127.0.0.3"});
    for (int i = 0; i != 4; ++i)
        BOOST_TEST(open() == "127.0.0.1");
    BOOST_TEST(resolver.calls(host) == 1u);
}

BOOST_AUTO_TEST_CASE(row_19_addresses_that_rotated_away_are_looked_up_anew) {
    resolver.answer_in_turn(
        host, {scripted_resolver::to({"127.0.0.2", "127.0.0.3"}), scripted_resolver::to({"127.0.0.1"})});
    auto const said = open();
    BOOST_TEST(has(said, "no connection: connecting to localhost:"), said);
    BOOST_TEST(has(said, "127.0.0.2:" + std::to_string(port) + " (Connection refused)"), said);
    BOOST_TEST(has(said, "127.0.0.3:" + std::to_string(port) + " (Connection refused)"), said);
    BOOST_TEST(open() == "127.0.0.1");
    BOOST_TEST(open() == "127.0.0.1");
    BOOST_TEST(resolver.calls(host) == 2u);
}

BOOST_AUTO_TEST_CASE(row_19_an_address_without_working_tls_is_looked_up_anew_and_comes_last) {
    // It takes connections and closes them.
    asio::io_context aside;
    tcp::acceptor broken(aside, at("127.0.0.2"));
    broken.async_accept([](auto, auto) {});
    resolver.answer(host, {"127.0.0.2", "127.0.0.1"});
    std::thread closes([&] { aside.run(); });
    auto const said = open();
    BOOST_TEST(has(said, "TLS "), said);
    closes.join();
    for (int i = 0; i != 3; ++i)
        BOOST_TEST(open() == "127.0.0.1");
    BOOST_TEST(resolver.calls(host) == 2u);
}

BOOST_AUTO_TEST_CASE(row_19_a_lookup_that_hangs_ends_within_the_connect_timeout) {
    resolver.hold(host);
    auto const said = open(30ms);
    BOOST_TEST(
        has(said, "host name not resolved: looking up localhost: no answer within the deadline"), said);
}

BOOST_AUTO_TEST_CASE(row_19_the_old_answer_serves_while_name_servers_hang) {
    lookup_params params;
    params.lifetime = 0ms;
    params.patience = 20ms;
    serve(params);
    resolver.answer(host, {"127.0.0.1"});
    BOOST_TEST(open() == "127.0.0.1");
    resolver.hold(host);
    for (int i = 0; i != 3; ++i)
        BOOST_TEST(open() == "127.0.0.1");
    BOOST_TEST(resolver.calls(host) == 2u);
}

BOOST_AUTO_TEST_CASE(row_20_a_silent_address_is_passed_over_and_comes_last) {
    test::full_port const silent(at("127.0.0.2"));
    resolver.answer(host, {"127.0.0.2", "127.0.0.1"});
    auto const start = clock::now();
    BOOST_TEST(open() == "127.0.0.1");
    BOOST_TEST((clock::now() - start >= connect_race_state::delay));
    auto const next = to->addresses().order(clock::now(), {{"127.0.0.2"}, {"127.0.0.1"}});
    BOOST_TEST(next.front().text == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(row_22_a_new_connection_verifies_afresh_whatever_address_answers) {
    // Another machine got an address of the host: its certificate is for the name, but not from this root.
    test::simulated_graph other(on("127.0.0.1"));
    transport.connect_to = {{host, port, "", 0}};
    auto const url = other->info().graph_url;
    transport.connect_to[0].address_port =
        static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
    serve();
    resolver.answer(host, {"127.0.0.1"});
    auto const said = open();
    BOOST_TEST(has(said, "certificate"), said);
    transport.connect_to.clear();
    serve();
    BOOST_TEST(open() == "127.0.0.1");
}

BOOST_AUTO_TEST_SUITE_END()

}
}
