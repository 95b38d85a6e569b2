#include "io/connection_pool.hpp"
#include "support/coroutine.hpp"
#include "support/simulated_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr std::string_view request = "GET /beta/unknown HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct fixture {
    static endpoint endpoint_of(test::simulated_graph const& graph) {
        auto const& info = graph->info();
        transport_params transport;
        transport.ca_file = info.ca_file;
        return endpoint::make(parse_graph_url(info.graph_url).value(), transport).value();
    }
    static connection_pool_params params() {
        connection_pool_params made;
        made.capacity = 2;
        made.idle_timeout = 1min;
        made.connect_timeout = 1min;
        return made;
    }

    asio::awaitable<connection_pool::lease> acquire() {
        auto got = co_await pool.acquire(false, std::nullopt);
        co_return std::move(got).value();
    }
    connection::progress begin(connection& with) {
        return with.begin_exchange(request, 1024, content_coding::identity, clock::now() + 1min);
    }
    asio::awaitable<void> exchange() {
        auto const lease = co_await acquire();
        auto const failed = co_await lease.connection().finish_exchange(begin(lease.connection()));
        BOOST_TEST(!failed);
    }

    test::simulated_graph graph{1};
    asio::io_context context;
    deadline_queue deadlines{context.get_executor()};
    connection_pool pool{context.get_executor(), deadlines, endpoint_of(graph), params()};
};

BOOST_FIXTURE_TEST_SUITE(connection_pools, fixture)

asio::awaitable<void> drop_unused(fixture& in) {
    for (int round = 0; round != 2; ++round) {
        auto const unused = co_await in.acquire();
        BOOST_TEST(unused.reused() == (round != 0));
    }
    co_await in.exchange();
    {
        auto const unused = co_await in.acquire();
        BOOST_TEST(unused.reused());
    }
    co_await in.exchange();
    BOOST_TEST(in.pool.opened() == 1u);
    in.deadlines.rest();
    in.pool.close_idle();
}

BOOST_AUTO_TEST_CASE(a_connection_that_was_not_used_is_kept) {
    test::run(context, drop_unused(*this));
}

asio::awaitable<void> break_off(fixture& in) {
    {
        auto const lease = co_await in.acquire();
        in.begin(lease.connection());
    }
    co_await in.exchange();
    BOOST_TEST(in.pool.opened() == 2u);
    in.deadlines.rest();
    in.pool.close_idle();
}

BOOST_AUTO_TEST_CASE(an_exchange_that_was_broken_off_takes_its_connection_along) {
    test::run(context, break_off(*this));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
