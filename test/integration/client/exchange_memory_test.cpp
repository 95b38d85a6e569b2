#include "integration/client/connection_fixture.hpp"
#include "support/coroutine.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

// A connection has memory for bytes while there are any.
namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

std::string request_for(std::string const& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

struct fixture : test::connection_fixture {
    fixture() :
        connection_fixture(R"({"rules":[{"match":{"path":"openid-configuration"},"do":{"delay_ms":200}}]})") {
    }

    /// Whether the next one that asks is lent what was lent last before.
    bool all_is_there() {
        return memory.tls.lend().get() == buffers && memory.answers.lend().get() == answer;
    }

    asio::awaitable<void> open(connection& made) {
        auto const failed = co_await made.open(to, clock::now() + 1min);
        BOOST_TEST_REQUIRE(!failed);
        buffers = memory.tls.lend().get();
        answer = memory.answers.lend().get();
    }

    exchange_memory memory{4};
    endpoint to = graph_endpoint();
    void const* buffers = nullptr;
    void const* answer = nullptr;
};

BOOST_FIXTURE_TEST_SUITE(exchange_memory_use, fixture)

asio::awaitable<void> wait_for_a_late_answer(fixture& in) {
    connection made(readiness_set::make(in.context.get_executor()), in.deadlines, in.memory);
    co_await in.open(made);
    auto const request =
        request_for("/" + in.graph->info().tenant + "/v2.0/.well-known/openid-configuration");
    auto sent = in.begin(made, request);
    BOOST_TEST((sent == connection::progress::blocked));
    while (sent == connection::progress::blocked) {
        // Also once the session tickets have come, which are no answer.
        BOOST_TEST(in.all_is_there());
        bool const ready = co_await made.wait_for_peer();
        sent = made.continue_exchange(ready);
    }
    auto const failed = made.end_exchange();
    BOOST_TEST(!failed);
    BOOST_TEST(made.response().status() == 200);
    made.close();
    in.deadlines.rest();
}

BOOST_AUTO_TEST_CASE(who_waits_has_none) {
    test::run(context, wait_for_a_late_answer(*this));
}

asio::awaitable<void> read_and_give_back(fixture& in) {
    connection made(readiness_set::make(in.context.get_executor()), in.deadlines, in.memory);
    co_await in.open(made);
    for (int round = 0; round != 2; ++round) {
        auto const sent = in.begin(made, request_for("/beta/unknown"));
        auto const failed = co_await made.finish_exchange(sent);
        BOOST_TEST(!failed);
        BOOST_TEST(made.response().status() >= 400);
        BOOST_TEST(!in.all_is_there());
        made.give_back_answer();
        BOOST_TEST(in.all_is_there());
    }
    made.close();
    in.deadlines.rest();
}

BOOST_AUTO_TEST_CASE(an_answer_has_some_until_it_is_given_back) {
    test::run(context, read_and_give_back(*this));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
