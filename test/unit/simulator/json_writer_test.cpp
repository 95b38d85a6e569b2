#include "simulator/json_writer.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace allot::simulation {
namespace {

using namespace std::string_view_literals;

std::string quoted(std::string_view text) {
    std::string out;
    json_writer(out).text(text);
    return out;
}

BOOST_AUTO_TEST_SUITE(json_writer_suite)

BOOST_AUTO_TEST_CASE(commas_and_brackets) {
    std::string out;
    json_writer json(out);
    json.begin_object().text_member("a", "b").key("c").begin_array().number(1).number(-2).end_array();
    json.key("d")
        .begin_object()
        .end_object()
        .key("e")
        .null()
        .key("f")
        .boolean(true)
        .key("g")
        .json("1.5")
        .end_object();
    BOOST_TEST(out == R"({"a":"b","c":[1,-2],"d":{},"e":null,"f":true,"g":1.5})");
}

BOOST_AUTO_TEST_CASE(every_byte_makes_valid_json) {
    for (int byte = 0; byte != 256; ++byte) {
        std::string const text{'x', static_cast<char>(byte), 'y'};
        auto const value = boost::json::parse(quoted(text));
        if (byte < 0x80)
            BOOST_TEST(std::string_view(value.as_string()) == text);
        else
            BOOST_TEST(std::string_view(value.as_string()) == "x\xef\xbf\xbdy");
    }
}

BOOST_AUTO_TEST_CASE(utf8_stays_and_what_only_looks_like_it_is_replaced) {
    std::pair<std::string_view, std::string_view> const cases[] = {
        {"\xc3\xa9", "\"\xc3\xa9\""},
        {"\xe2\x82\xac", "\"\xe2\x82\xac\""},
        {"\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\""},
        {"\xc0\xaf", R"("\ufffd\ufffd")"},
        {"\xe0\x80\x80", R"("\ufffd\ufffd\ufffd")"},
        {"\xed\xa0\x80", R"("\ufffd\ufffd\ufffd")"},
        {"\xf4\x90\x80\x80", R"("\ufffd\ufffd\ufffd\ufffd")"},
        {"\xe2\x82", R"("\ufffd\ufffd")"},
        {"\"\\\n\0"sv, R"("\"\\\u000a\u0000")"},
    };
    for (auto const& [text, expected] : cases)
        BOOST_TEST(quoted(text) == expected);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
