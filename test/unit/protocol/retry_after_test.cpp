#include "protocol/retry_after.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

sys_seconds const now = sys_days{2026y / January / 15} + 12h; // a Thursday

std::optional<std::int64_t>
wait_of(std::vector<std::string_view> const& values, std::optional<std::string_view> date = std::nullopt) {
    auto const wait = allot::parse_retry_after(values, date, now);
    return wait ? std::optional(wait->count()) : std::nullopt;
}

}

BOOST_AUTO_TEST_SUITE(retry_after)

BOOST_AUTO_TEST_CASE(seconds) {
    BOOST_TEST((wait_of({"10"}) == 10'000));
    BOOST_TEST((wait_of({"0"}) == 0));
    BOOST_TEST((wait_of({"007"}) == 7'000));
    BOOST_TEST((wait_of({"86400"}) == 86'400'000));
    BOOST_TEST((wait_of({" \t10\t "}) == 10'000));
}

BOOST_AUTO_TEST_CASE(a_fraction_is_rounded_up_to_the_whole_second) {
    BOOST_TEST((wait_of({"2.128"}) == 3'000));
    BOOST_TEST((wait_of({"2.000"}) == 2'000));
    BOOST_TEST((wait_of({"0.0"}) == 0));
    BOOST_TEST((wait_of({"0.000000000000000001"}) == 1'000));
    BOOST_TEST((wait_of({"2.1280000000000001"}) == 3'000));
}

BOOST_AUTO_TEST_CASE(values_that_count_as_absent) {
    BOOST_TEST(!wait_of({}).has_value());
    for (auto const text : {"",          " ",   "-1",  "-0",          "+1",          "1e3",           "1E3",
                            "1.5e1",     "2.",  ".5",  "1.2.3",       "1 0",         "0x10",          "ten",
                            "inf",       "nan", "10s", "12345678901", "00000000001", "12345678901.5", "1.-5",
                            "2026-01-15"})
        BOOST_TEST(!wait_of({text}).has_value(), "accepted: " << text);
    BOOST_TEST(!wait_of({std::string_view("1\0", 2)}).has_value());
    BOOST_TEST(!wait_of({"10\r"}).has_value());
    std::string const endless(1 << 20, '9');
    BOOST_TEST(!wait_of({endless}).has_value());
}

BOOST_AUTO_TEST_CASE(a_date_is_measured_from_the_answers_date) {
    std::string_view const sent = "Thu, 15 Jan 2026 10:00:00 GMT"; // a server two hours behind
    for (auto const text :
         {"Thu, 15 Jan 2026 10:00:30 GMT", "Thursday, 15-Jan-26 10:00:30 GMT", "Thu Jan 15 10:00:30 2026"})
        BOOST_TEST((wait_of({text}, sent) == 30'000), text);
    BOOST_TEST((wait_of({"Thu, 15 Jan 2026 10:00:00 GMT"}, sent) == 0));
    BOOST_TEST((wait_of({"Thu, 15 Jan 2026 10:00:30 GMT"}, " Thu Jan 15 10:00:00 2026\t") == 30'000));
}

BOOST_AUTO_TEST_CASE(a_date_is_measured_from_now_without_a_readable_date_field) {
    BOOST_TEST((wait_of({"Thu, 15 Jan 2026 12:00:30 GMT"}) == 30'000));
    BOOST_TEST((wait_of({"Thu, 15 Jan 2026 12:00:30 GMT"}, "yesterday") == 30'000));
    BOOST_TEST((wait_of({"Thu, 15 Jan 2026 12:00:30 GMT"}, "") == 30'000));
}

BOOST_AUTO_TEST_CASE(a_date_in_the_past_is_no_wait) {
    BOOST_TEST((wait_of({"Thu, 15 Jan 2026 11:59:59 GMT"}) == 0));
    BOOST_TEST((wait_of({"Thu, 01 Jan 1970 00:00:00 GMT"}) == 0));
    BOOST_TEST((wait_of({"Sat, 01 Jan 0000 00:00:00 GMT"}) == 0));
}

BOOST_AUTO_TEST_CASE(of_several_values_the_longest_counts) {
    BOOST_TEST((wait_of({"5", "10"}) == 10'000));
    BOOST_TEST((wait_of({"10", "5"}) == 10'000));
    BOOST_TEST((wait_of({"5, 10.2,7"}) == 11'000));
    BOOST_TEST(!wait_of({"5, x"}).has_value());
    BOOST_TEST(!wait_of({"5,,10"}).has_value());
    BOOST_TEST((wait_of({"garbage", "5", "-20"}) == 5'000));
    BOOST_TEST((wait_of({"5", "Thu, 15 Jan 2026 12:00:30 GMT"}) == 30'000));
    BOOST_TEST((wait_of({"60", "Thu, 15 Jan 2026 12:00:30 GMT"}) == 60'000));
}

BOOST_AUTO_TEST_CASE(a_wait_saturates_so_that_it_can_be_added_to_any_time) {
    auto const longest = milliseconds(allot::longest_retry_after).count();
    BOOST_TEST((wait_of({"9999999999"}) == longest));
    BOOST_TEST((wait_of({"Fri, 31 Dec 9999 23:59:60 GMT"}) == longest));
    auto const later = steady_clock::time_point{hours{24 * 365 * 50}} + allot::longest_retry_after;
    BOOST_TEST((later > steady_clock::time_point{}));
}

BOOST_AUTO_TEST_SUITE_END()
