#include "support/coroutine.hpp"
#include "support/simulated_client.hpp"
#include "support/slow_line.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

// Peers that send their answers drop by drop, each with one rule that is tight and the others far away.
namespace allot {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;

struct fixture {
    asio::io_context context;

    /// What becomes of a fetch from a simulator that does this to the first answer, or to all of them.
    result<allotment> get(transport_params const& limits, std::string const& deed, bool once = false) {
        test::simulated_graph graph(
            1, R"({"rules":[{"match":{"path":"^/beta/")" + std::string(once ? R"(,"nth":[1])" : "") +
                   R"(},"do":)" + deed + "}]}");
        return get(graph, limits);
    }

    result<allotment> get(test::simulated_graph const& graph, transport_params const& limits) {
        auto params = graph.params();
        auto const ca_file = params.transport.ca_file;
        params.transport = limits;
        params.transport.ca_file = ca_file;
        params.request_timeout = 10min;
        params.retry.max_attempts = 2;
        params.retry.base_delay = 1ms;
        auto reader = graph.connect(context.get_executor(), std::move(params));
        return test::run(context, reader.get_allotment(graph.references()[0]));
    }

    static transport_params patient() {
        transport_params made;
        made.header_timeout = 10min;
        made.read_timeout = 10min;
        return made;
    }
};

bool has(failure const& found, std::string const& part) {
    return found.message.find(part) != std::string::npos;
}

std::string const dripping_body =
    R"({"raw":"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n)" + std::string(20'000, ' ') + R"(",)";

BOOST_FIXTURE_TEST_SUITE(slow_answers, fixture)

BOOST_AUTO_TEST_CASE(row_11_a_silent_server_costs_the_header_timeout) {
    auto limits = patient();
    limits.header_timeout = 50ms;
    auto const found = get(limits, R"({"delay_ms":600000})");
    BOOST_TEST((found.error().code == errc::timed_out));
    BOOST_TEST((found.error().reason == end_reason::attempts));
    BOOST_TEST(found.error().exchange.attempts == 2u);
    BOOST_TEST(has(found.error(), "status line and fields took more than 50 ms"), found.error().message);
}

BOOST_AUTO_TEST_CASE(row_11_fields_that_drip_cost_the_header_timeout) {
    auto limits = patient();
    limits.header_timeout = 200ms;
    auto const found = get(limits, R"({"drip_bytes_per_s":20})");
    BOOST_TEST((found.error().code == errc::timed_out));
    BOOST_TEST(has(found.error(), "status line and fields took more than 200 ms"), found.error().message);
}

BOOST_AUTO_TEST_CASE(row_11_silence_in_the_midst_costs_the_read_timeout) {
    auto limits = patient();
    limits.read_timeout = 100ms;
    // A byte at once, the next one after 100 s.
    auto const found = get(limits, R"({"drip_bytes_per_s":0.01})");
    BOOST_TEST((found.error().code == errc::timed_out));
    BOOST_TEST(has(found.error(), "nothing more came for 100 ms"), found.error().message);
}

BOOST_AUTO_TEST_CASE(row_11_a_body_that_drips_costs_the_read_timeout) {
    auto limits = patient();
    limits.read_timeout = 400ms;
    limits.least_rate = 1'000'000;
    auto const found = get(limits, dripping_body + R"("drip_bytes_per_s":2000})");
    BOOST_TEST((found.error().code == errc::timed_out));
    BOOST_TEST(has(found.error(), "less than 1000000 bytes per second over 400 ms"), found.error().message);
}

BOOST_AUTO_TEST_CASE(row_11_a_slow_answer_costs_no_row) {
    auto limits = patient();
    limits.header_timeout = 2s;
    BOOST_TEST(get(limits, R"({"drip_bytes_per_s":20})", true).has_value());
}

BOOST_AUTO_TEST_CASE(row_11_slow_is_good_while_it_is_fast_enough) {
    auto limits = patient();
    limits.least_rate = 100;
    limits.read_timeout = 1s;
    // In pieces for about a second: the deadlines are looked at again and again.
    BOOST_TEST(get(limits, R"({"drip_bytes_per_s":1500})").has_value());
}

BOOST_AUTO_TEST_CASE(row_11_a_record_that_takes_its_time_is_no_silence) {
    // Two records of TLS, of 16 KiB each, of a body that no decoder likes: it comes to an end.
    test::simulated_graph graph(
        1, R"({"rules":[{"match":{"path":"^/beta/"},"do":{"status":200,"body":")" + std::string(32'000, ' ') +
               R"("}}]})");
    auto const url = graph->info().graph_url;
    auto const port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    test::slow_line line(port, 1000, 50ms);
    auto limits = patient();
    limits.read_timeout = 500ms;
    limits.least_rate = 2'000;
    limits.connect_to.push_back({"", 0, "127.0.0.1", line.port()});
    auto const found = get(graph, limits);
    BOOST_TEST((found.error().code == errc::bad_body), found.error().message);
    // And a line that is slower than the least rate is given up.
    limits.least_rate = 200'000;
    auto const slow = get(graph, limits);
    BOOST_TEST((slow.error().code == errc::timed_out));
    BOOST_TEST(has(slow.error(), "less than 200000 bytes per second over 500 ms"), slow.error().message);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
