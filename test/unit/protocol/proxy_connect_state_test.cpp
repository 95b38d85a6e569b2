#include "protocol/proxy_connect_state.hpp"
#include "protocol/retry_state.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using allot::errc;
using allot::proxy_connect_state;
using allot::proxy_event;
using allot::proxy_news;
using allot::proxy_step;

constexpr std::size_t whole = std::numeric_limits<std::size_t>::max();
constexpr char const* encoded = "Basic YWRhOm9wZW4gc2VzYW1l"; // ada:open sesame

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// Plays a script: what happens, and what is to be done then.
struct fixture {
    std::unique_ptr<proxy_connect_state> state;

    void renew(char const* authorization = "") {
        state = std::make_unique<proxy_connect_state>(
            "proxy.corp:3128", "graph.microsoft.com:443", "allot/1",
            allot::secret(std::string_view(authorization)));
    }
    proxy_step feed(proxy_news news) { return state->resume({news, 0, {}}); }
    void ask(char const* authorization = "") {
        renew(authorization);
        BOOST_TEST_REQUIRE((feed(proxy_news::begun) == proxy_step::send));
        BOOST_TEST_REQUIRE((feed(proxy_news::sent) == proxy_step::receive));
    }
    proxy_step answer(std::string_view bytes, std::size_t piece = whole) {
        auto step = proxy_step::receive;
        while (!bytes.empty() && step == proxy_step::receive) {
            auto const room = state->room();
            auto const size = std::min({piece, room.size(), bytes.size()});
            std::memcpy(room.data(), bytes.data(), size);
            bytes.remove_prefix(size);
            step = state->resume({proxy_news::received, size, {}});
        }
        return step;
    }
    /// Asks, and gets this answer, whole or in pieces.
    proxy_step answered(std::string const& bytes, char const* authorization = "") {
        for (std::size_t const piece : {std::size_t{1}, std::size_t{7}}) {
            ask(authorization);
            answer(bytes, piece);
        }
        auto const in_pieces = state->reason();
        ask(authorization);
        auto const step = answer(bytes);
        BOOST_TEST(state->reason().message == in_pieces.message);
        return step;
    }
    std::string const& message() const { return state->reason().message; }

    void expect_failed(proxy_step step, errc code) const {
        BOOST_TEST((step == proxy_step::failed));
        BOOST_TEST((state->reason().code == code));
        BOOST_TEST(
            message().starts_with("proxy proxy.corp:3128, asked to connect to graph.microsoft.com:443: "));
    }
};

}

BOOST_FIXTURE_TEST_SUITE(row_18_proxy_connect_state, fixture)

BOOST_AUTO_TEST_CASE(asks_for_a_tunnel_and_for_nothing_else) {
    ask();
    BOOST_TEST(
        state->request() == "CONNECT graph.microsoft.com:443 HTTP/1.1\r\nHost: graph.microsoft.com:443\r\n"
                            "User-Agent: allot/1\r\n\r\n");
    BOOST_TEST((answer("HTTP/1.1 200 Connection established\r\n\r\n") == proxy_step::open));
}

