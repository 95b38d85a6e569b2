#include "integration/client/credential_fixture.hpp"
#include "io/token_endpoint.hpp"

namespace allot {
namespace {
using namespace std::chrono_literals;
using test::token_rule;

struct fixture : test::credential_fixture {
    token_endpoint_limits limits;

    /// The failure of a request whose form does not matter.
    failure ask() {
        transport_params transport;
        transport.ca_file = (*graph)->info().ca_file;
        auto const endpoint = token_endpoint::make((*graph)->info().token_url, transport, limits).value();
        token_endpoint::form_maker make = [] { return secret(std::string_view("a=b")); };
        return test::run(context, endpoint.request("test", std::move(make))).error();
    }
};

BOOST_FIXTURE_TEST_SUITE(token_endpoints, fixture)

BOOST_AUTO_TEST_CASE(a_silent_endpoint_is_given_up_after_a_time_for_all_attempts) {
    start(token_rule("", R"({"delay_ms":600000})"));
    limits.total = 300ms;
    auto const failed = ask();
    BOOST_TEST((failed.code == errc::token_unavailable));
    BOOST_TEST((failed.reason == end_reason::attempts));
    BOOST_TEST(has(failed.message, "; asked 1 time, for which it has 1 s"), failed.message);
    BOOST_TEST(!failed.retry_at.has_value());
    BOOST_TEST((*graph)->stats().token_requests <= 1u);
}

BOOST_AUTO_TEST_CASE(a_wait_beyond_that_time_is_not_begun) {
    start(token_rule("", R"({"status":503,"headers":{"Retry-After":"30"}})"));
    limits.total = 20s;
    auto const before = std::chrono::system_clock::now();
    auto const failed = ask();
    BOOST_TEST((failed.reason == end_reason::attempts));
    BOOST_TEST(has(failed.message, "it asks to wait 30 s"), failed.message);
    BOOST_TEST_REQUIRE(failed.retry_at.has_value());
    BOOST_TEST((*failed.retry_at >= before + 29s));
    BOOST_TEST(failed.exchange.attempts == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
