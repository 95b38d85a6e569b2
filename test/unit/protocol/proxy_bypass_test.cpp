#include "protocol/proxy_bypass.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace {

bool bypassed(std::string_view list, std::string_view host, std::uint16_t port = 443) {
    return allot::bypasses_proxy(allot::split_bypass_list(list), host, port);
}

}

BOOST_AUTO_TEST_SUITE(row_18_proxy_bypass)

BOOST_AUTO_TEST_CASE(names_and_those_below_them) {
    for (auto const* const entry :
         {"example.com", ".example.com", "*.example.com", "EXAMPLE.com", "example.com.",
          "x, example.com\tz"}) {
        BOOST_TEST(bypassed(entry, "example.com"), entry);
        BOOST_TEST(bypassed(entry, "example.com."), entry);
        BOOST_TEST(bypassed(entry, "a.b.example.com"), entry);
        BOOST_TEST(!bypassed(entry, "badexample.com"), entry);
        BOOST_TEST(!bypassed(entry, "example.com.evil"), entry);
        BOOST_TEST(!bypassed(entry, "com"), entry);
    }
    BOOST_TEST(bypassed("*", "graph.microsoft.com"));
    BOOST_TEST(bypassed("a *", "192.0.2.1"));
}

BOOST_AUTO_TEST_CASE(addresses_and_networks) {
    BOOST_TEST(bypassed("192.0.2.1", "192.0.2.1"));
    BOOST_TEST(!bypassed("192.0.2.1", "192.0.2.11"));
    BOOST_TEST(!bypassed("2.1", "192.0.2.1"), "an address has nothing below it");
    BOOST_TEST(bypassed("192.0.2.0/24", "192.0.2.255"));
    BOOST_TEST(!bypassed("192.0.2.0/24", "192.0.3.0"));
    BOOST_TEST(bypassed("10.0.0.0/9", "10.127.255.255"));
    BOOST_TEST(!bypassed("10.0.0.0/9", "10.128.0.0"));
    BOOST_TEST(bypassed("0.0.0.0/0", "203.0.113.9"));
    BOOST_TEST(bypassed("192.0.2.7/32", "192.0.2.7"));
    BOOST_TEST(!bypassed("192.0.2.7/32", "192.0.2.6"));
    BOOST_TEST(bypassed("2001:db8::1", "2001:db8:0::1"));
    BOOST_TEST(bypassed("[2001:db8::1]", "2001:db8::1"));
    BOOST_TEST(bypassed("2001:db8::/32", "2001:db8:ffff::1"));
    BOOST_TEST(bypassed("[2001:db8::]/32", "2001:db8:ffff::1"));
    BOOST_TEST(!bypassed("2001:db8::/32", "2001:db9::1"));
    BOOST_TEST(!bypassed("0.0.0.0/0", "2001:db8::1"));
    BOOST_TEST(!bypassed("0.0.0.0/0", "graph.microsoft.com"), "names are not looked up");
}

BOOST_AUTO_TEST_CASE(ports) {
    BOOST_TEST(bypassed("example.com:443", "a.example.com", 443));
    BOOST_TEST(!bypassed("example.com:8443", "example.com", 443));
    BOOST_TEST(bypassed("192.0.2.1:443", "192.0.2.1", 443));
    BOOST_TEST(!bypassed("192.0.2.1:80", "192.0.2.1", 443));
    BOOST_TEST(bypassed("[2001:db8::1]:443", "2001:db8::1", 443));
    BOOST_TEST(!bypassed("[2001:db8::1]:444", "2001:db8::1", 443));
}

BOOST_AUTO_TEST_CASE(what_is_no_entry_matches_nothing) {
    for (auto const* const entry :
         {"", ",", ".", "*.", ":443", "192.0.2.0/33", "192.0.2.0/x", "192.0.2.0/", "/24", "192.0.2.0/-1",
          "192.0.2.0/24:443", "192.0.2.0/99999999999999999999", "[", "[]", "example.com:", "example.com:x",
          "**", "2001:db8::/129", "a/b"})
        for (auto const* const host : {"example.com", "192.0.2.1", "2001:db8::1"})
            BOOST_TEST(!bypassed(entry, host), entry);
}

BOOST_AUTO_TEST_CASE(this_machine) {
    for (auto const* const host :
         {"localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.255.0.9", "169.254.169.254", "::1",
          "fe80::1"})
        BOOST_TEST(allot::is_local_host(host), host);
    for (auto const* const host :
         {"graph.microsoft.com", "localhost.example", "notlocalhost", "128.0.0.1", "10.0.0.1", "172.16.0.1",
          "169.253.0.1", "::2", "1::1", "::", "fec0::1", "2001:db8::1", "127.0.0.1.example"})
        BOOST_TEST(!allot::is_local_host(host), host);
}

BOOST_AUTO_TEST_SUITE_END()
