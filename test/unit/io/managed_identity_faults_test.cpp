#include "managed_identities.hpp"

#include <boost/asio/detached.hpp>

/// Hostile endpoints and cancellation.
namespace allot {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using namespace test;
using kind = managed_identity_kind;

BOOST_FIXTURE_TEST_SUITE(managed_identity_faults, managed_identity_fixture)

BOOST_AUTO_TEST_CASE(redirects_are_not_followed) {
    for (auto const which : all_kinds) {
        plain_server const target({good()});
        plain_server const server({json("302 Found", "", "Location: " + target.url("/x") + "\r\n")});
        auto const said = refusal(settings(which, server.url()));
        BOOST_TEST((said.reason == end_reason::permanent));
        BOOST_TEST(has(said.message, "status 302, which is not followed"), said.message);
        BOOST_TEST(server.requests().size() == 1u);
        BOOST_TEST(target.requests().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_huge_body_is_refused_at_once) {
    plain_server const server({{http_answer("200 OK", std::string(300'000, ' ')), true}, good()});
    auto const said = refusal(settings(kind::imds, server.url()));
    BOOST_TEST((said.reason == end_reason::permanent));
    BOOST_TEST(has(said.message, "(IMDS): answer of 127.0.0.1:"), said.message);
}

BOOST_AUTO_TEST_CASE(bodies_that_are_no_token) {
    for (auto const* const body :
         {"", "<html>", "[]", R"({"access_token":""})", R"({"access_token":"a b"})",
          R"({"access_token":"line\r\nInjected: yes"})", R"({"access_token":"t","token_type":"pop"})",
          R"({"access_token":"t","expires_in":"soon"})"}) {
        plain_server const server({json("200 OK", body), good()});
        auto const said = refusal(settings(kind::imds, server.url()));
        BOOST_TEST((said.reason == end_reason::permanent));
        BOOST_TEST(has(said.message, "the answer is no token: "), said.message);
        BOOST_TEST(!has(said.message, "Injected"));
    }
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_hangs_meets_the_deadline) {
    limits.request_timeout = 20ms;
    for (auto const which : all_kinds) {
        plain_server const server([](std::size_t, std::string const&) { return plain_reply{"", true}; });
        auto const said = refusal(settings(which, server.url()));
        BOOST_TEST((said.reason == end_reason::attempts));
        BOOST_TEST(has(said.message, "no end within the deadline"), said.message);
        BOOST_TEST(server.requests().size() == 3u);
    }
}

BOOST_AUTO_TEST_CASE(all_attempts_together_meet_a_deadline) {
    limits.total = 30ms;
    for (auto const which : all_kinds) {
        plain_server const server([](std::size_t, std::string const&) { return plain_reply{"", true}; });
        auto const said = refusal(settings(which, server.url()));
        BOOST_TEST((said.reason == end_reason::attempts));
        BOOST_TEST(has(said.message, "no end within the deadline"), said.message);
        BOOST_TEST(server.requests().size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_repeats_secrets_does_not_spread_them) {
    for (auto const which : all_kinds) {
        for (bool const is_error : {true, false}) {
            plain_server const server([&](std::size_t, std::string const& request) {
                if (which == kind::arc && !has(request, "Authorization"))
                    return challenge();
                auto const word = std::string(which == kind::arc ? key_secret : header_secret);
                auto const body = is_error ? R"({"error":"x","error_description":")" + word + "\"}" : word;
                return json("403 Forbidden", which == kind::imds ? "{}" : body);
            });
            auto const said = refusal(settings(which, server.url()));
            BOOST_TEST(has(said.message, which == kind::imds ? "\"{}\"" : "not shown"), said.message);
        }
    }
}

BOOST_AUTO_TEST_CASE(cancellation_at_every_step) {
    for (auto const which : all_kinds) {
        plain_server const server([&](std::size_t, std::string const& request) {
            if (which == kind::arc && !has(request, "Authorization"))
                return challenge();
            return good();
        });
        auto const credential = make(settings(which, server.url()));
        bool complete = false;
        for (int steps = 0; !complete; ++steps) {
            BOOST_TEST_REQUIRE(steps < 1000);
            asio::cancellation_signal cancel;
            std::optional<result<access_token>> got;
            context.restart();
            asio::co_spawn(
                context, fetch(*credential, got),
                asio::bind_cancellation_slot(
                    cancel.slot(), [](std::exception_ptr thrown) { BOOST_TEST(!thrown); }));
            for (int step = 0; step != steps && !got; ++step)
                context.run_one();
            complete = got.has_value();
            cancel.emit(asio::cancellation_type::terminal);
            context.run_for(1min);
            BOOST_TEST_REQUIRE(context.stopped());
            BOOST_TEST_REQUIRE(got.has_value());
            // What is complete at the moment of the cancellation may still be the result.
            if (!*got) {
                BOOST_TEST((got->error().code == errc::cancelled), got->error().message);
                BOOST_TEST((got->error().reason == end_reason::cancelled));
                BOOST_TEST(!complete);
            }
        }
        BOOST_TEST(fetch_from(*credential).has_value());
    }
}

BOOST_AUTO_TEST_CASE(cancellation_while_it_waits_to_ask_again) {
    limits.retries.delays = {30s};
    limits.retries.max_delay = 60s;
    for (auto const which : all_kinds) {
        plain_server const server({json("404 Not Found", R"({"error":"x"})"), good()});
        auto const credential = make(settings(which, server.url()));
        asio::cancellation_signal cancel;
        std::optional<result<access_token>> got;
        context.restart();
        asio::co_spawn(
            context, fetch(*credential, got), asio::bind_cancellation_slot(cancel.slot(), asio::detached));
        while (server.requests().empty())
            context.run_one();
        // The rest of the exchange; the wait that follows is the only work left.
        context.run_for(50ms);
        cancel.emit(asio::cancellation_type::terminal);
        context.run_for(1min);
        BOOST_TEST_REQUIRE(got.has_value());
        BOOST_TEST((got->error().code == errc::cancelled));
        BOOST_TEST(server.requests().size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(fetches_may_run_at_once) {
    plain_server const server([](std::size_t, std::string const&) { return good(); });
    auto const credential = make(settings(kind::imds, server.url()));
    std::vector<std::optional<result<access_token>>> all(20);
    for (auto& got : all)
        asio::co_spawn(context, fetch(*credential, got), asio::detached);
    context.run_for(1min);
    for (auto const& got : all)
        BOOST_TEST((got.has_value() && got->has_value()));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
