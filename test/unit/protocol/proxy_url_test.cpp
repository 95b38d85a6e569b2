#include "protocol/target.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

void expect_refused(std::string const& url, std::string const& message) {
    auto const made = allot::parse_proxy_url("HTTPS_PROXY", url);
    BOOST_TEST_REQUIRE(!made);
    BOOST_TEST((made.error().code == allot::errc::invalid_params));
    BOOST_TEST(made.error().message == message);
}

}

BOOST_AUTO_TEST_SUITE(row_18_proxy_url)

BOOST_AUTO_TEST_CASE(places) {
    struct row {
        char const* url;
        char const* host;
        int port;
        char const* shown;
        bool tls;
    };
    for (auto const& each : {
             row{"http://proxy.corp:3128", "proxy.corp", 3128, "proxy.corp:3128", false},
             row{"http://Proxy.Corp:3128/", "proxy.corp", 3128, "proxy.corp:3128", false},
             row{"proxy.corp:3128", "proxy.corp", 3128, "proxy.corp:3128", false},
             row{"proxy", "proxy", 80, "proxy:80", false},
             row{"HTTP://127.0.0.1", "127.0.0.1", 80, "127.0.0.1:80", false},
             row{"https://proxy.corp", "proxy.corp", 443, "proxy.corp:443", true},
             row{"HTTPS://[2001:db8::1]:8443", "2001:db8::1", 8443, "[2001:db8::1]:8443", true},
         }) {
        auto const made = allot::parse_proxy_url("x", each.url);
        BOOST_TEST_REQUIRE(made.has_value(), each.url);
        BOOST_TEST(made->host == each.host);
        BOOST_TEST(made->port == each.port);
        BOOST_TEST(made->host_field == each.shown);
        BOOST_TEST(made->tls == each.tls);
        BOOST_TEST(made->base_path == "");
    }
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
    expect_refused(
        "socks5://proxy:1080", "HTTPS_PROXY \"socks5://proxy:1080\": only http and https proxies are spoken "
                               "to; write http://HOST:PORT");
    expect_refused(
        "http://ada:sesame@proxy:1", "HTTPS_PROXY (not shown: may hold a password): user and password have "
                                     "no place in it; give them as the "
                                     "proxy's credentials");
    expect_refused(
        "http://proxy:1/x",
        "HTTPS_PROXY \"http://proxy:1/x\": a path has no place in it; write http://HOST:PORT");
    for (auto const* const url :
         {"http://", "http://:1", "http://a b", "http://proxy:0", "http://proxy:65536", "http://proxy?x",
          "http://proxy#x", "http://proxy/\r\nx", "://proxy", "", "http://pro%20xy"})
        BOOST_TEST(!allot::parse_proxy_url("x", url), url);
}

BOOST_AUTO_TEST_CASE(host_and_port) {
    BOOST_TEST(allot::host_and_port("graph.microsoft.com", 443) == "graph.microsoft.com:443");
    BOOST_TEST(allot::host_and_port("2001:db8::1", 8443) == "[2001:db8::1]:8443");
}

BOOST_AUTO_TEST_SUITE_END()
