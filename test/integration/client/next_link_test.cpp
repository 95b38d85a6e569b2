#include "walks.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>

namespace allot {
namespace {
namespace asio = boost::asio;
using namespace test;

std::string page_with_link(std::string const& link) {
    return R"({"body":{"@odata.nextLink":")" + link + R"(","value":[{"id":"a"}]}})";
}

/// Gives tokens of the simulator for whatever scope is asked for.
class any_scope : public token_credential {
public:
    any_scope(std::shared_ptr<token_credential> inner, std::string scope) :
        inner_(std::move(inner)),
        scope_(std::move(scope)) {}
    asio::awaitable<result<access_token>> fetch_token(token_request) override {
        return inner_->fetch_token(token_request(scope_));
    }
    std::string description() const override { return inner_->description(); }

private:
    std::shared_ptr<token_credential> inner_;
    std::string scope_;
};

/// A client of "https://localhost", which connects to the simulator.
client connect_by_name(simulated_graph& graph, asio::io_context& context) {
    auto params = graph.params();
    auto const url = graph->info().graph_url;
    params.credential = std::make_shared<any_scope>(params.credential, url + "/.default");
    params.graph_url = "https://localhost";
    connect_override to;
    to.address = "127.0.0.1";
    to.address_port = static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
    params.transport.connect_to.push_back(to);
    return graph.connect(context.get_executor(), std::move(params));
}

BOOST_FIXTURE_TEST_SUITE(next_links, page_fixture)

BOOST_AUTO_TEST_CASE(a_link_to_another_server_is_not_followed) {
    simulated_graph other(10);
    auto const elsewhere = other->info().graph_url;
    simulated_graph graph(
        10,
        rules(rule("", page_with_link(elsewhere + "/beta/admin/cloudLicensing/assignments?$skiptoken=5"))));
    auto reader = graph.connect(context.get_executor());
    auto const seen = run(context, walk(reader.list_assignments(list_scope::admin()), 2));
    BOOST_TEST_REQUIRE(seen.failures.size() == 2u);
    for (auto const& why : seen.failures) {
        BOOST_TEST((why.code == errc::redirected));
        BOOST_TEST((why.reason == end_reason::permanent));
        BOOST_TEST(says(why, elsewhere), why.message);
        BOOST_TEST(why.exchange.http_status == 200);
    }
    BOOST_TEST(seen.sizes.empty());
    BOOST_TEST(other->stats().connections == 0u);
    // Asked again it is the good page that is asked for; nothing else was sent here either.
    for (auto const& each : graph->journal())
        if (each.method == "GET")
            BOOST_TEST(each.target == "/beta/admin/cloudLicensing/assignments");
    BOOST_TEST(graph.fetches() == 2u);
}

BOOST_AUTO_TEST_CASE(a_start_elsewhere_is_refused_before_a_token_is_fetched) {
    simulated_graph other(10);
    simulated_graph graph(10);
    auto reader = graph.connect(context.get_executor());
    for (auto const& link :
         {other->info().graph_url + "/beta/admin/cloudLicensing/assignments", std::string("garbage"),
          "http" + graph->info().graph_url.substr(5) + "/beta/x", graph->info().graph_url + "/beta/x#y"}) {
        auto const seen = read(reader, list_params().start(link));
        BOOST_TEST_REQUIRE(seen.failures.size() == 1u);
        BOOST_TEST((seen.failures[0].code == errc::invalid_params));
        BOOST_TEST(says(seen.failures[0], "start"), seen.failures[0].message);
    }
    BOOST_TEST(other->stats().connections == 0u);
    BOOST_TEST(graph->stats().connections == 0u);
}

BOOST_AUTO_TEST_CASE(the_configured_host_counts_not_what_is_connected_to) {
    simulated_graph graph(
        10, rules(
                rule(
                    R"(,"nth":[1])",
                    page_with_link("https://LOCALHOST:443/beta/admin/cloudLicensing/assignments?$top=3")) +
                "," +
                rule(
                    R"(,"nth":[2])",
                    page_with_link("https://localhost/beta/admin/cloudLicensing/assignments?$top=4"))));
    auto reader = connect_by_name(graph, context);
    auto const seen = read(reader);
    // The third page is the simulator's own: its link names the address, which is not the configured host.
    BOOST_TEST((seen.sizes == std::vector<std::size_t>{1, 1}));
    BOOST_TEST_REQUIRE(seen.failures.size() == 1u);
    BOOST_TEST((seen.failures[0].code == errc::redirected));
    BOOST_TEST(says(seen.failures[0], graph->info().graph_url), seen.failures[0].message);
    BOOST_TEST(graph->journal().back().target == "/beta/admin/cloudLicensing/assignments?$top=4");
}

BOOST_AUTO_TEST_CASE(another_host_on_the_same_port_is_refused) {
    simulated_graph graph(10, rules(rule("", page_with_link("https://other.example/beta/x"))));
    auto reader = connect_by_name(graph, context);
    auto const why = read(reader).failures.at(0);
    BOOST_TEST((why.code == errc::redirected));
    BOOST_TEST(says(why, "https://other.example"), why.message);
    BOOST_TEST(graph.fetches() == 1u);
}

BOOST_AUTO_TEST_CASE(a_link_in_a_circle_is_an_error) {
    auto const here = "https://localhost/beta/admin/cloudLicensing/assignments";
    std::string const there = here + std::string("?$skiptoken=5");
    simulated_graph graph(
        10, rules(rule(R"(,"nth":[1])", page_with_link(there)) + "," + rule("", page_with_link(there))));
    auto reader = connect_by_name(graph, context);
    auto const seen = read(reader);
    BOOST_TEST((seen.sizes == std::vector<std::size_t>{1}));
    BOOST_TEST_REQUIRE(seen.failures.size() == 1u);
    BOOST_TEST((seen.failures[0].code == errc::bad_body));
    BOOST_TEST(says(seen.failures[0], "same page again"), seen.failures[0].message);
    BOOST_TEST(graph.fetches() == 2u);

    simulated_graph itself(10, rules(rule("", page_with_link(here))));
    auto other = connect_by_name(itself, context);
    BOOST_TEST((read(other).failures.at(0).code == errc::bad_body));
    BOOST_TEST(itself.fetches() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
