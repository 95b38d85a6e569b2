#include "integration/client/connection_fixture.hpp"
#include "support/coroutine.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::string_view request = "GET /beta/unknown HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct fixture : test::connection_fixture {
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
    asio::awaitable<void> exchange() {
        auto const lease = co_await acquire();
        auto const failed = co_await lease.connection().finish_exchange(begin(lease.connection(), request));
        BOOST_TEST(!failed);
    }

    connection_pool pool{context.get_executor(), deadlines, graph_endpoint(), params()};
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
        in.begin(lease.connection(), request);
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
