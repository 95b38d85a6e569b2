#include "simulator/listen_address.hpp"

#include <boost/test/unit_test.hpp>

namespace allot::simulation {
namespace {

BOOST_AUTO_TEST_SUITE(listen_address_suite)

BOOST_AUTO_TEST_CASE(good_forms) {
    struct {
        char const* text;
        char const* address;
        unsigned port;
    } const cases[] = {
        {"127.0.0.1:0", "127.0.0.1", 0},
        {"0.0.0.0:65535", "0.0.0.0", 65535},
        {"[::1]:8443", "::1", 8443},
        {"localhost:8443", "127.0.0.1", 8443},
    };
    for (auto const& each : cases) {
        auto const made = parse_listen_address(each.text);
        BOOST_TEST_REQUIRE(made.has_value());
        BOOST_TEST(made->address == each.address);
        BOOST_TEST(made->port == each.port);
    }
}

BOOST_AUTO_TEST_CASE(bad_forms) {
    for (auto const* text :
         {"", ":", "127.0.0.1", "127.0.0.1:", ":8443", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:1x",
          "127.0.0.1: 1", "::1:8443", "[127.0.0.1]:1", "[localhost]:1", "graph.microsoft.com:443",
          "https://127.0.0.1:1"})
        BOOST_TEST(!parse_listen_address(text), text);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