BOOST_AUTO_TEST_CASE(credentials_are_sent_at_once) {
    ask(encoded);
    BOOST_TEST(
        state->request() == "CONNECT graph.microsoft.com:443 HTTP/1.1\r\nHost: graph.microsoft.com:443\r\n"
                            "User-Agent: allot/1\r\nProxy-Authorization: " +
                                std::string(encoded) + "\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(every_2xx_opens_the_tunnel_whatever_it_says_of_a_body) {
    for (auto const* const bytes :
         {"HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
          "HTTP/1.1 204 No\r\nConnection: close\r\n\r\n", "HTTP/1.1 299 Fine\r\nProxy-Agent: x\r\n\r\n",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n"})
        BOOST_TEST((answered(bytes) == proxy_step::open), bytes);
}

BOOST_AUTO_TEST_CASE(bytes_behind_a_200_are_an_error) {
    for (auto const* const bytes :
         {"HTTP/1.1 200 OK\r\n\r\nx", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
          "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"}) {
        ask();
        expect_failed(answer(bytes), errc::malformed_response);
        BOOST_TEST(has(message(), "bytes after the end"));
    }
}

BOOST_AUTO_TEST_CASE(statuses_are_final_or_can_pass) {
    struct row {
        int status;
        errc code;
        char const* words;
    };
    for (auto const& each : std::vector<row>{
             {403, errc::proxy_refused, "have it allowed there, or connect without the proxy (NO_PROXY)"},
             {301, errc::proxy_refused, "redirects (301), which is not followed"},
             {302, errc::proxy_refused, "redirects (302), which is not followed"},
             {400, errc::proxy_refused, "refuses (400)"},
             {401, errc::proxy_refused, "refuses (401)"},
             {404, errc::proxy_refused, "refuses (404)"},
             {405, errc::proxy_refused, "that allows CONNECT to this port"},
             {501, errc::proxy_refused, "refuses (501)"},
             {511, errc::proxy_refused, "refuses (511)"},
             {408, errc::connect_failed, "(408)"},
             {429, errc::connect_failed, "(429)"},
             {500, errc::connect_failed, "(500)"},
             {502, errc::connect_failed, "could not connect there (502)"},
             {503, errc::connect_failed, "could not connect there (503)"},
             {504, errc::connect_failed, "could not connect there (504)"}}) {
        auto const start =
            "HTTP/1.1 " + std::to_string(each.status) + " X\r\nLocation: https://evil.example/\r\n";
        for (auto const* const rest :
             {"\r\n", "Content-Length: 4\r\n\r\nbody", "Connection: close\r\n\r\n<html>to the end",
              "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"}) {
            expect_failed(answered(start + rest), each.code);
            BOOST_TEST(has(message(), each.words), message());
            BOOST_TEST(!has(message(), "evil"));
            BOOST_TEST(allot::transport_can_pass(each.code) == (each.code == errc::connect_failed));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_407_says_what_to_do) {
    std::string const start = "HTTP/1.1 407 Proxy Authentication Required\r\n";
    expect_failed(answered(start + "Proxy-Authenticate: Basic realm=\"Squid\"\r\n\r\n"), errc::proxy_refused);
    BOOST_TEST(has(message(), "asks for a user and a password (407)"));
    BOOST_TEST(has(message(), "--proxy-credentials-file, or USER:PASSWORD@ in HTTPS_PROXY"));

    expect_failed(
        answered(start + "Proxy-Authenticate: Negotiate, basic realm=\"x\"\r\n\r\n", encoded),
        errc::proxy_refused);
    BOOST_TEST(has(message(), "does not accept this user and password (407): correct"));

    for (auto const* const authorization : {"", encoded}) {
        expect_failed(
            answered(
                start + "Proxy-Authenticate: negotiate\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: "
                        "Digest realm=\"Basic\", nonce=\"x\"\r\n\r\n",
                authorization),
            errc::proxy_refused);
        BOOST_TEST(
            has(message(), "offers Digest, NTLM, Negotiate, but only Basic is spoken: have it offer Basic"));
    }
    expect_failed(answered(start + "WWW-Authenticate: Basic realm=\"x\"\r\n\r\n"), errc::proxy_refused);
    BOOST_TEST(has(message(), "offers no scheme for it"));
}

BOOST_AUTO_TEST_CASE(what_the_proxy_repeats_is_not_shown) {
    std::string const secrets[] = {"ada:open sesame", "open sesame", "YWRhOm9wZW4gc2VzYW1l"};
    for (int const status : {302, 400, 403, 407, 502, 599})
        for (auto const& echo : secrets) {
            ask(encoded);
            answer(
                "HTTP/1.1 " + std::to_string(status) + ' ' + echo + "\r\nLocation: http://" + echo +
                "/\r\nProxy-Authenticate: " + echo + "\r\nProxy-Authenticate: " + echo + " realm=\"" + echo +
                "\"\r\nX-Squid-Error: " + echo + "\r\n\r\n" + echo);
            for (auto const& hidden : secrets)
                BOOST_TEST(!has(message(), hidden), message());
        }
    ask(encoded);
    answer("HTTP/1.1 407 X\r\nProxy-Authenticate: YWRhOm9wZW4gc2VzYW1l\r\n\r\n");
    BOOST_TEST(has(message(), "offers another scheme"));
}

BOOST_AUTO_TEST_CASE(what_is_not_http_is_refused) {
    for (auto const* const bytes :
         {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 200 OK\n\n",
          "HTTP/1.1 101 Upgrade\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "HTTP/1.1 099 X\r\n\r\n",
          "HTTP/1.1 200 OK\r\nA b: c\r\n\r\n", "\x15\x03\x01\x00\x02\x02\x46"})
        expect_failed(answered(bytes), errc::malformed_response);
    expect_failed(answered("HTTP/1.1 200 OK\r\nA: " + std::string(40'000, 'x')), errc::response_too_large);
    std::string flood;
    for (int i = 0; i != 9; ++i)
        flood += "HTTP/1.1 103 Early Hints\r\n\r\n";
    expect_failed(answered(flood + "HTTP/1.1 200 OK\r\n\r\n"), errc::response_too_large);
}

BOOST_AUTO_TEST_CASE(fails_and_is_cancelled_at_every_step) {
    struct setback {
        proxy_news news;
        errc code;
    };
    // Connected, asked, in the midst of the answer.
    for (int steps = 0; steps != 3; ++steps)
        for (auto const& each : std::vector<setback>{
                 {proxy_news::ended, errc::connection_lost},
                 {proxy_news::broken, errc::connection_lost},
                 {proxy_news::timed_out, errc::timed_out},
                 {proxy_news::cancelled, errc::cancelled}}) {
            renew(encoded);
            feed(proxy_news::begun);
            if (steps > 0)
                feed(proxy_news::sent);
            if (steps > 1)
                BOOST_TEST((answer("HTTP/1.1 200 OK\r\nA: b") == proxy_step::receive));
            expect_failed(state->resume({each.news, 0, boost::asio::error::connection_reset}), each.code);
            if (each.news == proxy_news::broken)
                BOOST_TEST(state->reason().cause == boost::asio::error::connection_reset);
            if (each.news == proxy_news::ended)
                BOOST_TEST(has(message(), steps > 1 ? "in the middle of its answer" : "without an answer"));
            // What comes late or twice changes nothing.
            auto const before = message();
            for (auto const late :
                 {proxy_news::begun, proxy_news::sent, proxy_news::ended, proxy_news::broken,
                  proxy_news::timed_out, proxy_news::cancelled, each.news})
                BOOST_TEST((feed(late) == proxy_step::failed));
            BOOST_TEST(message() == before);
        }
}

BOOST_AUTO_TEST_CASE(a_tunnel_stays_open) {
    BOOST_TEST((answered("HTTP/1.1 200 OK\r\n\r\n") == proxy_step::open));
    for (auto const late : {proxy_news::begun, proxy_news::sent, proxy_news::ended, proxy_news::cancelled})
        BOOST_TEST((feed(late) == proxy_step::open));
    BOOST_TEST(message() == "");
}

BOOST_AUTO_TEST_SUITE_END()
