#include "walks.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <future>
#include <optional>

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using namespace test;

BOOST_FIXTURE_TEST_SUITE(pages, page_fixture)

BOOST_AUTO_TEST_CASE(every_assignment_once) {
    for (std::size_t const count : {1U, 100U, 101U, 250U}) {
        simulated_graph graph(count);
        auto reader = graph.connect(context.get_executor());
        auto const seen = read(reader);
        BOOST_TEST(seen.failures.empty());
        BOOST_TEST((seen.ids == ids_of(graph)));
        BOOST_TEST(seen.sizes.size() == (count + 99) / 100);
        BOOST_TEST(graph.fetches() == seen.sizes.size());
    }
}

BOOST_AUTO_TEST_CASE(an_empty_list_is_one_empty_page) {
    simulated_graph graph(1, rules(rule("", R"({"body":{"value":[]}})")));
    auto reader = graph.connect(context.get_executor());
    BOOST_TEST((read(reader).sizes == std::vector<std::size_t>{0}));
}

BOOST_AUTO_TEST_CASE(empty_pages_in_between_and_links_at_the_end) {
    simulated_graph graph(7, R"({"pages":{"size":3,"empty":true,"next_link":"last"}})");
    auto reader = graph.connect(context.get_executor());
    auto const seen = read(reader);
    BOOST_TEST((seen.sizes == std::vector<std::size_t>{3, 0, 3, 0, 1, 0}));
    BOOST_TEST((seen.ids == ids_of(graph)));
}

BOOST_AUTO_TEST_CASE(users_and_groups) {
    simulated_graph graph(400);
    auto reader = graph.connect(context.get_executor());
    auto const& tenant = graph->tenant();
    bool user = false;
    bool group = false;
    for (std::uint32_t owner = 0; owner != 40; ++owner) {
        auto const& each = tenant.principals()[owner];
        if (each.kind == simulation::principal_kind::device)
            continue;
        bool const is_user = each.kind == simulation::principal_kind::user;
        auto const scope = is_user ? list_scope::user(owner % 2 == 0 ? each.id : each.principal_name)
                                   : list_scope::group(each.id);
        auto const [first, last] = tenant.assignments_of(owner);
        std::vector<std::string> expected;
        for (auto at = first; at != last; ++at)
            expected.push_back(tenant.assignments()[at].id);
        auto const seen = read(reader, list_params().page_size(1), query(), scope);
        BOOST_TEST((seen.ids == expected));
        (is_user ? user : group) = true;
    }
    BOOST_TEST((user && group));
    BOOST_TEST((read(reader, {}, {}, list_scope::user("nobody")).failures[0].code == errc::not_found));
}

BOOST_AUTO_TEST_CASE(expanded_allotments_are_those_of_get_allotment) {
    simulated_graph graph(60, R"({"pages":{"size":25}})", 6);
    auto reader = graph.connect(context.get_executor());
    auto const seen = read(reader, {}, query().expand("assignedTo").expand("allotment"));
    BOOST_TEST(seen.sizes.size() == 3u);
    BOOST_TEST_REQUIRE(seen.assignments.size() == 60u);
    std::size_t without = 0;
    for (auto const& each : seen.assignments) {
        BOOST_TEST(each.assigned_to->id.has_value());
        BOOST_TEST_REQUIRE(each.allotment.has_value());
        auto const alone = run(context, reader.get_allotment(assignment_ref::admin(*each.id)));
        if (*each.allotment)
            BOOST_TEST((**each.allotment == *alone));
        else
            BOOST_TEST((alone.error().code == errc::no_allotment));
        without += *each.allotment ? 0 : 1;
    }
    BOOST_TEST(without == 6u);
}

