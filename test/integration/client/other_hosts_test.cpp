#include "support/coroutine.hpp"
#include "support/scripted_proxy.hpp"
#include "support/trap.hpp"
#include "walks.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <random>
#include <string>
#include <utility>
#include <vector>

// Whatever Graph, the authority or a proxy answers, in any order: no connection goes anywhere else. A trap on
// another port of this machine counts those that do; all names and addresses that the answers offer lead to
// it.
namespace allot {
namespace {
namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;
using test::proxy_reply;

constexpr int requests = 400;

class answers {
public:
    answers(std::string port, unsigned seed) : port_(std::move(port)), random_(seed) {}

    /// A `do` of a script's rule.
    json::object next() {
        switch (random_() % 8) {
        case 0:
        case 1:
            return {
                {"status", status({300, 301, 302, 303, 304, 305, 307, 308, 399})},
                {"headers", {{"Location", link()}}}};
        case 2:
            return {
                {"status", status({200, 201, 202, 204, 206, 226})},
                {"headers",
                 {{"Location", link()}, {"Content-Location", link()}, {"Refresh", "0; url=" + link()}}}};
        case 3:
            return {
                {"body",
                 {{"id", "a"},
                  {"allottedUnits", 1},
                  {"consumedUnits", 1},
                  {"@odata.nextLink", link()},
                  {"@odata.context", link()},
                  {"@odata.id", link()}}}};
        case 4:
            return {
                {"body",
                 {{"@odata.nextLink", link()},
                  {"@odata.deltaLink", link()},
                  {"value", json::array{json::object{{"id", "a"}}}}}}};
        case 5:
            return {{"body", {{"responses", batch_items()}}}};
        case 6:
            return {
                {"status", status({400, 404, 421, 426, 505})},
                {"headers",
                 {{"Alt-Svc", "h2=\":" + port_ + "\"; ma=9999"},
                  {"Link", "<" + link() + ">; rel=\"next\""},
                  {"Location", link()},
                  {"Content-Type", "application/json"}}},
                {"body", {{"error", {{"code", "x"}, {"message", "see " + link()}}}}}};
        default: // without Retry-After: pauses would be all that the test does
            return {{"status", 503}, {"headers", {{"Location", link()}}}};
        }
    }

    std::string link() {
        return pick(
                   {"https://", "https://", "http://", "//", "https:\\\\", "HTTPS://me@", "https://me:pw@"}) +
               pick({"127.0.0.1", "localhost", "127.1", "[::ffff:127.0.0.1]", "127.0.0.1%00", "0x7f000001"}) +
               ":" + port_ +
               pick({"/beta/admin/cloudLicensing/assignments", "/x", "/../x", "//x", "", "?a", "#b", "\\x"});
    }

    std::string pick(std::vector<std::string> const& from) { return from[random_() % from.size()]; }

private:
    int status(std::vector<int> const& from) { return from[random_() % from.size()]; }
    json::array batch_items() {
        return {
            {{"id", "1"}, {"status", 302}, {"headers", {{"Location", link()}}}},
            {{"id", "2"},
             {"status", 200},
             {"body", {{"value", json::array()}, {"@odata.nextLink", link()}}}}};
    }

    std::string port_;
    std::mt19937 random_;
};

json::object rule(json::object match, json::object deed) {
    return {{"match", std::move(match)}, {"do", std::move(deed)}};
}

std::string script(json::array rules) {
    return json::serialize(json::object{{"rules", std::move(rules)}});
}

struct fixture {
    test::trap elsewhere;
    asio::io_context context;

    client_params params(test::simulated_graph const& graph) const {
        auto made = graph.params();
        made.retry.max_attempts = 3;
        made.retry.base_delay = 1ms;
        made.retry.max_delay = 2ms;
        return made;
    }

    /// Fetches and walks, as long as there are answers of the script.
    void use(client from, test::simulated_graph const& graph) {
        while (graph.fetches() < requests) {
            auto const found = test::run(context, from.get_allotment(graph.references()[0]));
            if (!found)
                BOOST_TEST((found.error().code != errc::cancelled));
            test::run(context, test::walk(from.list_assignments(list_scope::admin()), 2));
        }
    }
};

BOOST_FIXTURE_TEST_SUITE(other_hosts, fixture)

BOOST_AUTO_TEST_CASE(the_trap_works) {
    BOOST_TEST(elsewhere.caught() == 0);
    asio::ip::tcp::socket one(context);
    one.connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(std::stoul(elsewhere.port()))});
    BOOST_TEST(elsewhere.caught() == 1);
}

BOOST_AUTO_TEST_CASE(row_16_no_answer_of_graph_leads_elsewhere) {
    for (unsigned const seed : {1u, 2u, 3u}) {
        answers from(elsewhere.port(), seed);
        json::array rules;
        for (int number = 1; number <= requests; ++number)
            rules.push_back(rule({{"path", "^/beta/"}, {"nth", json::array{number}}}, from.next()));
        test::simulated_graph graph(1, script(std::move(rules)));
        use(graph.connect(context.get_executor(), params(graph)), graph);
        BOOST_TEST(elsewhere.caught() == 0);
    }
}

BOOST_AUTO_TEST_CASE(row_16_no_answer_of_the_authority_leads_elsewhere) {
    answers from(elsewhere.port(), 4);
    for (int const status : {301, 302, 303, 305, 307, 308}) {
        json::object deed{{"status", status}, {"headers", {{"Location", from.link()}}}};
        test::simulated_graph graph(1, script({rule({{"path", "/token$"}}, std::move(deed))}));
        auto made = graph.connect(context.get_executor(), params(graph));
        auto const found = test::run(context, made.get_allotment(graph.references()[0]));
        BOOST_TEST(!found.has_value());
        BOOST_TEST(graph.fetches() == 0u);
    }
    BOOST_TEST(elsewhere.caught() == 0);
}

BOOST_AUTO_TEST_CASE(row_18_no_answer_of_a_proxy_leads_elsewhere) {
    answers from(elsewhere.port(), 5);
    test::simulated_graph graph(1);
    for (int run = 0; run != 40; ++run) {
        auto const bytes =
            "HTTP/1.1 " + from.pick({"301", "302", "305", "307", "308", "407", "401", "403", "200"}) +
            " X\r\nLocation: " + from.link() + "\r\nProxy-Authenticate: Basic realm=\"" + from.link() +
            "\"\r\nAlt-Svc: h2=\":" + elsewhere.port() + "\"\r\nContent-Length: 1\r\n\r\nx";
        test::scripted_proxy const proxy(1, [&](std::size_t) {
            return proxy_reply{bytes, proxy_reply::then::close};
        });
        auto through = params(graph);
        through.credential = make_token_credential(secret(std::string_view("a-token")));
        // No name or address of this machine goes through a proxy.
        through.graph_url = "https://graph.example";
        through.transport.proxy.url = proxy.url();
        through.transport.proxy.credentials = secret(std::string_view("ada:open-sesame"));
        auto made = graph.connect(context.get_executor(), std::move(through));
        auto const found = test::run(context, made.get_allotment(graph.references()[0]));
        BOOST_TEST(!found.has_value());
        for (auto const& seen : proxy.seen())
            BOOST_TEST(seen.find("a-token") == std::string::npos);
    }
    BOOST_TEST(elsewhere.caught() == 0);
    BOOST_TEST(graph->stats().connections == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
