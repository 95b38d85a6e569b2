#include "walks.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace test;

/// The requests to Graph whose path ends like that and that have Accept-Encoding, and its values.
std::vector<std::string> accepted_codings(simulated_graph const& graph, std::string_view end) {
    std::vector<std::string> out;
    for (auto const& entry : graph->journal()) {
        if (!std::string_view(entry.target).substr(0, entry.target.find('?')).ends_with(end))
            continue;
        for (auto const& field : entry.fields)
            if (simulation::same_name(field.name, "Accept-Encoding"))
                out.push_back(field.value);
    }
    return out;
}

std::string allotment_rule(std::string const& match, std::string const& deed) {
    return R"({"match":{"path":"/allotment$")" + match + R"(},"do":)" + deed + "}";
}

/// Text that compresses to about half.
std::string hex_noise(std::size_t size) {
    std::string out;
    unsigned state = 1;
    while (out.size() != size) {
        state = state * 1664525 + 1013904223;
        out += "0123456789abcdef"[state >> 28];
    }
    return out;
}

struct fixture : page_fixture {
    result<allotment> get(client& from, simulated_graph const& graph) {
        return run(context, from.get_allotment(graph.references()[0]));
    }

    client connect(simulated_graph const& graph, std::uint32_t attempts) {
        auto params = graph.params();
        params.retry.max_attempts = attempts;
        return graph.connect(context.get_executor(), std::move(params));
    }
};

BOOST_FIXTURE_TEST_SUITE(gzip, fixture)

BOOST_AUTO_TEST_CASE(pages_are_asked_for_compressed_and_allotments_are_not) {
    simulated_graph graph(250);
    auto reader = graph.connect(context.get_executor());
    BOOST_TEST((read(reader).ids == ids_of(graph)));
    BOOST_TEST(get(reader, graph).has_value());
    BOOST_TEST((accepted_codings(graph, "/assignments") == std::vector<std::string>(3, "gzip")));
    BOOST_TEST(accepted_codings(graph, "/allotment").empty());
    BOOST_TEST(accepted_codings(graph, "/token").empty());

    auto params = graph.params();
    params.accept_gzip = false;
    auto other = graph.connect(context.get_executor(), std::move(params));
    BOOST_TEST((read(other).ids == ids_of(graph)));
    BOOST_TEST(accepted_codings(graph, "/assignments").size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_page_is_the_same_with_and_without) {
    simulated_graph graph(120);
    auto const options = query().expand("assignedTo").expand("allotment");
    auto reader = graph.connect(context.get_executor());
    auto params = graph.params();
    params.accept_gzip = false;
    auto other = graph.connect(context.get_executor(), std::move(params));
    auto const with = read(reader, {}, options);
    BOOST_TEST(with.assignments.size() == 120u);
    BOOST_TEST((with.assignments == read(other, {}, options).assignments));
}

BOOST_AUTO_TEST_CASE(what_comes_compressed_without_being_asked_for_is_decoded) {
    simulated_graph graph(
        1,
        rules(
            allotment_rule(R"(,"nth":[1])", R"({"encode":"gzip"})") + "," +
            allotment_rule(R"(,"nth":[2])", R"({"encode":"gzip_members"})") + "," +
            allotment_rule(R"(,"nth":[3])", R"({"encode":"gzip","headers":{"Content-Encoding":"X-GZIP"}})") +
            "," + allotment_rule(R"(,"nth":[5])", R"({"status":404,"encode":"gzip"})")));
    auto params = graph.params();
    params.connections = 1;
    auto reader = graph.connect(context.get_executor(), std::move(params));
    auto const first = get(reader, graph);
    for (int i = 0; i != 3; ++i)
        BOOST_TEST((get(reader, graph).value() == first.value()));
    auto const refused = get(reader, graph);
    BOOST_TEST((refused.error().code == errc::not_found));
    BOOST_TEST(refused.error().graph_code == "itemNotFound");
    BOOST_TEST(reader.stats().connections_opened == 1u);
    BOOST_TEST(graph.fetches() == 5u);
}

BOOST_AUTO_TEST_CASE(row_15_a_bomb_is_refused) {
    simulated_graph graph(
        300,
        rules(rule("", R"({"encode":"gzip_bomb"})") + "," + allotment_rule("", R"({"encode":"gzip_bomb"})")));
    auto reader = graph.connect(context.get_executor());
    auto const page = read(reader).failures.at(0);
    BOOST_TEST((page.code == errc::response_too_large));
    BOOST_TEST((page.reason == end_reason::permanent));
    BOOST_TEST(says(page, "100 times its size as gzip"));
    BOOST_TEST(says(page, "accept_gzip"));
    BOOST_TEST(page.exchange.attempts == 1u);
    auto const found = get(reader, graph);
    BOOST_TEST((found.error().code == errc::response_too_large));
    BOOST_TEST(says(found.error(), "the decoded body exceeds its limit"));
    BOOST_TEST(graph.fetches() == 2u);
}

BOOST_AUTO_TEST_CASE(row_15_unknown_codings_are_refused) {
    simulated_graph graph(
        3, rules(
               rule("", R"({"encode":"unknown"})") + "," +
               allotment_rule("", R"({"encode":"gzip","headers":{"Content-Encoding":"gzip, gzip"}})")));
    auto reader = connect(graph, 2);
    auto const page = read(reader).failures.at(0);
    BOOST_TEST((page.code == errc::malformed_response));
    BOOST_TEST(says(page, "Content-Encoding"));
    BOOST_TEST(page.exchange.attempts == 2u);
    BOOST_TEST((get(reader, graph).error().code == errc::malformed_response));
}

BOOST_AUTO_TEST_CASE(row_14_the_limits_are_those_of_what_is_decoded) {
    constexpr std::size_t mebibyte = 1024 * 1024;
    auto const allotment_of = [](std::size_t size) {
        return R"({"encode":"gzip","body":{"id":"a","allottedUnits":1,"consumedUnits":1,"x":")" +
               hex_noise(size) + R"("}})";
    };
    auto const page_of = [](std::size_t size) {
        return R"({"encode":"gzip","body":{"value":[{"id":"a","x":")" + hex_noise(size) + R"("}]}})";
    };
    simulated_graph graph(
        1, rules(
               allotment_rule(R"(,"nth":[1])", allotment_of(mebibyte - 100)) + "," +
               allotment_rule(R"(,"nth":[2])", allotment_of(mebibyte)) + "," +
               rule(R"(,"nth":[1])", page_of(20 * mebibyte - 100)) + "," +
               rule(R"(,"nth":[2])", page_of(20 * mebibyte))));
    auto reader = graph.connect(context.get_executor());
    BOOST_TEST(get(reader, graph).has_value());
    BOOST_TEST((get(reader, graph).error().code == errc::response_too_large));
    BOOST_TEST((read(reader).ids == std::vector<std::string>{"a"}));
    BOOST_TEST((read(reader).failures.at(0).code == errc::response_too_large));
    BOOST_TEST(graph.fetches() == 4u);
}