BOOST_AUTO_TEST_CASE(all_arguments_may_be_built_in_the_call) {
    simulated_graph graph(10);
    auto reader = graph.connect(context.get_executor());
    auto operation = [](client& from) -> asio::awaitable<bool> {
        auto const page =
            co_await from
                .list_assignments(
                    list_scope::admin(), query().select("id").expand("allotment($select=id,skuPartNumber)"),
                    list_params().page_size(4))
                .next();
        auto const& first = (*page)->assignments.at(0);
        co_return (*page)->assignments.size() == 4 && !first.disabled_service_plan_ids &&
            (*first.allotment)->sku_part_number && !(*first.allotment)->consumed_units;
    };
    BOOST_TEST(run(context, operation(reader)));
    auto const target = graph->journal().back().target;
    BOOST_TEST(
        target == "/beta/admin/cloudLicensing/"
                  "assignments?$top=4&$select=id&$expand=allotment($select=id,skuPartNumber)");
}

BOOST_AUTO_TEST_CASE(pages_say_what_they_took) {
    simulated_graph graph(200, rules(rule(R"(,"nth":[2])", R"({"status":503})")));
    auto reader = graph.connect(context.get_executor());
    auto operation = [](assignment_pages from) -> asio::awaitable<std::vector<exchange_info>> {
        std::vector<exchange_info> made;
        while (auto page = co_await from.next())
            made.push_back(page->value().exchange);
        co_return made;
    };
    auto const made = run(context, operation(reader.list_assignments(list_scope::admin())));
    BOOST_TEST_REQUIRE(made.size() == 2u);
    BOOST_TEST(made[0].attempts == 1u);
    BOOST_TEST(made[1].attempts == 2u);
    BOOST_TEST(made[1].http_status == 200);
    BOOST_TEST(!made[1].request_id.empty());
    BOOST_TEST(made[0].request_id != made[1].request_id);
    BOOST_TEST(made[1].duration.count() > 0);
}

BOOST_AUTO_TEST_CASE(faults_on_the_way_lose_nothing) {
    simulated_graph graph(
        60, rules(
                rule(R"(,"nth":[2])", R"({"status":429,"headers":{"Retry-After":"1"}})") + "," +
                    rule(R"(,"nth":[4])", R"({"status":503})") + "," +
                    rule(R"(,"nth":[6])", R"({"close_after_bytes":900,"truncate_close_notify":true})") + "," +
                    rule(R"(,"nth":[8])", R"({"reset":true})") + "," +
                    rule(R"(,"nth":[10])", R"({"status":401})"),
                R"(,"pages":{"size":10})"));
    auto reader = graph.connect(context.get_executor());
    auto const seen = read(reader);
    BOOST_TEST(seen.failures.empty());
    BOOST_TEST((seen.ids == ids_of(graph)));
    BOOST_TEST(graph.fetches() == 11u);
    auto const journal = graph->journal();
    BOOST_TEST(std::ranges::count(journal, true, &journal_entry::early) == 0);
    BOOST_TEST(graph->stats().token_requests == 2u);
}

BOOST_AUTO_TEST_CASE(after_a_failure_the_same_page_is_asked_for_again) {
    simulated_graph graph(
        30, rules(
                rule(R"(,"nth":[2])", R"({"status":403})") + "," +
                    rule(R"(,"nth":[3])", R"({"body":{"value":[{"id":"x"},{}]}})"),
                R"(,"pages":{"size":10})"));
    auto reader = graph.connect(context.get_executor());
    auto const seen = run(context, walk(reader.list_assignments(list_scope::admin()), 99));
    BOOST_TEST_REQUIRE(seen.failures.size() == 2u);
    BOOST_TEST((seen.failures[0].code == errc::forbidden));
    BOOST_TEST((seen.failures[1].code == errc::bad_body));
    BOOST_TEST((seen.failures[1].reason == end_reason::permanent));
    BOOST_TEST(
        says(seen.failures[1], "at /value/1/id: expected the required member"), seen.failures[1].message);
    BOOST_TEST(seen.failures[1].exchange.http_status == 200);
    BOOST_TEST((seen.ids == ids_of(graph)));
    BOOST_TEST(graph.fetches() == 5u);
}

