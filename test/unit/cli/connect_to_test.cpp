#include "cli/connect_to.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>

using namespace allot;

namespace {

void expect(
    char const* text, std::string const& host, int port, std::string const& address, int address_port) {
    auto const parsed = parse_connect_to(text);
    BOOST_TEST_CONTEXT(text) {
        BOOST_REQUIRE(parsed);
        BOOST_TEST(parsed->host == host);
        BOOST_TEST(parsed->port == port);
        BOOST_TEST(parsed->address == address);
        BOOST_TEST(parsed->address_port == address_port);
    }
}

}

BOOST_AUTO_TEST_SUITE(connect_to)

BOOST_AUTO_TEST_CASE(forms_that_curl_takes) {
    expect("graph.microsoft.com:443:127.0.0.1:8443", "graph.microsoft.com", 443, "127.0.0.1", 8443);
    expect("::localhost:8443", "", 0, "localhost", 8443);
    expect("a:1::", "a", 1, "", 0);
    expect("[::1]:443:[fe80::1]:65535", "::1", 443, "fe80::1", 65535);
    expect(":::", "", 0, "", 0);
}

BOOST_AUTO_TEST_CASE(other_forms_are_refused) {
    for (auto const* const text :
         {"", "a", "a:1", "a:1:b", "a:1:b:2:3", "a:0:b:1", "a:65536:b:1", "a:x:b:1", "a:1:b:-2",
          "[::1:443:b:1", "[::1]443:b:1", "[::1]"})
        BOOST_TEST(!parse_connect_to(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
