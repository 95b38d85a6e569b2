#include "support/batch_strategies.hpp"
#include "support/coroutine.hpp"
#include "support/recording_observer.hpp"
#include "support/simulated_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <string>
#include <vector>

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;

using items = std::map<std::uint64_t, batch_item>;

asio::awaitable<items> collect(batch from) {
    items seen;
    for (auto item = co_await from.next(); item; item = co_await from.next()) {
        auto const position = item->position;
        if (!seen.emplace(position, std::move(*item)).second)
            throw std::logic_error("a position came twice");
    }
    co_return seen;
}

std::string const whole_batch = R"("path":"batch$")";
std::string const one_item = R"("item":true)";

std::string rule(std::string const& match, std::string const& deed) {
    return R"({"rules":[{"match":{)" + match + R"(},"do":)" + deed + "}]}";
}

struct envelopes {
    asio::io_context context;
    client_stats stats;

    static client_params quick(test::simulated_graph const& graph) {
        auto params = graph.params();
        params.retry.base_delay = 1ms;
        params.retry.max_delay = 5ms;
        return params;
    }
    items fetch(test::simulated_graph const& graph, client_params params, query options = {}) {
        auto reader = graph.connect(context.get_executor(), std::move(params));
        auto all =
            reader.get_allotments(graph.references(), std::move(options), test::by(batch_strategy::batch));
        auto seen = test::run(context, collect(std::move(all)));
        stats = reader.stats();
        return seen;
    }
    items fetch(test::simulated_graph const& graph) { return fetch(graph, quick(graph)); }
};

/// Each result is that of its own assignment.
void check_truth(test::simulated_graph const& graph, items const& seen) {
    auto const references = graph.references();
    BOOST_TEST_REQUIRE(seen.size() == references.size());
    auto const& tenant = graph->tenant();
    for (auto const& [position, item] : seen) {
        BOOST_TEST((item.reference == references[position - 1]));
        BOOST_TEST_REQUIRE(item.result.has_value(), to_string(item.result.error()));
        auto const& assignment = tenant.assignments()[position - 1];
        BOOST_TEST(*item.result->id == tenant.allotments()[*assignment.allotment].id);
    }
}

std::vector<std::size_t> sizes(test::simulated_graph const& graph) {
    std::vector<std::size_t> out;
    for (auto const& entry : graph->journal())
        if (entry.method == "POST" && entry.target.ends_with("batch"))
            out.push_back(entry.items.size());
    return out;
}

std::size_t alone(test::simulated_graph const& graph) {
    std::size_t count = 0;
    for (auto const& entry : graph->journal())
        count += entry.method == "GET" ? 1 : 0;
    return count;
}

/// An envelope of 20, then the same items in halves. Each waits for its own time: on a slow machine the last
/// ones may go by themselves.
void check_halves(test::simulated_graph const& graph) {
    auto const found = sizes(graph);
    BOOST_TEST_REQUIRE(found.size() > 2u);
    BOOST_TEST(found.front() == 20u);
    BOOST_TEST(*std::max_element(std::next(found.begin()), found.end()) == 10u);
    BOOST_TEST(alone(graph) <= 2u);
    BOOST_TEST(std::accumulate(found.begin(), found.end(), std::size_t(0)) + alone(graph) == 40u);
}

BOOST_FIXTURE_TEST_SUITE(batch_calls, envelopes)

BOOST_AUTO_TEST_CASE(twenty_go_in_one_request_and_the_rest_in_another) {
    test::simulated_graph graph(50);
    auto const seen = fetch(graph);
    check_truth(graph, seen);
    auto found = sizes(graph);
    std::sort(found.begin(), found.end());
    BOOST_TEST(found == (std::vector<std::size_t>{10, 20, 20}), boost::test_tools::per_element());
    BOOST_TEST(alone(graph) == 0u);
    BOOST_TEST(stats.requests == 50u);
    for (auto const& [position, item] : seen) {
        BOOST_TEST(item.exchange.attempts == 1u);
        BOOST_TEST(item.exchange.http_status == 200);
        BOOST_TEST(item.exchange.request_id.size() == 36u);
        BOOST_TEST(item.exchange.client_request_id.size() == 36u);
        BOOST_TEST(item.exchange.duration.count() > 0);
    }
    auto const entry = graph->journal().at(1);
    BOOST_TEST(entry.items.front().id == "1");
    BOOST_TEST(entry.items.back().id == "20");
}

