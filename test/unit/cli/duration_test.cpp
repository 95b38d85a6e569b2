#include "cli/duration.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string_view>

using namespace allot;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(duration)

BOOST_AUTO_TEST_CASE(a_number_and_a_unit) {
    BOOST_TEST((parse_duration("500ms") == 500ms));
    BOOST_TEST((parse_duration("0s") == 0ms));
    BOOST_TEST((parse_duration("30s") == 30s));
    BOOST_TEST((parse_duration("5m") == 5min));
    BOOST_TEST((parse_duration("2h") == 2h));
    BOOST_TEST((parse_duration("1d") == 24h));
    BOOST_TEST((parse_duration("2147483647d") == std::chrono::milliseconds(2147483647LL * 86'400'000)));
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
    for (std::string_view const text :
         {"", "5", "s", "-5s", "+5s", " 5s", "5 s", "5s ", "1.5h", "5sec", "5S", "0x5s", "2147483648s",
          "99999999999999999999s"})
        BOOST_TEST(!parse_duration(text), text);
}

BOOST_AUTO_TEST_CASE(text_reads_back) {
    for (std::string_view const text : {"1500ms", "90s", "10m", "24m", "5h", "30d", "0ms"})
        BOOST_TEST(duration_text(*parse_duration(text)) == text);
    BOOST_TEST(duration_text(120min) == "2h");
}

BOOST_AUTO_TEST_CASE(short_form_for_people) {
    BOOST_TEST(short_duration(0ms) == "0s");
    BOOST_TEST(short_duration(1ms) == "1s");
    BOOST_TEST(short_duration(59'001ms) == "1m00s");
    BOOST_TEST(short_duration(200s) == "3m20s");
    BOOST_TEST(short_duration(125min) == "2h05m");
    BOOST_TEST(short_duration(27h) == "1d03h");
}

BOOST_AUTO_TEST_CASE(points_in_time_are_utc) {
    BOOST_TEST(utc_text(std::chrono::system_clock::time_point(1'700'000'000s)) == "2023-11-14T22:13:20Z");
}

BOOST_AUTO_TEST_SUITE_END()
