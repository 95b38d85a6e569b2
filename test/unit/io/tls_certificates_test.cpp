#include "unit/io/tls_peers.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/err.h>

#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace allot::test;
using allot::errc;
using allot::tls_context;
using allot::tls_engine;
using allot::tls_status;

/// Checks that the client turns this server away, and that the server learns nothing but an alert.
void check_rejected(
    tls_context const& context, std::string_view name, certificate const& identity, std::string_view reason) {
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        auto const serves = serving(identity, version);
        tls_server server(serves);
        tls_engine client(context, authority::get().buffers, std::string(name), nullptr);
        BOOST_TEST((client.handshake() == tls_status::need_input));
        flush(client, server);
        BOOST_TEST((feed(client, server.take_output(), whole, [&] {
                        return client.handshake();
                    }) == tls_status::failed));
        BOOST_TEST(client.code() == make_error_code(errc::certificate_rejected));
        BOOST_TEST(client.cause().failed());
        BOOST_TEST(client.error_text().find(reason) != std::string::npos, client.error_text());
        BOOST_TEST(client.error_text().find(name) != std::string::npos, client.error_text());
        BOOST_TEST(client.error_text().find("issuer CN = ") != std::string::npos, client.error_text());
        constexpr std::size_t largest_alert = 64;
        BOOST_TEST(client.output().size() <= largest_alert);
        flush(client, server);
        BOOST_TEST(!server.secured());
        BOOST_TEST(server.received == "");
        BOOST_TEST(!client.take_session());
        auto const cause = client.cause();
        BOOST_TEST((client.handshake() == tls_status::failed));
        BOOST_TEST(client.cause() == cause);
        BOOST_TEST(ERR_peek_error() == 0u);
    }
}

void check_rejected(certificate_params params, std::string_view reason, std::string_view name = host) {
    auto& shared = authority::get();
    check_rejected(*shared.context, name, shared.root.issue(std::move(params)), reason);
}

void check_accepted(std::string_view name, certificate const& identity) {
    auto const serves = serving(identity);
    tls_server server(serves);
    tls_engine client(*authority::get().context, authority::get().buffers, std::string(name), nullptr);
    BOOST_TEST((shake_hands(client, server) == tls_status::ok), client.error_text());
}

certificate_params named(std::string alternative_names) {
    return {.alternative_names = std::move(alternative_names)};
}

}

BOOST_AUTO_TEST_SUITE(tls_certificates)

BOOST_AUTO_TEST_CASE(names_that_match) {
    auto& shared = authority::get();
    for (std::string_view const name :
         {"graph.example", "a.wild.example", "127.0.0.1", "::1", "0:0:0:0:0:0:0:1"})
        check_accepted(name, shared.good);
    check_accepted(host, shared.root.intermediate().issue(named("DNS:graph.example")));
    check_accepted(host, shared.root.intermediate().intermediate().issue(named("DNS:graph.example")));
}

BOOST_AUTO_TEST_CASE(an_address_is_not_sent_as_server_name) {
    for (std::string_view const name : {"127.0.0.1", "::1"}) {
        auto const serves = serving(authority::get().good);
        tls_server server(serves);
        tls_engine client(*authority::get().context, authority::get().buffers, std::string(name), nullptr);
        BOOST_TEST((shake_hands(client, server) == tls_status::ok));
        BOOST_TEST(!SSL_get_servername(server.native(), TLSEXT_NAMETYPE_host_name));
    }
}

BOOST_AUTO_TEST_CASE(expired) {
    check_rejected(
        {.alternative_names = "DNS:graph.example", .not_after = "20010101000000Z"},
        "certificate has expired");
}

BOOST_AUTO_TEST_CASE(not_yet_valid) {
    check_rejected(
        {.alternative_names = "DNS:graph.example", .not_before = "20890101000000Z"},
        "certificate is not yet valid");
}

BOOST_AUTO_TEST_CASE(wrong_host) {
    check_rejected(named("DNS:other.example"), "hostname mismatch");
    check_rejected(named("DNS:graph.example.org"), "hostname mismatch");
    check_rejected(named("DNS:.example"), "hostname mismatch");
}

