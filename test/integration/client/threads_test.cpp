#include "client/dealt_batch.hpp"
#include "support/coroutine.hpp"
#include "support/simulated_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <future>
#include <memory>
#include <set>
#include <thread>

// Meant for the thread sanitizer too.

namespace allot {
namespace {
namespace asio = boost::asio;

/// How a service has a client for each of its threads: their parameters hold the same credential, and so they
/// have one token and one throttle gate.
struct worker {
    explicit worker(client_params params) :
        reader(make_client(context.get_executor(), std::move(params)).value()),
        thread([this] { context.run(); }) {}
    ~worker() {
        work.reset();
        thread.join();
    }

    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(context);
    client reader;
    std::thread thread;
};

asio::awaitable<std::size_t> good_results(client& from, std::vector<assignment_ref> references) {
    auto items = from.get_allotments(std::move(references));
    std::size_t good = 0;
    for (auto item = co_await items.next(); item; item = co_await items.next())
        good += item->result ? 1 : 0;
    co_return good;
}

struct fixture {
    asio::io_context context{1};
    std::deque<std::unique_ptr<worker>> workers;

    void start(client_params const& params, std::size_t number) {
        for (; number != 0; --number)
            workers.push_back(std::make_unique<worker>(params));
    }
    std::vector<dealt_batch::hand> hands() {
        std::vector<dealt_batch::hand> all;
        for (auto const& each : workers)
            all.push_back({&each->reader, each->context.get_executor()});
        return all;
    }
    dealt_batch deal(reference_source references, batch_params pace = {}) {
        return dealt_batch(hands(), context.get_executor(), std::move(references), {}, pace);
    }
};

struct seen_results {
    std::multiset<std::uint64_t> positions = {};
    std::size_t good = 0;
};

asio::awaitable<seen_results> read_all(dealt_batch items, std::size_t stop_after, std::size_t cancel_after) {
    seen_results seen;
    for (;;) {
        auto const* const item = co_await items.next();
        if (item == nullptr)
            co_return seen;
        seen.positions.insert(item->position);
        seen.good += item->result ? 1 : 0;
        if (seen.positions.size() == stop_after)
            items.stop();
        if (seen.positions.size() == cancel_after)
            items.cancel();
    }
}

BOOST_FIXTURE_TEST_SUITE(clients_of_several_threads, fixture)

BOOST_AUTO_TEST_CASE(they_share_one_token_and_one_gate) {
    test::simulated_graph graph(200);
    start(graph.params(), 2);
    std::vector<std::future<std::size_t>> found;
    for (auto const& each : workers)
        found.push_back(
            asio::co_spawn(each->context, good_results(each->reader, graph.references()), asio::use_future));
    for (auto& each : found)
        BOOST_TEST(each.get() == 200u);
    std::size_t tokens = 0;
    for (auto const& entry : graph->journal())
        tokens += entry.method == "POST" ? 1 : 0;
    BOOST_TEST(tokens == 1u);
    BOOST_TEST(workers[0]->reader.stats().request_limit == 128u);
}

BOOST_AUTO_TEST_CASE(what_one_is_told_holds_the_other) {
    test::simulated_graph graph(
        2,
        R"({"rules":[{"match":{"path":"^/beta/","nth":[1]},"do":{"status":429,"headers":{"Retry-After":"7200"}}}]})");
    start(graph.params(), 2);
    auto const references = graph.references();
    auto parked = asio::co_spawn(
        workers[0]->context, workers[0]->reader.get_allotment(references[0]), asio::use_future);
    BOOST_TEST((parked.get().error().code == errc::parked));
    auto held = asio::co_spawn(
        workers[1]->context, workers[1]->reader.get_allotment(references[1]), asio::use_future);
    BOOST_TEST((held.get().error().code == errc::parked));
    BOOST_TEST(graph.fetches() == 1u);
}

BOOST_AUTO_TEST_CASE(a_deal_gives_one_result_for_each_reference) {
    test::simulated_graph graph(1'000);
    start(graph.params(), 3);
    auto const seen = test::run(context, read_all(deal(graph.references()), 0, 0));
    BOOST_TEST(seen.good == 1'000u);
    BOOST_TEST(std::set(seen.positions.begin(), seen.positions.end()).size() == 1'000u);
    BOOST_TEST(*seen.positions.rbegin() == 1'000u);
    BOOST_TEST(graph.fetches() == 1'000u);
}

BOOST_AUTO_TEST_CASE(row_27_duplicates_of_a_list_are_fetched_once_by_all) {
    test::simulated_graph graph(40);
    start(graph.params(), 3);
    auto references = graph.references();
    auto const once = references;
    for (int i = 0; i != 9; ++i)
        references.insert(references.end(), once.begin(), once.end());
    auto const seen = test::run(context, read_all(deal(std::move(references)), 0, 0));
    BOOST_TEST(seen.good == 400u);
    BOOST_TEST(std::set(seen.positions.begin(), seen.positions.end()).size() == 400u);
    BOOST_TEST(graph.fetches() == 40u);
}

BOOST_AUTO_TEST_CASE(a_deal_that_is_stopped_gives_what_is_under_way) {
    test::simulated_graph graph(2'000);
    start(graph.params(), 2);
    auto const seen =
        test::run(context, read_all(deal(graph.references(), batch_params().concurrency(4)), 1, 0));
    BOOST_TEST(seen.good == seen.positions.size());
    BOOST_TEST(seen.good < 2'000u);
    BOOST_TEST(graph.fetches() == seen.good);
}

BOOST_AUTO_TEST_CASE(a_deal_that_is_cancelled_gives_each_reference_taken_its_result) {
    test::simulated_graph graph(
        100, R"({"rules":[{"match":{"path":"^/beta/","nth":[3,4,5,6,7,8,9,10]},"do":{"delay_ms":600000}}]})");
    auto params = graph.params();
    params.request_timeout = std::chrono::minutes(10);
    start(params, 2);
    auto const seen =
        test::run(context, read_all(deal(graph.references(), batch_params().concurrency(4)), 0, 1));
    BOOST_TEST(seen.good < seen.positions.size());
    BOOST_TEST(seen.positions.size() < 100u);
    BOOST_TEST(std::set(seen.positions.begin(), seen.positions.end()).size() == seen.positions.size());
}

BOOST_AUTO_TEST_CASE(a_deal_of_nothing_ends) {
    test::simulated_graph graph(1);
    start(graph.params(), 2);
    auto const seen = test::run(context, read_all(deal(std::vector<assignment_ref>()), 0, 0));
    BOOST_TEST(seen.positions.empty());
}

BOOST_AUTO_TEST_CASE(a_deal_runs_ahead_of_its_reader_by_a_bounded_number) {
    test::simulated_graph graph(3'000);
    start(graph.params(), 2);
    auto const references = graph.references();
    std::atomic<std::size_t> given = 0;
    auto generate = [&]() -> std::optional<assignment_ref> {
        if (given == references.size())
            return std::nullopt;
        return references[given++];
    };
    auto operation = [&](dealt_batch items) -> asio::awaitable<std::size_t> {
        std::size_t taken = 0;
        std::size_t furthest = 0;
        while (co_await items.next() != nullptr) {
            ++taken;
            furthest = std::max(furthest, given - taken);
        }
        co_return taken == references.size() ? furthest : SIZE_MAX;
    };
    // Of each of the two: four deliveries of 32, one that is being filled, 4 + 4 in the batch, a chunk.
    auto const furthest =
        test::run(context, operation(deal(generate, batch_params().concurrency(4).buffer(4))));
    BOOST_TEST(furthest <= 2u * (5 * 32 + 8 + 16));
}

BOOST_AUTO_TEST_CASE(a_deal_that_is_not_read_to_its_end_holds_nothing_up) {
    test::simulated_graph graph(500);
    start(graph.params(), 2);
    auto operation = [](dealt_batch items) -> asio::awaitable<bool> {
        auto const* const first = co_await items.next();
        co_return first != nullptr;
    };
    BOOST_TEST(test::run(context, operation(deal(graph.references()))));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
