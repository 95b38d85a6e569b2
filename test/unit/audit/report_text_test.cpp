#include "audit/report/decimal.hpp"
#include "audit/report/format_utc.hpp"
#include "audit/report/html_writer.hpp"
#include "audit/report/page_text.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

using namespace allot;
using namespace std::string_view_literals;

namespace {

std::string html(std::string_view text) {
    std::string out;
    append_html(out, text);
    return out;
}

std::string script_string(std::string_view text) {
    std::string out = "before<";
    append_script_string(out, text);
    return out.substr(7);
}

}

BOOST_AUTO_TEST_SUITE(report_text)

BOOST_AUTO_TEST_CASE(nothing_in_html_is_markup) {
    BOOST_TEST(html("plain \xc3\xa9 \xe2\x82\xac") == "plain \xc3\xa9 \xe2\x82\xac");
    BOOST_TEST(
        html("</script><script>alert(1)</script>") == "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
    BOOST_TEST(
        html("<img src=x onerror=\"a('b')\">") == "&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;");
    BOOST_TEST(html("&lt; &amp; &#60;") == "&amp;lt; &amp;amp; &amp;#60;");
}

BOOST_AUTO_TEST_CASE(only_markup_is_taken_as_it_is) {
    BOOST_TEST(
        html_writer().markup("<p>").text("<1> & ").number(1'234).foreign("<b>").markup("</p>").take() ==
        "<p>&lt;1&gt; &amp; 1,234<bdi>&lt;b&gt;</bdi></p>");
}

BOOST_AUTO_TEST_CASE(nothing_in_a_script_ends_it) {
    BOOST_TEST(script_string("plain \xc3\xa9") == "\"plain \xc3\xa9\"");
    BOOST_TEST(script_string("</script><!--") == R"("\u003c/script\u003e\u003c!--")");
    BOOST_TEST(script_string("a&b\"c\\") == R"("a\u0026b\"c\\")");
    BOOST_TEST(
        script_string("\xe2\x80\xa8|\xe2\x80\xa9|\xe2\x80\xaa|\xe2\x82\xac") ==
        "\"\\u2028|\\u2029|\xe2\x80\xaa|\xe2\x82\xac\"");
    BOOST_TEST(script_string("nul\0 \x1b \xff"sv) == "\"nul\\u0000 \\u001b \xef\xbf\xbd\"");
}

BOOST_AUTO_TEST_CASE(what_would_act_on_the_text_is_shown) {
    BOOST_TEST(
        page_text(
            "E5\xe2\x80\xae"
            "3E",
            100) == "E5\\u202e3E");
    BOOST_TEST(page_text("a\0b\x1b[31m\n"sv, 100) == "a\\x00b\\x1b[31m\\x0a");
    BOOST_TEST(
        page_text("SPE\xe2\x80\x8b_E5\xc2\xad \xe2\x80\xa8\xe2\x80\xa8", 100) ==
        "SPE\\u200b_E5\\u00ad \\u2028\\u2028");
    BOOST_TEST(page_text("\xff\xfe", 100) == "\\xff\\xfe");
    BOOST_TEST(page_text("\xd7\xa2\xd7\x91", 100) == "\xd7\xa2\xd7\x91");
}

BOOST_AUTO_TEST_CASE(messages_go_without_the_request) {
    BOOST_TEST(
        without_request("GET https://h:1/beta/users/u@x/a: Insufficient privileges: ask") ==
        "Insufficient privileges: ask");
    for (auto const* const other :
         {"no answer: none", "GET https://h/a", "GET https://h/a: ", "GET https://h is down: no", ""})
        BOOST_TEST(without_request(other) == other);
}

BOOST_AUTO_TEST_CASE(long_text_is_cut) {
    BOOST_TEST(page_text(std::string(1'048'576, 'x'), 10) == "xxxxxxx...");
    BOOST_TEST(page_text(std::string(1'048'576, '\x80'), 10).size() <= 40U);
}

BOOST_AUTO_TEST_CASE(numbers) {
    BOOST_TEST(with_separators_signed(0) == "0");
    BOOST_TEST(with_separators_signed(1'234) == "1,234");
    BOOST_TEST(with_separators_signed(-1'234) == "−1,234");
    BOOST_TEST(
        with_separators_signed(std::numeric_limits<std::int64_t>::min()) == "−9,223,372,036,854,775,808");
    BOOST_TEST(counted(1, "unit") == "1 unit");
    BOOST_TEST(counted(0, "unit") == "0 units");
    BOOST_TEST(counted(2'000, "allotment came", "allotments came") == "2,000 allotments came");
}

BOOST_AUTO_TEST_CASE(a_share_never_looks_fuller_or_emptier_than_it_is) {
    BOOST_TEST(percent(0) == "0 %");
    BOOST_TEST(percent(0.0001) == "<0.1 %");
    BOOST_TEST(percent(0.0123) == "1.2 %");
    BOOST_TEST(percent(0.5) == "50 %");
    BOOST_TEST(percent(0.899) == "89 %");
    BOOST_TEST(percent(0.9) == "90.0 %");
    BOOST_TEST(percent(0.99999) == "99.9 %");
    BOOST_TEST(percent(1) == "100 %");
    BOOST_TEST(percent(1.0001) == "100.1 %");
    BOOST_TEST(percent(469.0 / 468) == "100.3 %");
    BOOST_TEST(percent(1.101) == "111 %");
    BOOST_TEST(percent(12.5) == "1,250 %");
    BOOST_TEST(percent(std::numeric_limits<double>::infinity()) == "no units");
    BOOST_TEST(percent(2e9) == ">1,000,000 %");
}

BOOST_AUTO_TEST_CASE(time_spans) {
    BOOST_TEST(time_span(-5) == "0 s");
    BOOST_TEST(time_span(0) == "0 s");
    BOOST_TEST(time_span(449) == "0.4 s");
    BOOST_TEST(time_span(59'999) == "59 s");
    BOOST_TEST(time_span(60'000) == "1 min 00 s");
    BOOST_TEST(time_span(3'599'000) == "59 min 59 s");
    BOOST_TEST(time_span(90'061'000) == "25 h 01 min");
}

BOOST_AUTO_TEST_CASE(times_are_utc) {
    using namespace std::chrono;
    BOOST_TEST(format_utc(sys_days(year(2026) / 1 / 5) + 9h + 8min + 7s) == "2026-01-05 09:08:07 UTC");
    BOOST_TEST(format_utc(sys_seconds(-1s)) == "1969-12-31 23:59:59 UTC");
}

BOOST_AUTO_TEST_CASE(coordinates_are_short) {
    BOOST_TEST(decimal(100) == "100");
    BOOST_TEST(decimal(12.5) == "12.5");
    BOOST_TEST(decimal(1.0 / 3) == "0.33");
    BOOST_TEST(decimal(-0.001) == "0");
    BOOST_TEST(decimal(200) == "200");
}

BOOST_AUTO_TEST_SUITE_END()
