#include "audit/text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace allot;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(well_formed_utf8_is_told_from_the_rest) {
    for (auto const good : {"", "plain", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf"})
        BOOST_TEST(valid_utf8_prefix(good) == std::string_view(good).size());
    // Alone, cut, overlong, a surrogate, beyond U+10FFFF.
    for (auto const bad :
         {"\x80", "\xff", "\xc3", "\xe2\x82", "\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xed\xa0\x80",
          "\xf4\x90\x80\x80"})
        BOOST_TEST(valid_utf8_prefix("ab" + std::string(bad)) == 2U);
}

BOOST_AUTO_TEST_CASE(ill_formed_bytes_are_replaced) {
    BOOST_TEST(to_valid_utf8("a\xff\x80z\xc3\xa9") == "a\xef\xbf\xbd\xef\xbf\xbdz\xc3\xa9");
}

BOOST_AUTO_TEST_CASE(row_25_a_terminal_gets_no_control_characters) {
    BOOST_TEST(
        terminal_safe("red \x1b[31m\x07\r\n\x7f\xc2\x9b!"sv) == R"(red \x1b[31m\x07\x0d\x0a\x7f\x9b!)");
    BOOST_TEST(
        terminal_safe("abc\xe2\x80\xae"
                      "def") == R"(abc\u202edef)");
    BOOST_TEST(terminal_safe("\xff \xc3\xa9") == "\\xff \xc3\xa9");
}

BOOST_AUTO_TEST_CASE(long_text_is_cut_between_characters) {
    BOOST_TEST(shorten("12345678", 8) == "12345678");
    BOOST_TEST(shorten("123456789", 8) == "12345...");
    BOOST_TEST(
        shorten(
            "1234\xe2\x82\xac"
            "56789",
            8) == "1234...");
}

BOOST_AUTO_TEST_CASE(numbers_for_people) {
    BOOST_TEST(with_separators(0) == "0");
    BOOST_TEST(with_separators(999) == "999");
    BOOST_TEST(with_separators(1'000) == "1,000");
    BOOST_TEST(with_separators(1'234'567) == "1,234,567");
}

BOOST_AUTO_TEST_CASE(durations_have_three_decimals) {
    std::string out;
    append_milliseconds(out, std::chrono::nanoseconds(12'345'678));
    out += ' ';
    append_milliseconds(out, std::chrono::nanoseconds(0));
    out += ' ';
    append_milliseconds(out, std::chrono::nanoseconds(1'000'999));
    BOOST_TEST(out == "12.345 0.000 1.000");
}

BOOST_AUTO_TEST_SUITE_END()
