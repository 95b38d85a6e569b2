#include "io/endpoint.hpp"
#include "unit/io/tls_peers.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace {

using namespace allot::test;
using namespace std::chrono_literals;
using allot::is_usable;
using allot::tls_session;

allot::endpoint new_endpoint() {
    return {allot::parse_graph_url("https://graph.example").value(), {}, authority::get().context, nullptr};
}

/// A session of a new connection, verified by the certificate.
tls_session session_by(certificate const& identity, int version) {
    tls_pair link(serving(identity, version));
    link.server.write("x");
    link.receive();
    return link.client.take_session();
}

tls_session session_until(std::string end, int version) {
    return session_by(
        authority::get().root.issue({.alternative_names = "DNS:graph.example", .not_after = std::move(end)}),
        version);
}

std::chrono::system_clock::time_point begin_of(tls_session const& session) {
    return std::chrono::system_clock::from_time_t(SSL_SESSION_get_time(session.get()));
}

}

BOOST_AUTO_TEST_SUITE(tls_sessions)

BOOST_AUTO_TEST_CASE(each_is_given_out_once_the_newest_first) {
    auto to = new_endpoint();
    std::vector<SSL_SESSION*> kept;
    std::chrono::system_clock::time_point now;
    for (int i = 0; i != 3; ++i) {
        auto session = session_by(authority::get().good, TLS1_3_VERSION);
        kept.push_back(session.get());
        now = begin_of(session);
        to.keep_session(std::move(session));
    }
    to.keep_session(nullptr);
    for (int i = 3; i-- != 0;)
        BOOST_TEST(to.take_session(now).get() == kept[static_cast<std::size_t>(i)]);
    BOOST_TEST(!to.take_session(now));
}

BOOST_AUTO_TEST_CASE(the_oldest_of_many_makes_room) {
    auto to = new_endpoint();
    auto const session = session_by(authority::get().good, TLS1_3_VERSION);
    for (int i = 0; i != 65; ++i)
        to.keep_session(tls_session(SSL_SESSION_dup(session.get())));
    for (int i = 0; i != 64; ++i)
        BOOST_TEST(to.take_session(begin_of(session)).get());
    BOOST_TEST(!to.take_session(begin_of(session)));
}

BOOST_AUTO_TEST_CASE(endpoints_share_none) {
    // Each has its own rules of verification, and a resumed server is not verified again.
    auto one = new_endpoint();
    auto other = new_endpoint();
    auto session = session_by(authority::get().good, TLS1_3_VERSION);
    auto const now = begin_of(session);
    one.keep_session(std::move(session));
    BOOST_TEST(!other.take_session(now));
    BOOST_TEST(one.take_session(now).get());
}

BOOST_AUTO_TEST_CASE(row_22_a_session_ends_with_the_certificate) {
    BOOST_TEST(!is_usable(nullptr, {}));
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        auto session = session_until("20880101000000Z", version);
        auto const now = begin_of(session);
        auto const end = std::chrono::sys_days(std::chrono::year(2088) / 1 / 1);
        // Only the end of the certificate is near.
        SSL_SESSION_set_time(session.get(), std::chrono::system_clock::to_time_t(end - 60s));
        BOOST_TEST(is_usable(session, end - 1s));
        BOOST_TEST(!is_usable(session, end));
        auto to = new_endpoint();
        to.keep_session(std::move(session));
        BOOST_TEST(!to.take_session(end));

        auto const other = session_until("20900101000000Z", version);
        BOOST_TEST(is_usable(other, now));
        SSL_SESSION_set_time(other.get(), std::chrono::system_clock::to_time_t(end - 60s));
        BOOST_TEST(is_usable(other, end));
    }
}

BOOST_AUTO_TEST_CASE(an_old_session_is_not_resumed) {
    auto const session = session_by(authority::get().good, TLS1_2_VERSION);
    auto const begin = begin_of(session);
    auto const life = std::chrono::seconds(SSL_SESSION_get_timeout(session.get()));
    BOOST_TEST((life <= 2h));
    BOOST_TEST(is_usable(session, begin + life - 1s));
    BOOST_TEST(!is_usable(session, begin + life));
}

BOOST_AUTO_TEST_CASE(a_session_of_tls_1_2_is_given_back_by_those_that_resume_it) {
    auto const serves = serving(authority::get().good, TLS1_2_VERSION);
    tls_session session;
    for (int round = 0; round != 4; ++round) {
        tls_server server(serves);
        allot::tls_engine client(
            *authority::get().context, authority::get().buffers, std::string(host), session);
        BOOST_TEST_REQUIRE((shake_hands(client, server) == allot::tls_status::ok));
        BOOST_TEST(client.session_reused() == (round != 0));
        session = client.take_session();
        BOOST_TEST_REQUIRE(session.get());
        BOOST_TEST(!client.take_session());
    }
}

BOOST_AUTO_TEST_SUITE_END()
