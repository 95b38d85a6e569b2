#include "support/batch_strategies.hpp"
#include "support/coroutine.hpp"
#include "support/simulated_client.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <stdexcept>

namespace allot {
namespace {
namespace asio = boost::asio;

using outcomes = std::map<std::uint64_t, errc>;
constexpr auto good = errc{};

using test::by;
using test::strategies;

asio::awaitable<outcomes> read_all(batch items) {
    outcomes seen;
    for (auto item = co_await items.next(); item; item = co_await items.next()) {
        auto const code = item->result ? good : static_cast<errc>(item->result.error().code.value());
        // Not BOOST_TEST, which is for one thread only.
        if (!seen.emplace(item->position, code).second)
            throw std::logic_error("a position came twice");
    }
    co_return seen;
}

std::size_t count(outcomes const& seen, errc code) {
    std::size_t found = 0;
    for (auto const& [position, outcome] : seen)
        found += outcome == code ? 1 : 0;
    return found;
}

struct fixture {
    asio::io_context context;
};

BOOST_FIXTURE_TEST_SUITE(batches, fixture)

BOOST_DATA_TEST_CASE_F(fixture, one_result_for_each_reference, strategies, strategy) {
    test::simulated_graph graph(300);
    auto reader = graph.connect(context.get_executor());
    auto const seen =
        test::run(context, read_all(reader.get_allotments(graph.references(), {}, by(strategy))));
    BOOST_TEST(count(seen, good) == 300u);
    BOOST_TEST(seen.rbegin()->first == 300u);
    BOOST_TEST(graph.fetches() == 300u);
}

BOOST_DATA_TEST_CASE_F(fixture, row_27_duplicates_of_a_list_are_fetched_once, strategies, strategy) {
    test::simulated_graph graph(3);
    auto reader = graph.connect(context.get_executor());
    auto references = graph.references();
    auto const once = references;
    for (int i = 0; i != 99; ++i)
        references.insert(references.end(), once.begin(), once.end());
    auto const seen =
        test::run(context, read_all(reader.get_allotments(std::move(references), {}, by(strategy))));
    BOOST_TEST(count(seen, good) == 300u);
    BOOST_TEST(graph.fetches() == 3u);
}

BOOST_DATA_TEST_CASE_F(
    fixture, a_generator_is_asked_no_further_than_the_reader_and_the_window, strategies, strategy) {
    test::simulated_graph graph(200);
    auto reader = graph.connect(context.get_executor());
    auto const references = graph.references();
    std::size_t given = 0;
    auto generate = [&]() -> std::optional<assignment_ref> {
        if (given == references.size())
            return std::nullopt;
        return references[given++];
    };
    auto operation = [&](client& from) -> asio::awaitable<bool> {
        auto items = from.get_allotments(generate, {}, by(strategy).concurrency(4).buffer(6));
        std::size_t taken = 0;
        bool within = true;
        for (auto item = co_await items.next(); item; item = co_await items.next()) {
            ++taken;
            within = within && given <= taken + 10;
        }
        co_return within&& taken == 200;
    };
    BOOST_TEST(test::run(context, operation(reader)));
}

BOOST_DATA_TEST_CASE_F(fixture, results_that_are_never_read_hold_nothing_up, strategies, strategy) {
    test::simulated_graph graph(50);
    auto reader = graph.connect(context.get_executor());
    auto operation =
        [strategy](client& from, std::vector<assignment_ref> references) -> asio::awaitable<bool> {
        auto items = from.get_allotments(std::move(references), {}, by(strategy).concurrency(2));
        auto const first = co_await items.next();
        co_return first.has_value();
    };
    // The batch is destroyed after its first result; the context still runs out of work.
    BOOST_TEST(test::run(context, operation(reader, graph.references())));
}

BOOST_DATA_TEST_CASE_F(fixture, cancel_gives_each_reference_taken_its_result, strategies, strategy) {
    test::simulated_graph graph(40, R"({"rules":[{"match":{"path":"^/beta/"},"do":{"delay_ms":600000}}]})");
    // So long that only the cancellation can end the wait within the minute that a test has.
    auto params = graph.params();
    params.request_timeout = std::chrono::minutes(10);
    auto reader = graph.connect(context.get_executor(), std::move(params));
    auto items = reader.get_allotments(graph.references(), {}, by(strategy).concurrency(8));
    // A token, and the eight alone or together.
    std::uint64_t const requests = strategy == batch_strategy::get ? 9 : 2;
    auto operation = [requests](test::simulated_graph& from, batch reading) -> asio::awaitable<outcomes> {
        while (!from->wait_for_requests(requests, std::chrono::milliseconds(0)))
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        reading.cancel();
        co_return co_await read_all(std::move(reading));
    };
    auto const seen = test::run(context, operation(graph, std::move(items)));
    BOOST_TEST(seen.size() == 8u);
    BOOST_TEST(count(seen, errc::cancelled) == 8u);
}

BOOST_DATA_TEST_CASE_F(fixture, stop_lets_what_is_under_way_end, strategies, strategy) {
    test::simulated_graph graph(400);
    auto reader = graph.connect(context.get_executor());
    auto operation =
        [strategy](client& from, std::vector<assignment_ref> references) -> asio::awaitable<outcomes> {
        auto items = from.get_allotments(std::move(references), {}, by(strategy).concurrency(8));
        co_await items.next();
        items.stop();
        co_return co_await read_all(std::move(items));
    };
    auto const seen = test::run(context, operation(reader, graph.references()));
    BOOST_TEST(seen.size() < 399u);
    BOOST_TEST(count(seen, good) == seen.size());
    BOOST_TEST(graph.fetches() == seen.size() + 1);
}

BOOST_DATA_TEST_CASE_F(fixture, a_cancelled_next_keeps_its_result_for_the_next_call, strategies, strategy) {
    test::simulated_graph graph(1);
    auto reader = graph.connect(context.get_executor());
    auto items = reader.get_allotments(graph.references(), {}, by(strategy));
    asio::cancellation_signal cancel;
    bool ended = false;
    auto wait = [](batch& from, bool& done) -> asio::awaitable<void> {
        co_await asio::this_coro::throw_if_cancelled(false);
        auto const item = co_await from.next();
        done = !item.has_value();
    };
    asio::co_spawn(context, wait(items, ended), asio::bind_cancellation_slot(cancel.slot(), asio::detached));
    auto stop = [](asio::cancellation_signal& signal) -> asio::awaitable<void> {
        signal.emit(asio::cancellation_type::terminal);
        co_return;
    };
    asio::co_spawn(context, stop(cancel), asio::detached);
    context.run();
    BOOST_TEST(ended);
    BOOST_TEST(count(test::run(context, read_all(std::move(items))), good) == 1u);
}

BOOST_DATA_TEST_CASE_F(
    fixture, references_and_queries_that_cannot_be_sent_are_results, strategies, strategy) {
    test::simulated_graph graph(1);
    auto reader = graph.connect(context.get_executor());
    std::vector<assignment_ref> bad{assignment_ref::admin("../users"), assignment_ref::admin("")};
    auto const seen = test::run(context, read_all(reader.get_allotments(bad, {}, by(strategy))));
    BOOST_TEST(count(seen, errc::invalid_reference) == 2u);
    auto const queried = test::run(
        context, read_all(reader.get_allotments(graph.references(), query().select("a b"), by(strategy))));
    BOOST_TEST(count(queried, errc::invalid_query) == 1u);
    BOOST_TEST(graph.fetches() == 0u);
}

BOOST_DATA_TEST_CASE_F(fixture, an_empty_list_ends_at_once, strategies, strategy) {
    test::simulated_graph graph(1);
    auto reader = graph.connect(context.get_executor());
    BOOST_TEST(
        test::run(context, read_all(reader.get_allotments(std::vector<assignment_ref>(), {}, by(strategy))))
            .empty());
}

BOOST_DATA_TEST_CASE_F(fixture, several_batches_on_a_thread_pool_share_one_client, strategies, strategy) {
    test::simulated_graph graph(200);
    asio::thread_pool threads(4);
    auto reader = graph.connect(threads.get_executor());
    std::vector<std::future<outcomes>> batches;
    for (int i = 0; i != 4; ++i)
        batches.push_back(asio::co_spawn(
            threads, read_all(reader.get_allotments(graph.references(), {}, by(strategy))),
            asio::use_future));
    for (auto& each : batches)
        BOOST_TEST(count(each.get(), good) == 200u);
    threads.join();
}

BOOST_AUTO_TEST_SUITE_END()

}
}