BOOST_AUTO_TEST_CASE(one_alone_is_a_request_of_its_own) {
    test::simulated_graph graph(1);
    check_truth(graph, fetch(graph));
    BOOST_TEST(sizes(graph).empty());
    BOOST_TEST(alone(graph) == 1u);
}

BOOST_AUTO_TEST_CASE(findings_are_those_of_single_requests) {
    test::simulated_graph graph(20, rule(one_item + R"(,"nth":[3])", R"({"status":404})"), 4);
    auto const seen = fetch(graph, quick(graph), query().select("id").select("skuId"));
    std::map<int, int> codes;
    for (auto const& [position, item] : seen)
        ++codes[item.result ? 0 : item.result.error().code.value()];
    BOOST_TEST(codes[static_cast<int>(errc::no_allotment)] == 4);
    BOOST_TEST(codes[static_cast<int>(errc::not_found)] == 1);
    BOOST_TEST(codes[0] == 15);
    auto const& missing = seen.at(3).result.error();
    BOOST_TEST(missing.exchange.http_status == 404);
    BOOST_TEST(missing.message.starts_with("GET https://"), missing.message);
    BOOST_TEST(!seen.at(1).result->services.has_value());
}

BOOST_AUTO_TEST_CASE(row_28_wrong_ids_make_nothing_of_an_answer_believed) {
    for (std::string const deed : {"doubled", "unknown_id"}) {
        test::simulated_graph graph(
            20, rule(one_item + R"(,"nth":[7])", R"({"item_answer":")" + deed + R"("})"));
        auto const seen = fetch(graph);
        check_truth(graph, seen);
        // None of the first twenty answers was taken.
        for (auto const& [position, item] : seen)
            BOOST_TEST(item.exchange.attempts == 2u);
        BOOST_TEST(graph.fetches() == 40u);
        check_halves(graph);
    }
}

BOOST_AUTO_TEST_CASE(row_28_wrong_ids_every_time_end_with_single_requests) {
    test::simulated_graph graph(20, rule(one_item, R"({"item_answer":"doubled"})"));
    check_truth(graph, fetch(graph));
    BOOST_TEST(alone(graph) == 20u);
}

BOOST_AUTO_TEST_CASE(row_28_a_missing_answer_is_asked_for_again_and_no_other) {
    test::simulated_graph graph(20, rule(one_item + R"(,"nth":[7,12])", R"({"item_answer":"missing"})"));
    auto const seen = fetch(graph);
    check_truth(graph, seen);
    BOOST_TEST(graph.fetches() == 22u);
    for (auto const& [position, item] : seen)
        BOOST_TEST(item.exchange.attempts == (position == 7 || position == 12 ? 2u : 1u));
    BOOST_TEST(stats.retries == 2u);
}

BOOST_AUTO_TEST_CASE(row_28_a_bad_body_is_the_fault_of_its_own_item) {
    for (std::string const deed :
         {R"({"status":200,"headers":{"Content-Type":"text/html"},"body":"<html>"})",
          R"({"status":200,"headers":{"Content-Type":"application/json"},"body":"<html>"})",
          R"({"status":200,"headers":{"Content-Type":"application/json"},"body":{"hello":1}})"}) {
        test::simulated_graph graph(20, rule(one_item + R"(,"nth":[5])", deed));
        auto const seen = fetch(graph);
        for (auto const& [position, item] : seen)
            BOOST_TEST(item.result.has_value() == (position != 5));
        auto const& why = seen.at(5).result.error();
        BOOST_TEST((why.code == errc::bad_body));
        BOOST_TEST((why.reason == end_reason::permanent));
        BOOST_TEST(sizes(graph).size() == 1u);
    }
}

std::string const whole_faults[] = {
    R"({"status":400})",
    R"({"status":403})",
    R"({"status":404})",
    R"({"status":413})",
    R"({"status":302,"headers":{"Location":"https://elsewhere.example/"}})",
    R"({"status":204})",
    R"({"status":408})",
    R"({"status":500})",
    R"({"status":503})",
    R"({"status":504})",
    R"({"status":200,"headers":{"Content-Type":"text/html"},"body":"<html>"})",
    R"({"status":200,"headers":{"Content-Type":"application/json"},"body":"{\"responses\":["})",
    R"({"status":200,"headers":{"Content-Type":"application/json"},"body":{"value":[]}})",
    R"({"status":200,"headers":{"Content-Type":"application/json"},"body":{"responses":[{"id":"1","status":"200"}]}})",
    R"({"close_after_bytes":700,"truncate_close_notify":true})",
    R"({"close_after_bytes":0,"reset":true})",
    R"({"raw":"SSH-2.0\r\n"})",
    R"({"encode":"gzip_bomb"})",
};

