#include "protocol/http_request.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

allot::origin graph() {
    return allot::parse_graph_url("https://graph.example:8443/gw").value();
}

}

BOOST_AUTO_TEST_SUITE(http_request)

BOOST_AUTO_TEST_CASE(a_get_byte_for_byte) {
    allot::request_template const requests(graph(), "license-sync/2.1 allot/0.1.0");
    std::string out = "left over from before";
    requests.write(
        out, "/gw/beta/admin/x?$select=id", "eyJ0.eyJ1.c2ln", "7d3f0a4e-0000-4000-8000-000000000001");
    BOOST_TEST(
        out == "GET /gw/beta/admin/x?$select=id HTTP/1.1\r\n"
               "Host: graph.example:8443\r\n"
               "User-Agent: license-sync/2.1 allot/0.1.0\r\n"
               "Accept: application/json\r\n"
               "Prefer: include-unknown-enum-members\r\n"
               "Authorization: Bearer eyJ0.eyJ1.c2ln\r\n"
               "client-request-id: 7d3f0a4e-0000-4000-8000-000000000001\r\n"
               "\r\n");
}

BOOST_AUTO_TEST_CASE(throttle_priority_is_sent_when_set) {
    std::string out;
    allot::request_template(graph(), "allot/1").write(out, "/x", "t", "i");
    BOOST_TEST(out.find("x-ms-throttle-priority") == std::string::npos);
    allot::request_template(graph(), "allot/1", "low").write(out, "/x", "t", "i");
    BOOST_TEST(out.find("\r\nx-ms-throttle-priority: low\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_trace_is_passed_on_when_there_is_one) {
    std::string const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    allot::request_template const requests(graph(), "allot/1");
    std::string out;
    requests.write(out, "/x", "t", "i", trace);
    BOOST_TEST(out.ends_with("\r\nclient-request-id: i\r\ntraceparent: " + trace + "\r\n\r\n"));
    requests.write(out, "/x", "t", "i");
    BOOST_TEST(out.find("traceparent") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(compressed_answers_are_asked_for_when_wanted) {
    std::string out;
    allot::request_template(graph(), "allot/1", "low").write(out, "/x", "t", "i");
    BOOST_TEST(out.find("Accept-Encoding") == std::string::npos);
    allot::request_template(graph(), "allot/1", {}, "gzip").write(out, "/x", "t", "i");
    BOOST_TEST(out.find("\r\nAccept-Encoding: gzip\r\n") != std::string::npos);
    BOOST_TEST(
        allot::write_post(graph(), "text/plain", "x", "allot/1").find("Accept-Encoding") ==
        std::string::npos);
    BOOST_TEST(allot::write_get(graph(), "/x", "allot/1", {}).find("Accept-Encoding") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_buffer_is_reused) {
    allot::request_template const requests(graph(), "allot/1");
    std::string out;
    requests.write(out, "/" + std::string(100, 'x'), std::string(2000, 't'), "i");
    auto const* const memory = out.data();
    for (int round = 0; round != 3; ++round) {
        requests.write(out, "/y", "t", "i");
        BOOST_TEST(out.starts_with("GET /y HTTP/1.1\r\n"));
        BOOST_TEST(static_cast<void const*>(out.data()) == static_cast<void const*>(memory));
    }
}

BOOST_AUTO_TEST_CASE(ipv6_in_the_host_field) {
    std::string out;
    allot::request_template(allot::parse_graph_url("https://[::1]").value(), "allot/1")
        .write(out, "/x", "t", "i");
    BOOST_TEST(out.find("\r\nHost: [::1]\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_post_byte_for_byte) {
    auto const to = allot::parse_token_url("https://login.example/contoso/oauth2/v2.0/token").value();
    auto const out = allot::write_post(
        to, "application/x-www-form-urlencoded", "grant_type=client_credentials&client_secret=s%26t",
        "allot/1");
    BOOST_TEST(
        out == "POST /contoso/oauth2/v2.0/token HTTP/1.1\r\n"
               "Host: login.example\r\n"
               "User-Agent: allot/1\r\n"
               "Accept: application/json\r\n"
               "Content-Type: application/x-www-form-urlencoded\r\n"
               "Content-Length: 49\r\n"
               "\r\n"
               "grant_type=client_credentials&client_secret=s%26t");
}

BOOST_AUTO_TEST_CASE(an_empty_post_says_so) {
    auto const out = allot::write_post(graph(), "application/json", "", "allot/1");
    BOOST_TEST(out.find("\r\nContent-Length: 0\r\n") != std::string::npos);
    BOOST_TEST(out.ends_with("\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(a_get_with_fields_byte_for_byte) {
    auto const to = allot::parse_local_url("endpoint", "http://localhost:81/token").value();
    allot::request_field const fields[] = {{"Metadata", "true"}, {"Authorization", "Basic a b"}};
    std::string const head = "GET /token?x=1 HTTP/1.1\r\n"
                             "Host: localhost:81\r\n"
                             "User-Agent: allot/1\r\n"
                             "Accept: application/json\r\n";
    BOOST_TEST(
        allot::write_get(to, "/token?x=1", "allot/1", fields) ==
        head + "Metadata: true\r\nAuthorization: Basic a b\r\n\r\n");
    BOOST_TEST(allot::write_get(to, "/token?x=1", "allot/1", {}) == head + "\r\n");
}

BOOST_AUTO_TEST_CASE(field_values) {
    for (std::string_view const good : {"a", "a b\tc", "allot/1 (x; y)", "\xc3\xa9"})
        BOOST_TEST(allot::is_field_value(good), good);
    for (std::string_view const bad : {"", " a", "a ", "\ta", "a\rb", "a\nb", "a\r\nX: y", "a\x7f", "a\x01"})
        BOOST_TEST(!allot::is_field_value(bad), bad);
    BOOST_TEST(!allot::is_field_value(std::string_view("a\0b", 3)));
}

BOOST_AUTO_TEST_CASE(bearer_tokens) {
    for (std::string_view const good : {"a", "eyJ0eXAi.eyJhdWQi.c2ln-_", "a+b/c~d==", "A9."})
        BOOST_TEST(allot::is_bearer_token(good), good);
    for (std::string_view const bad :
         {"", "=", "a b", "a\n", "a\r\nX: y", "a=b", "\"a\"", "a,b", "a\xc3\xa9"})
        BOOST_TEST(!allot::is_bearer_token(bad), bad);
    BOOST_TEST(!allot::is_bearer_token(std::string_view("a\0b", 3)));
}

BOOST_AUTO_TEST_SUITE_END()
