#include "io/answer.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <string>
#include <string_view>

namespace allot {
namespace {

using namespace std::chrono_literals;

void receive(response_reader& reader, std::string const& bytes) {
    auto const room = reader.prepare();
    BOOST_REQUIRE(room.size() >= bytes.size());
    std::memcpy(room.data(), bytes.data(), bytes.size());
    reader.commit(bytes.size());
}

departure load_of(std::string const& fields) {
    response_reader reader(1024);
    receive(reader, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + fields + "\r\n");
    BOOST_TEST(reader.status() == 200);
    departure how;
    read_load(reader, 20ms, how);
    return how;
}

BOOST_AUTO_TEST_SUITE(load_fields)

BOOST_AUTO_TEST_CASE(fields_about_load_are_read) {
    auto const how = load_of("X-MS-Resource-Unit: 3\r\nx-ms-throttle-limit-percentage: 1.25\r\n"
                             "RateLimit-Limit: 1200\r\nratelimit-remaining: 120\r\nRateLimit-Reset: 5\r\n");
    BOOST_TEST((how.latency == 20ms));
    BOOST_TEST(how.units.value() == 3);
    BOOST_TEST(how.load.value() == 1.25);
    BOOST_TEST(how.remaining.value().units == 120);
    BOOST_TEST((how.remaining.value().reset == 5s));
}

BOOST_AUTO_TEST_CASE(an_answer_without_them_says_nothing) {
    auto const how = load_of("Date: Mon, 01 Jan 2024 00:00:00 GMT\r\n");
    BOOST_TEST(!how.units.has_value());
    BOOST_TEST(!how.load.has_value());
    BOOST_TEST(!how.remaining.has_value());
}

// One such answer would have the next ones wait for an hour, or have a rate learned that is none.
BOOST_AUTO_TEST_CASE(a_cost_or_load_beyond_all_that_graph_documents_is_left_out) {
    auto const how = load_of("x-ms-resource-unit: 100000\r\nx-ms-throttle-limit-percentage: 85\r\n");
    BOOST_TEST(!how.units.has_value());
    BOOST_TEST(!how.load.has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_number_in_range_is_left_out) {
    for (std::string const value :
         {"", "x", "-1", "1e3", "nan", "inf", "1 ", "0x1", "1e400", "99999999999999"}) {
        auto const how = load_of(
            "x-ms-resource-unit: " + value + "\r\nx-ms-throttle-limit-percentage: " + value +
            "\r\nRateLimit-Remaining: " + value + "\r\nRateLimit-Reset: " + value + "\r\n");
        BOOST_TEST_CONTEXT(value) {
            if (value != "1 ") { // HTTP takes the blank away
                BOOST_TEST(!how.units.has_value());
                BOOST_TEST(!how.load.has_value());
                BOOST_TEST(!how.remaining.has_value());
            }
        }
    }
    BOOST_TEST(!load_of("RateLimit-Remaining: 5\r\n").remaining.has_value());
}

BOOST_AUTO_TEST_CASE(the_limit_that_was_reached_is_named) {
    auto const said = [](std::string const& fields) {
        response_reader reader(1024);
        receive(reader, "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n" + fields + "\r\n");
        attempt_report report;
        return read_refusal(reader, {}, "/beta/x", report).message;
    };
    auto const ends_with = [](std::string const& text, std::string_view end) {
        return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
    };
    BOOST_TEST(ends_with(
        said("x-ms-throttle-scope: Tenant_Application/ReadWrite/some-app/some-tenant\r\n"
             "x-ms-throttle-information: ResourceUnitLimitExceeded\r\n"),
        "; the limit reached: Tenant_Application/ReadWrite, ResourceUnitLimitExceeded"));
    BOOST_TEST(ends_with(said("x-ms-throttle-scope: Tenant\r\n"), "; the limit reached: Tenant"));
    BOOST_TEST(
        ends_with(said("x-ms-throttle-information: CPULimitExceeded\r\n"), "reached: CPULimitExceeded"));
    BOOST_TEST(said("").find("limit reached") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
