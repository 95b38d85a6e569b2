#include "support/coroutine.hpp"
#include "support/simulated_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <tuple>

namespace allot {
namespace {
namespace asio = boost::asio;

struct fixture {
    test::simulated_graph graph{20};
    std::vector<assignment_ref> references = graph.references();
    asio::io_context context;
    client reader = graph.connect(context.get_executor());
};

BOOST_FIXTURE_TEST_SUITE(completion_styles, fixture)

BOOST_AUTO_TEST_CASE(awaitable) {
    auto operation = [](client& from, assignment_ref reference) -> asio::awaitable<bool> {
        auto const found = co_await from.get_allotment(std::move(reference));
        co_return found && found->id.has_value() && found->consumed_units.has_value();
    };
    BOOST_TEST(test::run(context, operation(reader, references[0])));
}

BOOST_AUTO_TEST_CASE(future_from_another_thread) {
    asio::thread_pool threads(2);
    auto pooled = graph.connect(threads.get_executor());
    std::vector<std::future<result<allotment>>> futures;
    for (auto const& reference : references)
        futures.push_back(asio::co_spawn(threads, pooled.get_allotment(reference), asio::use_future));
    for (auto& future : futures)
        BOOST_TEST(future.get().has_value());
    BOOST_TEST(pooled.stats().requests == references.size());
    threads.join();
}

BOOST_AUTO_TEST_CASE(callback) {
    int called = 0;
    asio::co_spawn(
        context, reader.get_allotment(references[0]),
        [&called](std::exception_ptr thrown, result<allotment> found) {
            BOOST_TEST(!thrown);
            BOOST_TEST(found.has_value());
            ++called;
        });
    BOOST_TEST(called == 0);
    context.run();
    BOOST_TEST(called == 1);
}

BOOST_AUTO_TEST_CASE(as_tuple_of_an_awaitable) {
    auto operation = [](client& from, assignment_ref reference) -> asio::awaitable<bool> {
        auto const executor = co_await asio::this_coro::executor;
        auto inner = from.get_allotment(std::move(reference));
        auto const ended =
            co_await asio::co_spawn(executor, std::move(inner), asio::as_tuple(asio::use_awaitable));
        co_return !std::get<0>(ended) && std::get<1>(ended).has_value();
    };
    BOOST_TEST(test::run(context, operation(reader, references[0])));
}

BOOST_AUTO_TEST_CASE(value_throws_what_went_wrong) {
    auto operation = [](client& from) -> asio::awaitable<std::string> {
        try {
            auto found = co_await from.get_allotment(assignment_ref::admin("unknown-id"));
            found.value();
            co_return "no exception";
        } catch (failure_error const& thrown) {
            co_return thrown.diagnostics().graph_code;
        }
    };
    auto const code = test::run(context, operation(reader));
    BOOST_TEST((code == "itemNotFound" || code == "Request_ResourceNotFound"));
}

BOOST_AUTO_TEST_CASE(all_arguments_may_be_built_in_the_call) {
    auto operation = [](client& from, std::string id) -> asio::awaitable<bool> {
        auto const found = co_await from.get_allotment(
            assignment_ref::admin(std::move(id)), query().select("id").select("skuPartNumber"));
        co_return found && found->sku_part_number && !found->allotted_units;
    };
    BOOST_TEST(test::run(context, operation(reader, references[0].assignment_id())));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
