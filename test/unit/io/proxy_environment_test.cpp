#include "io/endpoint.hpp"
#include "io/proxy_route.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <utility>

namespace allot {
namespace {

using variables = std::map<std::string, std::string>;

result<proxy_params> from(variables const& all) {
    return proxy_from_environment([all](char const* name) {
        auto const found = all.find(name);
        return found == all.end() ? std::nullopt : std::optional(found->second);
    });
}

void expect_refused(variables const& all, std::string const& message) {
    auto const made = from(all);
    BOOST_TEST_REQUIRE(!made);
    BOOST_TEST((made.error().code == errc::invalid_params));
    BOOST_TEST(made.error().message == message);
}

endpoint to(std::string const& url, transport_params const& transport) {
    return endpoint(
        parse_graph_url(url).value(), transport, tls_context::make_client("").value(),
        make_proxy_route(transport).value());
}

BOOST_AUTO_TEST_SUITE(row_18_proxy_settings)

BOOST_AUTO_TEST_CASE(without_variables_there_is_no_proxy) {
    auto const made =
        from({{"HTTP_PROXY", "http://a:1"}, {"http_proxy", "http://a:1"}, {"ALL_PROXY", "http://a:1"}});
    BOOST_TEST(made.value().url == "");
    BOOST_TEST(made.value().bypass.empty());
    BOOST_TEST(!make_proxy_route(made.value(), "x").value());
}

BOOST_AUTO_TEST_CASE(lower_case_comes_first_as_with_curl) {
    BOOST_TEST(from({{"HTTPS_PROXY", "http://upper:1"}}).value().url == "http://upper:1");
    BOOST_TEST(
        from({{"HTTPS_PROXY", "http://upper:1"}, {"https_proxy", "lower:2"}}).value().url == "lower:2");
    BOOST_TEST(
        from({{"HTTPS_PROXY", "http://upper:1"}, {"https_proxy", ""}}).value().url == "http://upper:1");
    auto const made = from({{"NO_PROXY", "x"}, {"no_proxy", "a,b c"}}).value();
    BOOST_TEST((made.bypass == std::vector<std::string>{"a", "b", "c"}));
}

BOOST_AUTO_TEST_CASE(user_and_password_are_taken_out_of_the_url) {
    struct row {
        char const* value;
        char const* url;
        char const* credentials;
    };
    for (auto const& each : {
             row{"http://ada:sesame@proxy:1", "http://proxy:1", "ada:sesame"},
             row{"ada:sesame@proxy:1", "proxy:1", "ada:sesame"},
             row{"https://ada:a%3Ab%2F%40%25@proxy", "https://proxy", "ada:a:b/@%"},
             row{"http://ada:a:b@proxy/", "http://proxy/", "ada:a:b"},
             row{"http://ada:p@ss@proxy", "http://proxy", "ada:p@ss"},
             row{"http://ada@proxy", "http://proxy", "ada:"},
             row{"http://ada:@proxy", "http://proxy", "ada:"},
         }) {
        auto const made = from({{"HTTPS_PROXY", each.value}});
        BOOST_TEST_REQUIRE(made.has_value(), each.value);
        BOOST_TEST(made->url == each.url);
        BOOST_TEST(made->credentials.reveal() == each.credentials);
    }
}

BOOST_AUTO_TEST_CASE(errors_name_the_variable_and_show_no_credentials) {
    std::string const escapes = ": user and password before the \"@\" must be percent-encoded: %25 for "
                                "\"%\", %3A for \":\" in the user; correct "
                                "the variable";
    expect_refused({{"https_proxy", "http://ada:ses%ame@proxy"}}, "https_proxy" + escapes);
    expect_refused({{"HTTPS_PROXY", "http://a%3Ada:sesame@proxy"}}, "HTTPS_PROXY" + escapes);
    expect_refused(
        {{"HTTPS_PROXY", "http://ada:sesame%0D%0AX@proxy:1"}},
        "the credentials of proxy proxy:1 must be USER:PASSWORD in one line, without control characters; "
        "correct them");
    expect_refused(
        {{"HTTPS_PROXY", "socks5h://ada:sesame@proxy:1"}},
        "HTTPS_PROXY \"socks5h://proxy:1\": only http and https proxies are spoken to; write "
        "http://HOST:PORT");
    // The "/" ends the host, and what is behind it may be a password all the same.
    expect_refused(
        {{"HTTPS_PROXY", "http://ada:se/same@proxy:1"}},
        "HTTPS_PROXY (not shown: may hold a password): the host must be a name of letters, digits, \"-\" and "
        "\"_\" "
        "between dots (an international name in its xn-- form), an IPv4 address, or an IPv6 address in "
        "brackets");
}

BOOST_AUTO_TEST_CASE(basic_credentials) {
    proxy_params params;
    params.url = "proxy:1";
    params.credentials = secret(std::string_view("Aladdin:open sesame"));
    // RFC 7617 section 2.
    BOOST_TEST(
        make_proxy_route(params, "x").value()->authorization.reveal() ==
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    params.credentials = secret(std::string_view("no colon"));
    BOOST_TEST(!make_proxy_route(params, "x"));
}

BOOST_AUTO_TEST_CASE(who_is_connected_to) {
    transport_params transport;
    transport.proxy.url = "http://proxy.corp:3128";
    transport.proxy.bypass = {"direct.example"};
    auto const through = to("https://graph.microsoft.com", transport);
    BOOST_TEST_REQUIRE((through.proxy() != nullptr));
    BOOST_TEST(through.connect_host() == "proxy.corp");
    BOOST_TEST(through.connect_port() == 3128);
    BOOST_TEST(through.tunnel_target() == "graph.microsoft.com:443");

    for (auto const* const url :
         {"https://a.direct.example", "https://localhost:1", "https://127.0.0.1", "https://169.254.1.1",
          "https://[::1]", "https://[fe80::1]"})
        BOOST_TEST((to(url, transport).proxy() == nullptr), url);
    BOOST_TEST(to("https://a.direct.example:8443", transport).connect_port() == 8443);
}

BOOST_AUTO_TEST_CASE(the_proxy_is_asked_for_what_connect_to_says) {
    transport_params transport;
    transport.proxy.url = "proxy.corp";
    transport.connect_to = {{"graph.microsoft.com", 443, "2001:db8::1", 8443}};
    auto const through = to("https://graph.microsoft.com", transport);
    BOOST_TEST(through.connect_host() == "proxy.corp");
    BOOST_TEST(through.connect_port() == 80);
    BOOST_TEST(through.tunnel_target() == "[2001:db8::1]:8443");
    // What is for this machine stays here; another machine's loopback is another matter.
    transport.connect_to = {{"", 0, "127.0.0.1", 1}};
    BOOST_TEST((to("https://graph.microsoft.com", transport).proxy() != nullptr));
    BOOST_TEST((to("https://localhost", transport).proxy() == nullptr));

    for (auto const* const address : {"a b", "a\r\nX-Y: z", "a/b", "fe80::1%eth0"}) {
        transport.connect_to = {{"", 0, address, 1}};
        BOOST_TEST(!make_proxy_route(transport), address);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}
}