BOOST_AUTO_TEST_CASE(no_alternative_name) {
    check_rejected({.common_name = "graph.example"}, "hostname mismatch");
    check_rejected({.common_name = "127.0.0.1"}, "IP address mismatch", "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(wildcard_misuse) {
    check_rejected(named("DNS:*.example"), "hostname mismatch");
    check_rejected(named("DNS:*"), "hostname mismatch");
    check_rejected(named("DNS:g*.wild.example"), "hostname mismatch", "graph.wild.example");
    check_rejected(named("DNS:*h.wild.example"), "hostname mismatch", "graph.wild.example");
    check_rejected(named("DNS:*.wild.example"), "hostname mismatch", "a.b.wild.example");
    check_rejected(named("DNS:*.wild.example"), "hostname mismatch", "wild.example");
    check_rejected(named("DNS:a.*.example"), "hostname mismatch", "a.wild.example");
}

BOOST_AUTO_TEST_CASE(an_address_against_a_dns_name) {
    check_rejected(named("DNS:127.0.0.1"), "IP address mismatch", "127.0.0.1");
    check_rejected(named("IP:127.0.0.2"), "IP address mismatch", "127.0.0.1");
    check_rejected(named("DNS:*.0.0.1"), "IP address mismatch", "127.0.0.1");
    check_rejected(named("IP:127.0.0.1"), "hostname mismatch", "localhost");
    check_rejected(named("IP:127.0.0.1"), "IP address mismatch", "::1");
}

BOOST_AUTO_TEST_CASE(self_signed) {
    check_rejected(
        *authority::get().context, host, test_ca::self_signed(named("DNS:graph.example")),
        "self-signed certificate");
}

BOOST_AUTO_TEST_CASE(unknown_root) {
    // Of the same name as the trusted one, so that only its key tells them apart.
    test_ca const other;
    check_rejected(
        *authority::get().context, host, other.issue(named("DNS:graph.example")),
        "unable to get local issuer certificate");
}

BOOST_AUTO_TEST_CASE(missing_intermediate) {
    auto& shared = authority::get();
    auto identity = shared.root.intermediate().issue(named("DNS:graph.example"));
    identity.chain.clear();
    check_rejected(*shared.context, host, identity, "unable to get local issuer certificate");
}

BOOST_AUTO_TEST_CASE(trust_in_an_intermediate_is_no_trust) {
    auto const intermediate = authority::get().root.intermediate();
    check_rejected(
        *trusting(intermediate.self()), host, intermediate.issue(named("DNS:graph.example")),
        "unable to get issuer certificate");
}

BOOST_AUTO_TEST_CASE(name_constraints) {
    auto const only_org = authority::get().root.intermediate(
        {.common_name = "only example.org", .name_constraints = "critical,permitted;DNS:example.org"});
    check_rejected(
        *authority::get().context, host, only_org.issue(named("DNS:graph.example")),
        "permitted subtree violation");
    check_accepted("a.example.org", only_org.issue(named("DNS:a.example.org")));
}

BOOST_AUTO_TEST_CASE(weak_rsa) {
    check_rejected(
        {.alternative_names = "DNS:graph.example", .key = allot::test::key_kind::rsa_1024}, "key too weak");
}

BOOST_AUTO_TEST_CASE(wrong_extended_key_usage) {
    check_rejected(
        {.alternative_names = "DNS:graph.example", .extended_key_usage = "clientAuth"},
        "unsuitable certificate purpose");
}

BOOST_AUTO_TEST_CASE(a_certificate_that_breaks_rfc_5280) {
    check_rejected(
        {.alternative_names = "DNS:graph.example", .authority_key_identifier = false},
        "Missing Authority Key Identifier");
}

BOOST_AUTO_TEST_CASE(a_hostile_name_cannot_steer_a_terminal) {
    auto const identity = authority::get().root.issue({.common_name = "\x1b[31m\r\nx"});
    auto const serves = serving(identity);
    tls_server server(serves);
    tls_engine client(*authority::get().context, authority::get().buffers, std::string(host), nullptr);
    BOOST_TEST((shake_hands(client, server) == tls_status::failed));
    for (char const c : client.error_text())
        BOOST_TEST((c >= ' ' && c <= '~'));
}

BOOST_AUTO_TEST_SUITE_END()
