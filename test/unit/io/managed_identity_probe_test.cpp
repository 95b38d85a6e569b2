#include "managed_identities.hpp"
#include "support/full_port.hpp"

#include <atomic>

/// Whether there is a managed identity at all.
namespace allot {
namespace {

using namespace std::chrono_literals;
using namespace test;
using kind = managed_identity_kind;

std::string closed_url() {
    plain_server const server(std::vector<plain_reply>{});
    return server.url();
}

constexpr std::string_view not_found =
    R"({"error":"invalid_request","error_description":"Identity not found"})";

BOOST_FIXTURE_TEST_SUITE(managed_identity_probes, managed_identity_fixture)

BOOST_AUTO_TEST_CASE(a_probe_passes_over_what_is_not_there) {
    auto params = settings(kind::imds, closed_url());
    params.probe = true;
    auto const said = refusal(params);
    BOOST_TEST((said.code == errc::credential_unavailable));
    BOOST_TEST((said.reason == end_reason::permanent));
    BOOST_TEST(said.exchange.attempts == 1u);
}

BOOST_AUTO_TEST_CASE(a_probe_has_its_own_time_to_connect) {
    full_port const port;
    limits.connect_timeout = 10min;
    limits.probe_connect_timeout = 20ms;
    auto params = settings(kind::imds, port.url());
    params.probe = true;
    auto const said = refusal(params);
    BOOST_TEST((said.code == errc::credential_unavailable));
    BOOST_TEST(has(said.message, "no connection within the deadline"), said.message);
    limits.probe_connect_timeout = 10min;
    limits.connect_timeout = 20ms;
    params.probe = false;
    BOOST_TEST((refusal(params).code == errc::token_unavailable));
}

BOOST_AUTO_TEST_CASE(a_probe_passes_over_answers_that_are_not_azures) {
    for (auto const& reply :
         {json("400 Bad Request", not_found), json("401 Unauthorized", ""), json("404 Not Found", "<?xml?>"),
          json("403 Forbidden", "Missing Metadata-Flavor:Google header."), json("200 OK", "<html>"),
          json("302 Found", ""), json("410 Gone", "<html>"), json("429 Too Many Requests", "<html>"),
          json("502 Bad Gateway", ""), json("503 Service Unavailable", "<html>"),
          json("500 Oh", R"({"message":"x"})")}) {
        plain_server const server({reply, good()});
        auto params = settings(kind::imds, server.url());
        params.probe = true;
        BOOST_TEST((refusal(params).code == errc::credential_unavailable), reply.bytes);
        BOOST_TEST(server.requests().size() == 1u);
        params.probe = false;
        plain_server const again([&reply](std::size_t, std::string const&) { return reply; });
        params.host.metadata_url = again.url();
        BOOST_TEST((refusal(params).code == errc::token_unavailable), reply.bytes);
    }
}

BOOST_AUTO_TEST_CASE(a_probe_waits_for_a_service_that_is_there) {
    for (auto const& reply :
         {json("404 Not Found", R"({"error":"not_found"})"), json("410 Gone", ""),
          json("410 Gone", R"({"error":"gone"})"), json("429 Many", R"({"error":"too_many"})"),
          json("503 Unavailable", R"({"error":"unknown"})")}) {
        // Once it has answered, it may also fail to.
        plain_server const server({reply, plain_reply(), good()});
        auto params = settings(kind::imds, server.url());
        params.probe = true;
        BOOST_TEST(fetch_from(params).has_value(), reply.bytes);
        BOOST_TEST(server.requests().size() == 3u);
    }
}

BOOST_AUTO_TEST_CASE(a_probe_passes_over_who_accepts_and_does_not_answer) {
    limits.request_timeout = 10min;
    limits.probe_request_timeout = 20ms;
    for (auto const& reply :
         {plain_reply{"", true}, plain_reply{"HTTP/1.1 200 OK\r\n", true}, plain_reply{"", false},
          plain_reply{"SSH-2.0-x\r\n", false}}) {
        plain_server const server([&](std::size_t, std::string const&) { return reply; });
        auto params = settings(kind::imds, server.url());
        params.probe = true;
        auto const said = refusal(params);
        BOOST_TEST((said.code == errc::credential_unavailable), reply.bytes);
        BOOST_TEST((said.reason == end_reason::permanent));
        BOOST_TEST(server.requests().size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(only_the_first_answer_to_a_probe_has_little_time) {
    limits.request_timeout = 20ms;
    limits.probe_request_timeout = 10min;
    plain_server const server([](std::size_t number, std::string const&) {
        return number == 0 ? json("503 Unavailable", R"({"error":"unknown"})") : plain_reply{"", true};
    });
    auto params = settings(kind::imds, server.url());
    params.probe = true;
    auto const said = refusal(params);
    BOOST_TEST(server.requests().size() == 3u);
    BOOST_TEST((said.code == errc::credential_unavailable));
    BOOST_TEST(has(said.message, "no end within the deadline"), said.message);
}

BOOST_AUTO_TEST_CASE(a_probe_of_a_service_that_only_fails_gives_way_to_the_next_source) {
    plain_server const server([](std::size_t, std::string const&) {
        return json("500 Oh", R"({"error":"unknown","error_description":"Failed"})");
    });
    auto params = settings(kind::imds, server.url());
    params.probe = true;
    auto const said = refusal(params);
    BOOST_TEST((said.code == errc::credential_unavailable));
    BOOST_TEST((said.reason == end_reason::attempts));
    BOOST_TEST(said.exchange.attempts == 3u);
    BOOST_TEST(has(said.message, "status 500: \"unknown: Failed\""), said.message);
    // What Azure refuses for good is no lack of a managed identity.
    plain_server const refusing({json("403 Forbidden", R"({"error":"x"})")});
    params.host.metadata_url = refusing.url();
    BOOST_TEST((refusal(params).code == errc::token_unavailable));
}

BOOST_AUTO_TEST_CASE(nobody_stands_in_for_an_identity_that_is_named) {
    for (auto const member :
         {&managed_identity_params::client_id, &managed_identity_params::object_id,
          &managed_identity_params::resource_id}) {
        for (auto const& reply : {json("400 Bad Request", not_found), json("500 Oh", R"({"error":"x"})")}) {
            plain_server const server([&](std::size_t, std::string const&) { return reply; });
            auto params = settings(kind::imds, server.url());
            params.probe = true;
            params.*member = "1111";
            BOOST_TEST((refusal(params).code == errc::token_unavailable), reply.bytes);
        }
        // Where there is no metadata service it is not here.
        auto params = settings(kind::imds, closed_url());
        params.probe = true;
        params.*member = "1111";
        BOOST_TEST((refusal(params).code == errc::credential_unavailable));
    }
}

BOOST_AUTO_TEST_CASE(what_a_probe_found_once_is_not_absent_later) {
    std::atomic<bool> lost = false;
    plain_server const server(
        [&](std::size_t, std::string const&) { return lost ? json("400 Bad Request", not_found) : good(); });
    auto params = settings(kind::imds, server.url());
    params.probe = true;
    auto const credential = make(params);
    BOOST_TEST(fetch_from(*credential).has_value());
    lost = true;
    BOOST_TEST((fetch_from(*credential).error().code == errc::token_unavailable));
}

BOOST_AUTO_TEST_CASE(an_endpoint_the_environment_names_is_never_absent) {
    for (auto const which : {kind::app_service, kind::app_service_2017, kind::arc}) {
        plain_server const server({json("400 Bad Request", not_found)});
        auto params = settings(which, server.url());
        params.probe = true;
        BOOST_TEST((refusal(params).code == errc::token_unavailable));
        params = settings(which, closed_url());
        params.probe = true;
        BOOST_TEST((refusal(params).code == errc::token_unavailable));
        plain_server const failing([](std::size_t, std::string const&) { return json("503 Oh", "<html>"); });
        params = settings(which, failing.url());
        params.probe = true;
        BOOST_TEST((refusal(params).code == errc::token_unavailable));
        BOOST_TEST(failing.requests().size() == 3u);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}
}