BOOST_DATA_TEST_CASE_F(envelopes, an_envelope_that_fails_once_is_sent_again, whole_faults, deed) {
    test::simulated_graph graph(40, rule(whole_batch + R"(,"nth":[1])", deed));
    check_truth(graph, fetch(graph));
    BOOST_TEST(stats.retries == 20u);
}

BOOST_DATA_TEST_CASE_F(
    envelopes, what_answers_no_envelope_is_asked_with_single_requests, whole_faults, deed) {
    test::simulated_graph graph(10, rule(whole_batch, deed));
    check_truth(graph, fetch(graph));
    BOOST_TEST(alone(graph) == 10u);
}

BOOST_AUTO_TEST_CASE(a_service_without_batches_costs_no_waits) {
    test::simulated_graph graph(200, rule(whole_batch, R"({"status":405})"));
    auto params = quick(graph);
    params.connections = 4;
    auto const begin = std::chrono::steady_clock::now();
    check_truth(graph, fetch(graph, std::move(params)));
    BOOST_TEST(alone(graph) == 200u);
    // The retry budget would take half a minute for as many.
    BOOST_TEST((std::chrono::steady_clock::now() - begin < 15s));
    BOOST_TEST(sizes(graph).size() <= 170u); // 1, 2, 4 and 10 for each twenty
}

BOOST_AUTO_TEST_CASE(the_one_that_spoils_envelopes_is_found) {
    // As deep as single answers may be: an envelope around it is deeper.
    std::string deep = "1";
    for (int level = 0; level != 31; ++level)
        deep = "[" + deep + "]";
    auto const references = test::simulated_graph(20).references();
    test::simulated_graph graph(
        20, R"({"rules":[{"match":{"path":")" + references[12].assignment_id() +
                R"("},"do":{"status":200,"headers":{"Content-Type":"application/json"},"body":")" + deep +
                R"("}}]})");
    auto const seen = fetch(graph);
    BOOST_TEST(seen.size() == 20u);
    for (auto const& [position, item] : seen)
        BOOST_TEST(item.result.has_value() == (position != 13));
    BOOST_TEST((seen.at(13).result.error().code == errc::bad_body));
    BOOST_TEST(alone(graph) <= 6u); // the retry budget may let the last ones go one by one
}

BOOST_AUTO_TEST_CASE(a_silent_envelope_is_given_up_and_sent_in_halves) {
    test::simulated_graph graph(20, rule(whole_batch + R"(,"nth":[1])", R"({"delay_ms":600000})"));
    auto params = quick(graph);
    params.request_timeout = 2s;
    check_truth(graph, fetch(graph, std::move(params)));
    check_halves(graph);
}