BOOST_AUTO_TEST_CASE(row_13_no_row_from_content_that_is_damaged) {
    simulated_graph graph(
        40, rules(
                rule(R"(,"nth":[1])", R"({"encode":"gzip_wrong_crc"})") + "," +
                    rule(R"(,"nth":[2])", R"({"encode":"gzip_truncated"})") + "," +
                    rule(R"(,"nth":[4])", R"({"encode":"gzip","close_after_bytes":900})"),
                R"(,"pages":{"size":20})"));
    auto reader = graph.connect(context.get_executor());
    auto const seen = read(reader);
    BOOST_TEST(seen.failures.empty());
    BOOST_TEST((seen.ids == ids_of(graph)));
    BOOST_TEST(reader.stats().retries == 3u);
    BOOST_TEST(graph.fetches() == 5u);
}

BOOST_AUTO_TEST_CASE(a_slow_compressed_page_arrives) {
    simulated_graph graph(30, rules(rule("", R"({"drip_bytes_per_s":100000})")));
    auto reader = graph.connect(context.get_executor());
    BOOST_TEST((read(reader).ids == ids_of(graph)));
}

BOOST_AUTO_TEST_CASE(a_token_does_not_come_compressed) {
    simulated_graph graph(1, rules(R"({"match":{"path":"/token$","nth":[1]},"do":{"encode":"gzip"}})"));
    auto reader = graph.connect(context.get_executor());
    BOOST_TEST(get(reader, graph).has_value());
    BOOST_TEST(graph->stats().token_requests == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
