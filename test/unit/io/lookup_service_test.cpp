#include "io/lookup_service.hpp"
#include "support/cancel_steps.hpp"
#include "support/coroutine.hpp"
#include "support/scripted_resolver.hpp"

#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
using test::scripted_resolver;

std::string const graph = "graph.example";

asio::awaitable<std::string>
look(std::shared_ptr<lookup_service> in, std::string host, std::chrono::milliseconds time) {
    auto const executor = co_await asio::this_coro::executor;
    auto const found = co_await in->look_up(executor, host, clock::now() + time);
    if (!found)
        co_return found.error().code.message() + ": " + found.error().message;
    std::string text;
    for (auto const& each : *found->addresses)
        text.append(text.empty() ? "" : " ").append(each.text);
    co_return text;
}

struct fixture {
    scripted_resolver resolver;
    std::shared_ptr<lookup_service> names = resolver.serve();
    asio::io_context context;
    std::vector<std::string> said;

    std::string look_up(std::string const& host = graph, std::chrono::milliseconds time = 30s) {
        return test::run(context, look(names, host, time));
    }
    void spawn(asio::io_context& on, std::string const& host = graph, std::chrono::milliseconds time = 30s) {
        asio::co_spawn(on, look(names, host, time), [this](std::exception_ptr, std::string text) {
            said.push_back(std::move(text));
        });
    }
    void run() {
        context.restart();
        context.run_for(1min);
        BOOST_TEST(context.stopped());
    }

    /// The look-up that hangs, and none beside it, serves the next one who asks.
    void join_the_hung_one() {
        resolver.answer(graph, {"192.0.2.1"});
        spawn(context);
        context.restart();
        context.poll();
        resolver.let_go();
        run();
        BOOST_TEST(said == std::vector<std::string>{"192.0.2.1"});
        BOOST_TEST(resolver.calls(graph) == 1u);
    }
};

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

BOOST_FIXTURE_TEST_SUITE(lookup_services, fixture)

BOOST_AUTO_TEST_CASE(addresses_in_the_resolvers_order) {
    resolver.answer(graph, {"2001:db8::1", "192.0.2.1"});
    BOOST_TEST(look_up() == "2001:db8::1 192.0.2.1");
}

BOOST_AUTO_TEST_CASE(an_address_stands_for_itself) {
    for (auto const* const each : {"192.0.2.1", "::1", "fe80::1%lo"}) {
        BOOST_TEST(look_up(each) == each);
        BOOST_TEST(resolver.calls(each) == 0u);
    }
}

BOOST_AUTO_TEST_CASE(the_systems_resolver_knows_this_machine) {
    auto const said_here = test::run(context, look(lookup_service::shared(), "localhost", 30s));
    BOOST_TEST((has(said_here, "127.0.0.1") || has(said_here, "::1")), said_here);
}

BOOST_AUTO_TEST_CASE(one_lookup_serves_all_who_wait_and_those_who_come_later) {
    resolver.answer(graph, {"192.0.2.1"});
    resolver.hold(graph);
    asio::io_context other;
    for (int i = 0; i != 3; ++i)
        spawn(context);
    spawn(other);
    context.poll();
    other.poll();
    resolver.wait_for_calls(graph, 1);
    resolver.let_go();
    run();
    other.run();
    BOOST_TEST(said == std::vector<std::string>(4, "192.0.2.1"));
    BOOST_TEST(look_up() == "192.0.2.1");
    BOOST_TEST(resolver.calls(graph) == 1u);
}

BOOST_AUTO_TEST_CASE(row_19_a_name_that_does_not_exist) {
    BOOST_TEST(
        look_up() == "host name not resolved: looking up graph.example: Host not found (authoritative); "
                     "check the name, and "
                     "that this machine's name servers know it");
    resolver.answer(graph, {"192.0.2.1"});
    BOOST_TEST(look_up() == "192.0.2.1");
}

BOOST_AUTO_TEST_CASE(row_19_name_servers_that_fail) {
    resolver.answer_in_turn(graph, {scripted_resolver::failing(asio::error::host_not_found_try_again)});
    BOOST_TEST(
        has(look_up(), "looking up graph.example: Host not found (non-authoritative), try again later; check "
                       "the network and this machine's name servers (/etc/resolv.conf)"));
}

BOOST_AUTO_TEST_CASE(row_19_a_lookup_that_hangs_ends_at_its_deadline_and_is_named) {
    resolver.hold(graph);
    BOOST_TEST(
        look_up(graph, 20ms) ==
        "host name not resolved: looking up graph.example: no answer within the deadline; check the "
        "network and this machine's name servers (/etc/resolv.conf)");
    // When it comes to an end after all, the next one profits.
    join_the_hung_one();
}

BOOST_AUTO_TEST_CASE(row_19_a_lookup_that_hangs_does_not_hold_up_others) {
    resolver.hold(graph);
    spawn(context);
    context.poll();
    resolver.wait_for_calls(graph, 1);
    for (auto const* const host : {"login.example", "localhost.example"}) {
        resolver.answer(host, {"192.0.2.7"});
        spawn(context, host);
        while (said.empty())
            context.run_one();
        BOOST_TEST(said == std::vector<std::string>{"192.0.2.7"});
        said.clear();
    }
    resolver.let_go();
    run();
}

BOOST_AUTO_TEST_CASE(row_19_too_many_that_hang_are_an_error_at_once) {
    lookup_params params;
    params.hung_after = 0ms;
    params.most_hung = 2;
    names = resolver.serve(params);
    for (auto const* const host : {"a.example", "b.example"}) {
        resolver.hold(host);
        spawn(context, host);
    }
    context.poll();
    spawn(context);
    context.poll();
    BOOST_TEST_REQUIRE(said.size() == 1u);
    BOOST_TEST(
        has(said[0], "looking up graph.example: not begun, because earlier look-ups of a.example, b.example "
                     "hang; check the network"));
    BOOST_TEST(resolver.calls(graph) == 0u);
    resolver.let_go();
    run();
    resolver.answer(graph, {"192.0.2.1"});
    BOOST_TEST(look_up() == "192.0.2.1");
}