BOOST_AUTO_TEST_CASE(what_is_no_page_is_named) {
    std::pair<char const*, char const*> const bodies[] = {
        {R"({"status":204})", "no content"},
        {R"({"status":200,"headers":{"Content-Type":"text/html"},"body":"<html>Sign in"})", "Sign in"},
        {R"({"body":{"id":"a"}})", "/value"},
        {R"({"body":{"value":{"id":"a"}}})", "/value: expected an array"},
        {R"({"body":{"value":[],"@odata.nextLink":7}})", "nextLink"},
        {R"({"status":200,"headers":{"Content-Type":"application/json"},"body":""})", "incomplete JSON"},
    };
    for (auto const& [deed, word] : bodies) {
        simulated_graph graph(1, rules(rule("", deed)));
        auto reader = graph.connect(context.get_executor());
        auto const seen = read(reader);
        BOOST_TEST_REQUIRE(seen.failures.size() == 1u);
        BOOST_TEST((seen.failures[0].code == errc::bad_body));
        BOOST_TEST(says(seen.failures[0], word), seen.failures[0].message);
        BOOST_TEST(graph.fetches() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_walk_is_resumed_from_a_link) {
    simulated_graph graph(50, R"({"pages":{"size":20}})");
    std::string link;
    std::vector<std::string> ids;
    {
        auto reader = graph.connect(context.get_executor());
        auto first = [&](assignment_pages from) -> asio::awaitable<void> {
            auto const page = co_await from.next();
            link = (*page)->next_link;
            for (auto const& each : (*page)->assignments)
                ids.push_back(*each.id);
        };
        run(context, first(reader.list_assignments(list_scope::admin(), query().select("id"))));
    }
    BOOST_TEST(ids.size() == 20u);
    auto other = graph.connect(context.get_executor());
    auto const rest = read(other, list_params().start(link), query().select("id"));
    BOOST_TEST((rest.sizes == std::vector<std::size_t>{20, 10}));
    ids.insert(ids.end(), rest.ids.begin(), rest.ids.end());
    BOOST_TEST((ids == ids_of(graph)));
    auto const last = read(other, list_params().start(rest.last_link));
    BOOST_TEST((last.sizes == std::vector<std::size_t>{10}));
}

BOOST_AUTO_TEST_CASE(cancelling_a_page_keeps_the_walk_and_the_client) {
    simulated_graph graph(
        30, rules(rule(R"(,"nth":[2])", R"({"delay_ms":600000})"), R"(,"pages":{"size":10})"));
    auto params = graph.params();
    params.request_timeout = 10min; // only the cancellation can end the wait in time
    auto reader = graph.connect(context.get_executor(), std::move(params));
    auto pages = reader.list_assignments(list_scope::admin());
    std::vector<std::string> ids;
    std::optional<failure> ended;
    auto read_some = [](assignment_pages& from, std::vector<std::string>& into,
                        std::optional<failure>& why) -> asio::awaitable<void> {
        co_await asio::this_coro::throw_if_cancelled(false);
        while (auto page = co_await from.next()) {
            if (!*page) {
                why = page->error();
                co_return;
            }
            for (auto const& each : (*page)->assignments)
                into.push_back(*each.id);
        }
    };
    asio::cancellation_signal signal;
    asio::co_spawn(
        context, read_some(pages, ids, ended), asio::bind_cancellation_slot(signal.slot(), asio::detached));
    auto stop = [](simulated_graph& of, asio::cancellation_signal& by) -> asio::awaitable<void> {
        // One for the token, two for pages.
        while (!of->wait_for_requests(3, 0ms))
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        by.emit(asio::cancellation_type::terminal);
    };
    asio::co_spawn(context, stop(graph, signal), asio::detached);
    context.run();
    BOOST_TEST_REQUIRE(ended.has_value());
    BOOST_TEST((ended->code == errc::cancelled));
    BOOST_TEST((ended->reason == end_reason::cancelled));
    BOOST_TEST(ids.size() == 10u);
    BOOST_TEST(reader.stats().in_flight == 0u);

    ended.reset();
    run(context, read_some(pages, ids, ended));
    BOOST_TEST(!ended);
    BOOST_TEST((ids == ids_of(graph)));
}

BOOST_AUTO_TEST_CASE(a_page_may_have_20_mib_an_allotment_one) {
    auto const padded = [](std::size_t mib) {
        return R"({"body":{"value":[{"id":"a","x":")" + std::string(mib * 1024 * 1024 - 100, 'x') +
               R"("}]}})";
    };
    auto const allotment = R"({"body":{"id":"a","allottedUnits":1,"consumedUnits":1,"x":")" +
                           std::string(1024 * 1024, 'x') + R"("}})";
    simulated_graph graph(
        1, rules(
               rule(R"(,"nth":[1])", padded(20)) + "," + rule(R"(,"nth":[2])", padded(21)) +
               R"(,{"match":{"path":"/allotment$"},"do":)" + allotment + "}"));
    auto params = graph.params();
    params.connections = 1;
    auto reader = graph.connect(context.get_executor(), std::move(params));
    BOOST_TEST((read(reader).ids == std::vector<std::string>{"a"}));
    BOOST_TEST((read(reader).failures.at(0).code == errc::response_too_large));
    auto const found = run(context, reader.get_allotment(graph.references()[0]));
    BOOST_TEST((found.error().code == errc::response_too_large));
    BOOST_TEST(graph.fetches() == 3u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_sent_is_answered_without_a_request) {
    simulated_graph graph(1);
    auto reader = graph.connect(context.get_executor());
    BOOST_TEST(
        (read(reader, {}, {}, list_scope::user("../x")).failures.at(0).code == errc::invalid_reference));
    BOOST_TEST((read(reader, {}, query().select("a b")).failures.at(0).code == errc::invalid_query));
    BOOST_TEST(graph->stats().connections == 0u);
    BOOST_TEST((read(reader, list_params().page_size(5000)).failures.at(0).code == errc::request_rejected));
}

