#include "unit/io/tls_peers.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/err.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace allot::test;
using allot::errc;
using allot::tls_engine;
using allot::tls_session;
using allot::tls_status;

/// Tells what the next one is lent from everything else.
std::uintptr_t next_of(allot::lending_stack<allot::tls_buffers>& lender) {
    auto const next = lender.lend();
    auto const where = reinterpret_cast<std::uintptr_t>(next.get());
    return where;
}

}

BOOST_AUTO_TEST_SUITE(tls_engine_exchange)

BOOST_AUTO_TEST_CASE(an_exchange_in_pieces_of_any_size) {
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        for (std::size_t const piece : {std::size_t(1), std::size_t(7), std::size_t(1500), whole}) {
            auto const serves = serving(authority::get().good, version);
            tls_server server(serves);
            tls_engine client(
                *authority::get().context, authority::get().buffers, std::string(host), nullptr);
            BOOST_TEST_REQUIRE((shake_hands(client, server, piece) == tls_status::ok));
            BOOST_TEST(SSL_version(server.native()) == version);
            BOOST_TEST(SSL_get_servername(server.native(), TLSEXT_NAMETYPE_host_name) == host);
            BOOST_TEST(!client.session_reused());
            BOOST_TEST((write(client, "GET / HTTP/1.1\r\n\r\n") == tls_status::ok));
            flush(client, server);
            BOOST_TEST(server.received == "GET / HTTP/1.1\r\n\r\n");
            server.write("HTTP/1.1 204 No Content\r\n\r\n");
            std::string received;
            BOOST_TEST((receive(client, server.take_output(), piece, received) == tls_status::need_input));
            BOOST_TEST(received == "HTTP/1.1 204 No Content\r\n\r\n");
            client.shutdown();
            flush(client, server);
            BOOST_TEST((SSL_get_shutdown(server.native()) & SSL_RECEIVED_SHUTDOWN) != 0);
            BOOST_TEST(!client.code());
        }
    }
}

BOOST_AUTO_TEST_CASE(much_at_once) {
    tls_pair link;
    std::string const much(100'000, 'x');
    BOOST_TEST((write(link.client, much) == tls_status::ok));
    flush(link.client, link.server);
    BOOST_TEST((link.server.received == much));
    link.server.write(much);
    std::string received;
    BOOST_TEST((link.receive(received, 5000) == tls_status::need_input));
    BOOST_TEST((received == much));
}

BOOST_AUTO_TEST_CASE(buffers_are_lent_only_while_they_hold_bytes) {
    tls_pair link;
    auto& lender = authority::get().buffers;
    auto const usual = next_of(lender);
    write(link.client, std::string(3000, 'x'));
    BOOST_TEST(next_of(lender) != usual);
    link.server.feed(link.client.output());
    link.client.consume_output(link.client.output().size() - 1);
    BOOST_TEST(next_of(lender) != usual);
    link.client.consume_output(1);
    BOOST_TEST(next_of(lender) == usual);

    link.client.input_room();
    BOOST_TEST(next_of(lender) != usual);
    link.client.commit_input(0);
    BOOST_TEST(next_of(lender) == usual);

    link.server.write("answer");
    auto const answer = link.server.take_output();
    std::string received;
    BOOST_TEST((receive(link.client, answer.substr(0, 9), 1, received) == tls_status::need_input));
    // OpenSSL has the bytes.
    BOOST_TEST(next_of(lender) == usual);
    BOOST_TEST((receive(link.client, answer.substr(9), whole, received) == tls_status::need_input));
    BOOST_TEST(received == "answer");
    BOOST_TEST(next_of(lender) == usual);
}

BOOST_AUTO_TEST_CASE(buffers_are_lent_without_the_bytes_of_their_last_user) {
    {
        tls_pair link;
        write(link.client, "not sent");
        link.client.input_room()[0] = 'x';
        link.client.commit_input(1);
    }
    tls_pair link;
    BOOST_TEST(link.client.output().empty());
    write(link.client, "sent");
    flush(link.client, link.server);
    BOOST_TEST(link.server.received == "sent");
}

BOOST_AUTO_TEST_CASE(output_is_sent_in_parts) {
    tls_pair link;
    write(link.client, "one");
    std::string sent;
    while (!link.client.output().empty()) {
        sent += link.client.output().front();
        link.client.consume_output(1);
        if (sent.size() == 10)
            write(link.client, "two");
    }
    link.server.feed(sent);
    BOOST_TEST(link.server.received == "onetwo");
}

BOOST_AUTO_TEST_CASE(resumption) {
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        auto const serves = serving(authority::get().good, version);
        tls_session session;
        for (int round = 0; round != 4; ++round) {
            tls_server server(serves);
            tls_engine client(
                *authority::get().context, authority::get().buffers, std::string(host), session);
            BOOST_TEST_REQUIRE((shake_hands(client, server) == tls_status::ok));
            BOOST_TEST(client.session_reused() == (round != 0));
            server.write("x");
            std::string received;
            receive(client, server.take_output(), whole, received);
            BOOST_TEST(received == "x");
            if (auto newer = client.take_session())
                session = std::move(newer);
            BOOST_TEST_REQUIRE(session.get());
            BOOST_TEST(!client.take_session());
            // Every second connection just breaks, which is no reason not to resume.
            if (round % 2 == 0)
                client.shutdown();
        }
    }
}

