#include "support/coroutine.hpp"
#include "support/simulated_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <thread>

namespace allot {
namespace {
namespace asio = boost::asio;

struct counts {
    int good = 0;
    int refused = 0;
    int forbidden = 0;
    int other = 0;
    std::string last_forbidden;
};

asio::awaitable<counts> count(batch items) {
    counts out;
    while (auto const item = co_await items.next()) {
        auto const code = item->result ? errc() : static_cast<errc>(item->result.error().code.value());
        if (code == errc::forbidden)
            out.last_forbidden = item->result.error().message;
        auto& counter = item->result                 ? out.good
                        : code == errc::unauthorized ? out.refused
                        : code == errc::forbidden    ? out.forbidden
                                                     : out.other;
        ++counter;
    }
    co_return out;
}

struct fixture {
    asio::io_context context;

    counts run(test::simulated_graph& graph, bool declare_cp1, std::uint32_t attempts = 16) {
        auto params = graph.params();
        params.connections = 8;
        params.retry.max_attempts = attempts;
        params.continuous_access_evaluation = declare_cp1;
        auto reader = graph.connect(context.get_executor(), std::move(params));
        return test::run(context, count(reader.get_allotments(graph.references())));
    }
};

BOOST_FIXTURE_TEST_SUITE(token_refusals, fixture)

BOOST_AUTO_TEST_CASE(row_05_tokens_revoked_in_the_midst_of_a_run_cost_no_row) {
    test::simulated_graph graph(300, R"({"revoke_tokens_at":[1,100,200]})");
    auto const ended = run(graph, false);
    BOOST_TEST(ended.good == 300);
    BOOST_TEST(graph->stats().token_requests == 4u);
}

BOOST_AUTO_TEST_CASE(row_06_challenges_in_the_midst_of_a_run_cost_no_row) {
    test::simulated_graph graph(300, R"({"revoke_tokens_at":[1,100,200]})");
    auto const ended = run(graph, true);
    BOOST_TEST(ended.good == 300);
    // A fetch for each challenge, with its claims: without them the simulator goes on challenging.
    BOOST_TEST(graph->stats().token_requests == 4u);
}

BOOST_AUTO_TEST_CASE(row_06_a_403_may_carry_a_challenge) {
    test::simulated_graph graph(
        1, R"({"rules":[{"match":{"nth":[1]},"do":{"status":403,"headers":{"WWW-Authenticate":
           "Bearer error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\""}}}]})");
    BOOST_TEST(run(graph, true).good == 1);
    BOOST_TEST(graph->stats().token_requests == 2u);
}

BOOST_AUTO_TEST_CASE(a_403_with_a_challenge_that_no_token_meets_is_one_refusal_each_and_one_token_in_all) {
    test::simulated_graph graph(
        200,
        R"({"rules":[{"match":{"path":"[0-3]/allotment$"},"do":{"status":403,"headers":{"WWW-Authenticate":)"
        R"("Bearer error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\""}}}]})");
    auto const ended = run(graph, false);
    BOOST_TEST(ended.forbidden > 10);
    BOOST_TEST(ended.good + ended.forbidden == 200);
    BOOST_TEST(graph->stats().token_requests == 2u);
}

BOOST_AUTO_TEST_CASE(a_403_whose_claims_the_source_refuses_costs_its_own_row_only) {
    test::simulated_graph graph(
        200,
        R"({"rules":[{"match":{"path":"[0-3]/allotment$"},"do":{"status":403,"headers":{"WWW-Authenticate":)"
        R"("Bearer error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\""}}},)"
        R"({"match":{"path":"oauth2","nth":[2]},"do":{"status":400,"body":{"error":"invalid_grant",)"
        R"("error_description":"AADSTS50079: MFA"}}}]})");
    auto const ended = run(graph, false);
    BOOST_TEST(ended.forbidden > 10);
    BOOST_TEST(ended.good + ended.forbidden == 200);
    BOOST_TEST(ended.last_forbidden.find("no token with the claims Graph asks for") != std::string::npos);
    BOOST_TEST(ended.last_forbidden.find("AADSTS50079") != std::string::npos);
    BOOST_TEST(graph->stats().token_requests == 2u);
}

BOOST_AUTO_TEST_CASE(row_05_a_refusal_of_the_only_attempt_costs_no_row) {
    test::simulated_graph graph(100, R"({"revoke_tokens_at":[50]})");
    BOOST_TEST(run(graph, false, 1).good == 100);
    BOOST_TEST(graph->stats().token_requests == 2u);
}

BOOST_AUTO_TEST_CASE(row_04_an_outage_of_the_endpoint_costs_no_row) {
    // No token is left when it begins, and it lasts longer than one fetch tries.
    test::simulated_graph graph(
        100, R"({"revoke_tokens_at":[50],"rules":[{"match":{"path":"oauth2","nth":[2,3,4,5,6]},)"
             R"("do":{"status":503,"headers":{"Retry-After":"0"}}}]})");
    BOOST_TEST(run(graph, false).good == 100);
    BOOST_TEST(graph->stats().token_requests == 7u);
}

BOOST_AUTO_TEST_CASE(a_policy_on_addresses_is_not_answered_with_another_token) {
    test::simulated_graph graph(
        1, R"({"rules":[{"match":{},"do":{"status":401,"headers":{"WWW-Authenticate":
           "Bearer error=\"insufficient_claims\", error_description=\"LocationConditionEvaluationSatisfied\", )"
           R"(claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\""}}}]})");
    auto reader = graph.connect(context.get_executor());
    auto const found = test::run(context, reader.get_allotment(graph.references()[0]));
    BOOST_TEST((found.error().code == errc::unauthorized));
    BOOST_TEST(found.error().message.find("send from an allowed address") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(row_05_a_storm_is_no_storm_of_token_requests) {
    test::simulated_graph graph(200, R"({"rules":[{"match":{},"do":{"status":401}}]})");
    auto const ended = run(graph, false);
    BOOST_TEST(ended.refused == 200);
    BOOST_TEST(graph->stats().token_requests == 2u);
}

BOOST_AUTO_TEST_CASE(clients_of_one_process_share_a_token) {
    test::simulated_graph graph(40);
    std::vector<std::thread> threads;
    for (int i = 0; i != 4; ++i)
        threads.emplace_back([&graph] {
            // A credential of its own, made of the same parameters.
            asio::io_context own;
            auto reader = graph.connect(own.get_executor());
            test::run(own, count(reader.get_allotments(graph.references())));
        });
    asio::io_context keeping;
    auto keeper = graph.connect(keeping.get_executor());
    for (auto& thread : threads)
        thread.join();
    BOOST_TEST(graph.fetches() == 160u);
    BOOST_TEST(graph->stats().token_requests == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
