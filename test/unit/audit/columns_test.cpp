#include "audit/columns.hpp"
#include "audit/paint.hpp"
#include "audit/text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace allot;

BOOST_AUTO_TEST_SUITE(columns_)

BOOST_AUTO_TEST_CASE(characters_take_one_two_or_no_columns) {
    BOOST_TEST(columns("") == 0U);
    BOOST_TEST(columns("plain") == 5U);
    BOOST_TEST(columns("\u00e9\u20ac\u2588") == 3U);
    BOOST_TEST(columns("\u8a31\u53ef\uff01\ud55c") == 8U);
    BOOST_TEST(columns("\U0001f600\U00020000") == 4U);
    BOOST_TEST(columns("e\u0301\u200b") == 1U);
}

BOOST_AUTO_TEST_CASE(text_is_cut_between_characters) {
    std::string const text = "ab\u8a31\u53efe\u0301z";
    BOOST_TEST(cut_to_columns(text, 8) == text);
    BOOST_TEST(cut_to_columns(text, 7) == "ab\u8a31...");
    BOOST_TEST(cut_to_columns(text, 6) == "ab...");
    BOOST_TEST(cut_to_columns(text, 2) == "..");
    BOOST_TEST(cut_to_columns(text, 0) == "");
    for (std::size_t width = 0; width != 10; ++width) {
        auto const cut = cut_to_columns(text, width);
        BOOST_TEST(columns(cut) <= width);
        BOOST_TEST(valid_utf8_prefix(cut) == cut.size());
    }
}

BOOST_AUTO_TEST_CASE(padding_counts_columns) {
    BOOST_TEST(pad_right("\u8a31", 4) == "\u8a31  ");
    BOOST_TEST(pad_left("\u8a31", 4) == "  \u8a31");
    BOOST_TEST(pad_right("long", 2) == "long");
    BOOST_TEST(pad_left("long", 2) == "long");
}

BOOST_AUTO_TEST_CASE(words_move_to_the_next_line) {
    BOOST_TEST(wrapped("a bc def", 80, 2) == "  a bc def\n");
    BOOST_TEST(wrapped("a bc def", 8, 2) == "  a bc\n  def\n");
    BOOST_TEST(wrapped("a bc def", 6, 2) == "  a bc\n  def\n");
    BOOST_TEST(wrapped("a bc def", 5, 2) == "  a\n  bc\n  def\n");
    BOOST_TEST(wrapped("longer a", 3, 0) == "longer\na\n");
}

BOOST_AUTO_TEST_CASE(colours_are_around_the_text_or_absent) {
    BOOST_TEST(painted("x", tone::bad, true) == "\x1b[31mx\x1b[0m");
    BOOST_TEST(painted("x", tone::bad, false) == "x");
    BOOST_TEST(painted("x", tone::plain, true) == "x");
    BOOST_TEST(painted("", tone::bad, true) == "");
}

BOOST_AUTO_TEST_SUITE_END()