BOOST_AUTO_TEST_CASE(a_session_the_server_does_not_know_is_no_failure) {
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_pair first(version);
        first.server.write("x");
        first.receive();
        auto const session = first.client.take_session();
        BOOST_TEST_REQUIRE(session.get());
        tls_pair second(version, session);
        BOOST_TEST(!second.client.session_reused());
    }
}

BOOST_AUTO_TEST_CASE(close_notify_ends_it) {
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_pair link(version);
        link.server.write("last");
        SSL_shutdown(link.server.native());
        std::string received;
        BOOST_TEST((link.receive(received) == tls_status::closed));
        BOOST_TEST(received == "last");
        BOOST_TEST(link.client.code() == make_error_code(errc::connection_lost));
        BOOST_TEST(!link.client.cause());
        link.client.end_input();
        char byte;
        std::size_t size = 0;
        BOOST_TEST((link.client.read(std::span(&byte, 1), size) == tls_status::closed));
        BOOST_TEST((write(link.client, "more") == tls_status::closed));
        BOOST_TEST(link.client.output().empty());
    }
}

BOOST_AUTO_TEST_CASE(an_end_without_close_notify_is_a_truncation) {
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        for (std::size_t const missing : {0u, 1u, 10u}) {
            tls_pair link(version);
            link.receive();
            link.server.write("first");
            auto bytes = link.server.take_output();
            link.server.write("second");
            bytes += link.server.take_output();
            bytes.resize(bytes.size() - missing);
            std::string received;
            BOOST_TEST((receive(link.client, bytes, whole, received) == tls_status::need_input));
            BOOST_TEST(received == (missing == 0 ? "firstsecond" : "first"));
            link.client.end_input();
            char byte;
            std::size_t size = 0;
            BOOST_TEST((link.client.read(std::span(&byte, 1), size) == tls_status::truncated));
            BOOST_TEST(link.client.code() == make_error_code(errc::connection_lost));
            BOOST_TEST(link.client.error_text().find("close_notify") != std::string::npos);
            BOOST_TEST((link.client.read(std::span(&byte, 1), size) == tls_status::truncated));
            BOOST_TEST(ERR_peek_error() == 0u);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_end_anywhere_in_the_handshake_is_a_truncation) {
    for (std::size_t size = 0;; size += 37) {
        auto const serves = serving(authority::get().good, TLS1_3_VERSION);
        tls_server server(serves);
        tls_engine client(*authority::get().context, authority::get().buffers, std::string(host), nullptr);
        BOOST_TEST((client.handshake() == tls_status::need_input));
        flush(client, server);
        auto const answer = server.take_output();
        if (size >= answer.size())
            break;
        feed(client, std::string_view(answer).substr(0, size), whole, [&] { return client.handshake(); });
        client.end_input();
        BOOST_TEST_REQUIRE((client.handshake() == tls_status::truncated));
        BOOST_TEST(client.code() == make_error_code(errc::connection_lost));
    }
}

BOOST_AUTO_TEST_CASE(altered_bytes_are_refused) {
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_pair link(version);
        link.receive();
        link.server.write("HTTP/1.1 200 OK");
        auto bytes = link.server.take_output();
        bytes.back() = static_cast<char>(bytes.back() ^ 1);
        std::string received;
        BOOST_TEST((receive(link.client, bytes, whole, received) == tls_status::failed));
        BOOST_TEST(received == "");
        BOOST_TEST(link.client.code() == make_error_code(errc::tls_failed));
        BOOST_TEST(link.client.cause().failed());
        BOOST_TEST(
            link.client.error_text().find("bad record mac") != std::string::npos, link.client.error_text());
    }
}