BOOST_AUTO_TEST_CASE(row_19_an_answer_that_does_not_work_is_looked_up_anew) {
    resolver.answer_in_turn(
        graph, {scripted_resolver::to({"192.0.2.1"}), scripted_resolver::to({"192.0.2.2"})});
    auto twice = [](std::shared_ptr<lookup_service> in) -> asio::awaitable<bool> {
        auto const executor = co_await asio::this_coro::executor;
        auto const until = clock::now() + 30s;
        auto const old = co_await in->look_up(executor, graph, until);
        in->distrust(graph, *old);
        auto const fresh = co_await in->look_up(executor, graph, until);
        in->distrust(graph, *old);
        auto const again = co_await in->look_up(executor, graph, until);
        co_return old->addresses != fresh->addresses && fresh->addresses == again->addresses;
    };
    BOOST_TEST(test::run(context, twice(names)));
    BOOST_TEST(resolver.calls(graph) == 2u);
}

BOOST_AUTO_TEST_CASE(row_19_the_old_answer_serves_while_a_lookup_hangs_or_fails) {
    lookup_params params;
    params.lifetime = 0ms;
    params.patience = 20ms;
    names = resolver.serve(params);
    resolver.answer_in_turn(
        graph, {scripted_resolver::to({"192.0.2.1"}),
                scripted_resolver::failing(asio::error::host_not_found_try_again)});
    BOOST_TEST(look_up() == "192.0.2.1");
    BOOST_TEST(look_up() == "192.0.2.1", "failed");
    resolver.hold(graph);
    BOOST_TEST(look_up() == "192.0.2.1", "hangs");
    BOOST_TEST(resolver.calls(graph) == 3u);
}

BOOST_AUTO_TEST_CASE(a_resolver_that_throws_fails) {
    names = lookup_service::make([](std::string const&) -> resolution { throw std::bad_alloc(); });
    BOOST_TEST(has(look_up(), "looking up graph.example: Cannot allocate memory"));
}

BOOST_AUTO_TEST_CASE(cancellation_leaves_the_lookup_to_others) {
    resolver.hold(graph);
    for (auto const type :
         {asio::cancellation_type::terminal, asio::cancellation_type::partial,
          asio::cancellation_type::total}) {
        asio::cancellation_signal cancel;
        std::string told;
        asio::co_spawn(
            context, test::with_all_types(look(names, graph, 30s)),
            asio::bind_cancellation_slot(
                cancel.slot(), [&](std::exception_ptr, std::string text) { told = std::move(text); }));
        context.restart();
        context.poll();
        cancel.emit(type);
        context.run_for(1min);
        BOOST_TEST(context.stopped());
        BOOST_TEST(has(told, "looking up graph.example: cancelled"), told);
    }
    join_the_hung_one();
}

BOOST_AUTO_TEST_CASE(cancellation_at_every_step) {
    resolver.answer(graph, {"192.0.2.1"});
    test::cancel_at_every_step(
        context,
        [this] {
            names = resolver.serve();
            return look(names, graph, 30s);
        },
        [](std::string const& told, bool cancelled) {
            BOOST_TEST((told == "192.0.2.1" || (cancelled && has(told, "cancelled"))), told);
        });
}

BOOST_AUTO_TEST_CASE(a_context_may_end_while_a_lookup_hangs) {
    resolver.answer(graph, {"192.0.2.1"});
    resolver.hold(graph);
    {
        asio::io_context own;
        asio::co_spawn(own, look(names, graph, 30s), asio::detached);
        own.poll();
        // This one has ended its wait, but does not know of it yet.
        asio::cancellation_signal cancel;
        asio::co_spawn(
            own, look(names, graph, 30s), asio::bind_cancellation_slot(cancel.slot(), asio::detached));
        own.poll();
        cancel.emit(asio::cancellation_type::terminal);
        resolver.wait_for_calls(graph, 1);
    }
    resolver.let_go();
    BOOST_TEST(look_up() == "192.0.2.1");
}

BOOST_AUTO_TEST_CASE(a_service_may_go_while_a_lookup_hangs) {
    resolver.hold(graph);
    {
        asio::io_context own;
        asio::co_spawn(own, look(names, graph, 30s), asio::detached);
        own.poll();
        resolver.wait_for_calls(graph, 1);
    }
    names.reset();
    resolver.let_go();
    BOOST_TEST(resolver.calls(graph) == 1u);
}

BOOST_AUTO_TEST_CASE(many_threads_and_contexts_that_come_and_go) {
    lookup_params params;
    params.lifetime = 0ms;
    names = resolver.serve(params);
    for (auto const* const host : {"a.example", "b.example"})
        resolver.answer(host, {"192.0.2.1"});
    std::atomic<int> good = 0;
    auto work = [&] {
        for (int round = 0; round != 50; ++round) {
            asio::io_context own;
            for (auto const* const host : {"a.example", "b.example"})
                asio::co_spawn(own, look(names, host, 30s), [&](std::exception_ptr, std::string const& text) {
                    good += text == "192.0.2.1" ? 1 : 0;
                });
            // Half of the contexts end with their look-ups under way.
            round % 2 == 0 ? own.run() : own.poll();
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i != 4; ++i)
        threads.emplace_back(work);
    for (auto& each : threads)
        each.join();
    BOOST_TEST(good >= 4 * 50);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