BOOST_AUTO_TEST_CASE(a_hold_and_a_deadline_bound_a_page) {
    simulated_graph graph(10, rules(rule("", R"({"status":429,"headers":{"Retry-After":"3600"}})")));
    auto reader = graph.connect(context.get_executor());
    auto const parked = read(reader).failures.at(0);
    BOOST_TEST((parked.code == errc::parked));
    BOOST_TEST(parked.retry_at.has_value());

    simulated_graph slow(10, rules(rule("", R"({"delay_ms":600000})")));
    auto params = slow.params();
    params.deadline = 100ms;
    auto other = slow.connect(context.get_executor(), std::move(params));
    BOOST_TEST((read(other).failures.at(0).reason == end_reason::deadline));
}

BOOST_AUTO_TEST_CASE(a_walk_outlives_client_and_handle) {
    simulated_graph graph(30, R"({"pages":{"size":10}})");
    std::optional<client> reader(graph.connect(context.get_executor()));
    auto pages = reader->list_assignments(list_scope::admin());
    auto one = [](assignment_pages from) {
        return from.next();
    }(reader->list_assignments(list_scope::admin()));
    auto ended = asio::co_spawn(context, std::move(one), asio::use_future);
    reader.reset();
    BOOST_TEST((run(context, walk(std::move(pages))).ids == ids_of(graph)));
    BOOST_TEST(ended.get()->value().assignments.size() == 10u);
}

BOOST_AUTO_TEST_CASE(several_walks_on_a_thread_pool_share_one_client) {
    simulated_graph graph(300, R"({"pages":{"size":20}})");
    asio::thread_pool threads(4);
    auto reader = graph.connect(threads.get_executor());
    std::vector<std::future<walked>> walks;
    for (int i = 0; i != 4; ++i)
        walks.push_back(
            asio::co_spawn(threads, walk(reader.list_assignments(list_scope::admin())), asio::use_future));
    for (auto& each : walks)
        BOOST_TEST((each.get().ids == ids_of(graph)));
    threads.join();
}

BOOST_AUTO_TEST_SUITE_END()

}
}
