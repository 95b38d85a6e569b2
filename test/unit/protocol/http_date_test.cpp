#include "protocol/http_date.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

sys_seconds const now = sys_days{2026y / January / 15} + 12h;

std::optional<std::int64_t> seconds_of(std::string_view text, sys_seconds at = now) {
    auto const parsed = allot::parse_http_date(text, at);
    return parsed ? std::optional(parsed->time_since_epoch().count()) : std::nullopt;
}

std::int64_t seconds_of(sys_seconds value) {
    return value.time_since_epoch().count();
}

}

BOOST_AUTO_TEST_SUITE(http_date)

BOOST_AUTO_TEST_CASE(the_three_forms_of_the_rfc_example_are_one_instant) {
    for (auto const text :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
        BOOST_TEST((seconds_of(text) == 784111777), text);
}

BOOST_AUTO_TEST_CASE(every_month_and_weekday_is_known) {
    constexpr std::array names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (unsigned at = 0; at != names.size(); ++at) {
        auto const text = std::string("Sun, 28 ") + names[at] + " 2026 00:00:00 GMT";
        BOOST_TEST((seconds_of(text) == seconds_of(sys_days{2026y / month{at + 1} / 28})), text);
    }
    for (std::string const day : {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}) {
        BOOST_TEST(seconds_of(day + ", 06 Nov 1994 08:49:37 GMT").has_value(), day);
        BOOST_TEST(seconds_of(day + " Nov 16 08:49:37 1994").has_value(), day);
    }
    for (std::string const day :
         {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"})
        BOOST_TEST(seconds_of(day + ", 06-Nov-94 08:49:37 GMT").has_value(), day);
}

BOOST_AUTO_TEST_CASE(a_two_digit_year_is_at_most_fifty_years_ahead) {
    auto const year_of = [](std::string_view text, sys_seconds at) {
        auto const parsed = allot::parse_http_date(text, at);
        BOOST_REQUIRE(parsed.has_value());
        return static_cast<int>(year_month_day{floor<days>(*parsed)}.year());
    };
    // Exactly fifty years ahead, and one second more.
    BOOST_TEST(year_of("Thursday, 15-Jan-76 12:00:00 GMT", now) == 2076);
    BOOST_TEST(year_of("Thursday, 15-Jan-76 12:00:01 GMT", now) == 1976);
    BOOST_TEST(year_of("Thursday, 15-Jan-75 12:00:01 GMT", now) == 2075);
    BOOST_TEST(year_of("Thursday, 15-Jan-99 00:00:00 GMT", now) == 1999);
    BOOST_TEST(year_of("Thursday, 15-Jan-00 00:00:00 GMT", now) == 2000);
    // Near the end of a century the next one is meant.
    sys_seconds const late = sys_days{2090y / June / 1};
    BOOST_TEST(year_of("Friday, 15-Jan-10 00:00:00 GMT", late) == 2110);
    BOOST_TEST(year_of("Friday, 15-Jan-50 00:00:00 GMT", late) == 2050);
    // A leap day in `now` and one in the text.
    sys_seconds const leap = sys_days{2024y / February / 29};
    BOOST_TEST(year_of("Friday, 28-Feb-74 00:00:00 GMT", leap) == 2074);
    BOOST_TEST(year_of("Friday, 29-Feb-28 00:00:00 GMT", leap) == 2028);
}

BOOST_AUTO_TEST_CASE(a_leap_second_is_the_next_minute) {
    BOOST_TEST((seconds_of("Sat, 31 Dec 2016 23:59:60 GMT") == seconds_of(sys_days{2017y / January / 1})));
}

BOOST_AUTO_TEST_CASE(the_calendar_is_kept_to) {
    BOOST_TEST(seconds_of("Thu, 29 Feb 2024 00:00:00 GMT").has_value());
    BOOST_TEST(seconds_of("Tue, 29 Feb 2000 00:00:00 GMT").has_value());
    for (auto const text :
         {"Sun, 29 Feb 2026 00:00:00 GMT", "Sun, 29 Feb 1900 00:00:00 GMT", "Sun, 31 Apr 2026 00:00:00 GMT",
          "Sun, 00 Jan 2026 00:00:00 GMT", "Sun, 32 Jan 2026 00:00:00 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
          "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:61 GMT", "Sunday, 31-Jun-94 08:49:37 GMT",
          "Sun Feb 30 08:49:37 1994"})
        BOOST_TEST(!seconds_of(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
    for (auto const text :
         {"",
          "Sun",
          "GMT",
          "Sun, 6 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 94 08:49:37 GMT",
          "sun, 06 Nov 1994 08:49:37 GMT",
          "Sun, 06 nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 08:49:37 gmt",
          "Sun, 06 Nov 1994 08:49:37 UTC",
          "Sun, 06 Nov 1994 08:49:37 +0000",
          "Sun, 06 Nov 1994 08:49:37",
          "Sun, 06 Nov 1994 08:49 GMT",
          "Sun, 06 Nov 1994 8:49:37 GMT",
          " Sun, 06 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 08:49:37 GMT ",
          "Sun, 06  Nov 1994 08:49:37 GMT",
          "Sun,06 Nov 1994 08:49:37 GMT",
          "Sunday, 06 Nov 1994 08:49:37 GMT",
          "Foo, 06 Nov 1994 08:49:37 GMT",
          "Sun, 06 Foo 1994 08:49:37 GMT",
          "Sun, 06 Nov -994 08:49:37 GMT",
          "Sun, +6 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 19940 08:49:37 GMT",
          "Sun, 06-Nov-94 08:49:37 GMT",
          "Sunday, 06-Nov-1994 08:49:37 GMT",
          "Sunday, 06-Nov-94 08:49:37",
          "Sun Nov 6 08:49:37 1994",
          "Sun Nov 06 08:49:37 1994 GMT",
          "Sun Nov   6 08:49:37 1994",
          "Sunday Nov  6 08:49:37 1994",
          "1994-11-06T08:49:37Z",
          "784111777"})
        BOOST_TEST(!seconds_of(text).has_value(), "accepted: " << text);
}

BOOST_AUTO_TEST_CASE(every_prefix_and_every_wrong_byte_is_refused) {
    for (std::string const text :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
        for (std::size_t length = 0; length != text.size(); ++length)
            BOOST_TEST(!seconds_of(text.substr(0, length)).has_value());
        for (std::size_t at = 0; at != text.size(); ++at) {
            auto broken = text;
            broken[at] = '\0';
            BOOST_TEST(!seconds_of(broken).has_value());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