BOOST_AUTO_TEST_CASE(throttled_items_hold_all_as_long_as_the_longest_says) {
    // Two refusals of which the second one asks for longer.
    test::simulated_graph graph(60, R"({"rules":[
        {"match":{"item":true,"nth":[3]},"do":{"status":429,"retry_after":1}},
        {"match":{"item":true,"nth":[8]},"do":{"status":429,"retry_after":2}}]})");
    auto params = quick(graph);
    params.connections = 1;
    auto const seen = fetch(graph, std::move(params));
    check_truth(graph, seen);
    BOOST_TEST(graph.fetches() == 62u);
    BOOST_TEST(stats.throttled == 2u);
    BOOST_TEST((stats.held >= 1900ms));
    auto const journal = graph->journal();
    std::vector<std::chrono::microseconds> times;
    for (auto const& entry : journal)
        if (!entry.items.empty())
            times.push_back(entry.time);
    BOOST_TEST_REQUIRE(times.size() == 4u);
    BOOST_TEST((times[1] - times[0] >= 1900ms));
    // The two go out with new ones.
    BOOST_TEST(sizes(graph) == (std::vector<std::size_t>{20, 20, 20, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(row_08_an_item_that_asks_for_too_long_a_wait_parks_everything) {
    test::simulated_graph graph(60, rule(one_item + R"(,"nth":[3])", R"({"status":429,"retry_after":3600})"));
    auto params = quick(graph);
    params.connections = 1;
    auto const seen = fetch(graph, std::move(params));
    std::size_t good = 0;
    for (auto const& [position, item] : seen) {
        good += item.result ? 1 : 0;
        if (!item.result) {
            BOOST_TEST((item.result.error().code == errc::parked));
            BOOST_TEST(item.result.error().retry_at.has_value());
        }
    }
    BOOST_TEST(good == 19u);
    BOOST_TEST(sizes(graph).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_refused_token_of_one_item_is_replaced) {
    test::simulated_graph graph(20, rule(one_item + R"(,"nth":[3])", R"({"status":401})"));
    auto params = quick(graph);
    params.retry.max_attempts = 1;
    auto const seen = fetch(graph, std::move(params));
    check_truth(graph, seen);
    BOOST_TEST(graph.fetches() == 21u);
    BOOST_TEST(graph->stats().token_requests == 2u);
}

BOOST_AUTO_TEST_CASE(row_05_a_fresh_token_that_is_refused_too_is_final) {
    test::simulated_graph graph(20, rule(one_item, R"({"status":401})"));
    auto const seen = fetch(graph);
    for (auto const& [position, item] : seen)
        BOOST_TEST((item.result.error().code == errc::unauthorized));
    BOOST_TEST(graph->stats().token_requests == 2u);
    BOOST_TEST(graph.fetches() == 40u);
}

BOOST_AUTO_TEST_CASE(row_06_a_claims_challenge_is_answered) {
    for (std::string const when : {"[1]", "[2]"}) {
        test::simulated_graph graph(40, R"({"revoke_tokens_at":)" + when + "}");
        auto params = quick(graph);
        params.connections = 1;
        params.continuous_access_evaluation = true;
        check_truth(graph, fetch(graph, std::move(params)));
        BOOST_TEST(graph->stats().token_requests == 2u);
    }
}

BOOST_AUTO_TEST_CASE(row_12_a_stale_connection_is_replayed_without_an_attempt) {
    test::simulated_graph graph(40, rule(whole_batch + R"(,"nth":[2])", R"({"reset":true})"));
    auto params = quick(graph);
    params.connections = 1;
    params.retry.max_attempts = 1;
    auto const seen = fetch(graph, std::move(params));
    check_truth(graph, seen);
    for (auto const& [position, item] : seen)
        BOOST_TEST(item.exchange.attempts == 1u);
    BOOST_TEST(stats.connections_opened == 2u);
}

BOOST_AUTO_TEST_CASE(attempts_are_counted_for_each_item) {
    auto const references = test::simulated_graph(20).references();
    test::simulated_graph graph(
        20, rule("\"path\":\"" + references[1].assignment_id() + '"', R"({"status":500})"));
    auto params = quick(graph);
    params.retry.max_attempts = 2;
    auto const seen = fetch(graph, std::move(params));
    auto const& failed = seen.at(2).result.error();
    BOOST_TEST((failed.code == errc::server_error));
    BOOST_TEST((failed.reason == end_reason::attempts));
    BOOST_TEST(failed.exchange.attempts == 2u);
    BOOST_TEST(graph.fetches() == 21u);
}

BOOST_AUTO_TEST_CASE(an_envelope_has_no_more_attempts_than_its_items) {
    test::simulated_graph graph(20, rule(whole_batch, R"({"status":400})"));
    auto params = quick(graph);
    params.retry.max_attempts = 2;
    for (auto const& [position, item] : fetch(graph, std::move(params))) {
        BOOST_TEST((item.result.error().reason == end_reason::attempts));
        BOOST_TEST(item.exchange.attempts == 2u);
    }
    BOOST_TEST(alone(graph) == 0u);
}

BOOST_AUTO_TEST_CASE(the_deadline_is_that_of_each_item) {
    test::simulated_graph graph(20, rule(one_item + R"(,"nth":[4])", R"({"status":503,"retry_after":60})"));
    auto params = quick(graph);
    params.deadline = 1s;
    auto const seen = fetch(graph, std::move(params));
    for (auto const& [position, item] : seen)
        BOOST_TEST(item.result.has_value() == (position != 4));
    BOOST_TEST((seen.at(4).result.error().reason == end_reason::deadline));

    test::simulated_graph silent(20, rule("\"path\":\"^/beta/\"", R"({"delay_ms":600000})"));
    params = quick(silent);
    params.deadline = 200ms;
    for (auto const& [position, item] : fetch(silent, std::move(params)))
        BOOST_TEST((item.result.error().reason == end_reason::deadline));
}

BOOST_AUTO_TEST_CASE(an_observer_sees_each_item) {
    test::simulated_graph graph(20, R"({"rules":[
        {"match":{"item":true,"nth":[3]},"do":{"status":429,"retry_after":1}},
        {"match":{"item":true,"nth":[8]},"do":{"status":404}}]})");
    auto params = quick(graph);
    auto const seen = std::make_shared<test::recording_observer>();
    params.observer = seen;
    fetch(graph, std::move(params));
    BOOST_TEST(seen->count("started ") == 21u);
    BOOST_TEST(seen->count("finished ") == 21u);
    BOOST_TEST(seen->count("finished 8.1 404") == 1u);
    BOOST_TEST(seen->count("retried 3.1 429") == 1u);
    BOOST_TEST(seen->count("started 3.2") == 1u);
    BOOST_TEST(seen->count("held 429 hint by <> <>") == 1u);
    BOOST_TEST(seen->count("released") == 1u);
    BOOST_TEST(seen->bytes > 20u * 200u);
    BOOST_TEST(seen->times_are_good());
}

BOOST_AUTO_TEST_CASE(fields_and_base_path_are_those_of_single_requests) {
    test::simulated_graph graph(2);
    auto params = quick(graph);
    params.priority = throttle_priority::low;
    check_truth(graph, fetch(graph, std::move(params), query().select("id")));
    auto const entry = graph->journal().back();
    auto const value = [&](std::string_view name) {
        for (auto const& field : entry.fields)
            if (field.name == name)
                return field.value;
        return std::string();
    };
    BOOST_TEST(entry.target == "/beta/$batch");
    BOOST_TEST(value("Content-Type") == "application/json");
    BOOST_TEST(value("x-ms-throttle-priority") == "low");
    BOOST_TEST(value("Accept") == "application/json");
    BOOST_TEST(entry.items.front().target.ends_with("/allotment?$select=id"), entry.items.front().target);
}

BOOST_AUTO_TEST_CASE(small_concurrency_means_small_envelopes) {
    test::simulated_graph graph(30);
    auto reader = graph.connect(context.get_executor());
    auto all = reader.get_allotments(
        graph.references(), {}, test::by(batch_strategy::batch).concurrency(4).buffer(6));
    check_truth(graph, test::run(context, collect(std::move(all))));
    for (auto const size : sizes(graph))
        BOOST_TEST(size <= 4u);
    BOOST_TEST(sizes(graph).size() <= 10u);
}

BOOST_AUTO_TEST_CASE(cancelled_at_each_step_every_reference_taken_has_its_result) {
    test::simulated_graph graph(60, R"({"rules":[
        {"match":{"item":true,"every":7},"do":{"status":500}},
        {"match":{"path":"batch$","nth":[2,9,20]},"do":{"close_after_bytes":900}},
        {"match":{"item":true,"every":11},"do":{"item_answer":"missing"}}]})");
    bool ended = false;
    for (int steps = 0; !ended; steps += 1 + steps / 16) {
        BOOST_TEST_REQUIRE(steps < 100'000);
        auto params = quick(graph);
        params.connections = 2;
        auto reader = graph.connect(context.get_executor(), std::move(params));
        auto all = reader.get_allotments(graph.references(), {}, test::by(batch_strategy::batch));
        context.restart();
        for (int step = 0; step != steps && !ended; ++step)
            ended = context.run_one_for(1s) == 0;
        auto read = [](batch from) -> asio::awaitable<items> {
            from.cancel();
            co_return co_await collect(std::move(from));
        };
        for (auto const& [position, item] : test::run(context, read(std::move(all))))
            BOOST_TEST((item.result.has_value() || item.result.error().code == errc::cancelled));
    }
}

BOOST_AUTO_TEST_CASE(an_automatic_strategy_decides_by_the_first_answers) {
    for (bool const slow : {false, true}) {
        test::simulated_graph graph(150, slow ? R"({"latency_ms":100})" : "{}");
        auto params = quick(graph);
        params.connections = 16;
        if (!slow)
            params.max_rate = 200;
        auto reader = graph.connect(context.get_executor(), std::move(params));
        std::optional<strategy_choice> chosen;
        auto read = [&](batch from) -> asio::awaitable<items> {
            items seen;
            for (auto item = co_await from.next(); item; item = co_await from.next()) {
                auto const position = item->position;
                seen.emplace(position, std::move(*item));
            }
            chosen = from.chosen();
            co_return seen;
        };
        auto all = reader.get_allotments(graph.references(), {}, test::by(batch_strategy::automatic));
        check_truth(graph, test::run(context, read(std::move(all))));
        BOOST_TEST_REQUIRE(chosen.has_value());
        BOOST_TEST(
            (chosen->strategy == (slow ? batch_strategy::batch : batch_strategy::get)), chosen->reason);
        BOOST_TEST(sizes(graph).empty() == !slow);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}
}