BOOST_AUTO_TEST_CASE(a_peer_without_tls) {
    tls_engine client(*authority::get().context, authority::get().buffers, std::string(host), nullptr);
    client.handshake();
    auto const status =
        feed(client, "HTTP/1.1 400 Bad Request\r\n\r\n", whole, [&] { return client.handshake(); });
    BOOST_TEST((status == tls_status::failed));
    BOOST_TEST(client.code() == make_error_code(errc::tls_failed));
    BOOST_TEST(client.error_text().find("wrong version number") != std::string::npos);
    client.shutdown();
}

BOOST_AUTO_TEST_CASE(a_server_of_tls_1_1) {
    auto const serves = serving(authority::get().good, TLS1_1_VERSION);
    tls_server server(serves);
    tls_engine client(*authority::get().context, authority::get().buffers, std::string(host), nullptr);
    BOOST_TEST((shake_hands(client, server) == tls_status::failed));
    BOOST_TEST(client.code() == make_error_code(errc::tls_failed));
    BOOST_TEST(client.error_text().find("protocol version") != std::string::npos, client.error_text());
    BOOST_TEST(!server.secured());
}

BOOST_AUTO_TEST_CASE(nothing_is_shut_down_before_it_is_there) {
    auto const serves = serving(authority::get().good);
    tls_server server(serves);
    tls_engine client(*authority::get().context, authority::get().buffers, std::string(host), nullptr);
    client.shutdown();
    BOOST_TEST(client.output().empty());
    BOOST_TEST((client.handshake() == tls_status::need_input));
    flush(client, server);
    client.shutdown();
    BOOST_TEST(client.output().empty());
    BOOST_TEST(ERR_peek_error() == 0u);
    feed(client, server.take_output(), whole, [&] { return client.handshake(); });
    flush(client, server);
    BOOST_TEST(server.secured());
}

BOOST_AUTO_TEST_CASE(keys_are_renewed_on_the_way) {
    tls_pair link(TLS1_3_VERSION);
    SSL_key_update(link.server.native(), SSL_KEY_UPDATE_REQUESTED);
    link.server.write("after");
    std::string received;
    BOOST_TEST((link.receive(received) == tls_status::need_input));
    BOOST_TEST(received == "after");
    write(link.client, "too");
    flush(link.client, link.server);
    BOOST_TEST(link.server.received == "too");
}

BOOST_AUTO_TEST_CASE(no_renegotiation) {
    tls_pair link(TLS1_2_VERSION);
    SSL_renegotiate(link.server.native());
    SSL_do_handshake(link.server.native());
    BOOST_TEST((link.receive() == tls_status::need_input));
    flush(link.client, link.server);
    BOOST_TEST(!link.server.secured());
}

BOOST_AUTO_TEST_CASE(errors_of_others_are_not_taken_for_ours) {
    auto const serves = serving(authority::get().good);
    tls_server server(serves);
    tls_engine client(*authority::get().context, authority::get().buffers, std::string(host), nullptr);
    ERR_raise(ERR_LIB_PEM, PEM_R_NO_START_LINE);
    BOOST_TEST((shake_hands(client, server) == tls_status::ok));
    char byte;
    std::size_t size = 0;
    ERR_raise(ERR_LIB_PEM, PEM_R_NO_START_LINE);
    BOOST_TEST((client.read(std::span(&byte, 1), size) == tls_status::need_input));
    BOOST_TEST(ERR_peek_error() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
