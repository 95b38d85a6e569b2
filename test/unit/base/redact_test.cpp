#include "base/redact.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace allot {
namespace {

constexpr std::string_view hidden = "0123456789abcdefghij";

std::string redacted(std::string text, std::string_view what = hidden) {
    redact(text, what);
    return text;
}

BOOST_AUTO_TEST_SUITE(redact_suite)

BOOST_AUTO_TEST_CASE(the_whole_of_it_wherever_it_stands) {
    BOOST_TEST(redacted("0123456789abcdefghij") == "[redacted]");
    BOOST_TEST(redacted("a 0123456789abcdefghij, 0123456789abcdefghij!") == "a [redacted], [redacted]!");
    BOOST_TEST(redacted("0123456789abcdefghij0123456789abcdefghij") == "[redacted][redacted]");
}

BOOST_AUTO_TEST_CASE(what_was_cut) {
    BOOST_TEST(redacted("you sent 0123456789ab") == "you sent [redacted]");
    BOOST_TEST(redacted("you sent 01234567...") == "you sent [redacted]...");
    BOOST_TEST(redacted("you sent 0123456...") == "you sent 0123456...");
}

BOOST_AUTO_TEST_CASE(short_ones_as_a_whole) {
    BOOST_TEST(redacted("you sent abc", "abc") == "you sent [redacted]");
    BOOST_TEST(redacted("you sent ab", "abc") == "you sent ab");
}

BOOST_AUTO_TEST_CASE(nothing_to_hide) {
    BOOST_TEST(redacted("text", "") == "text");
    BOOST_TEST(redacted("") == "");
    // The mark itself does not begin another one.
    BOOST_TEST(redacted("[redacted]", "redacted") == "[[redacted]]");
}

BOOST_AUTO_TEST_SUITE_END()

}
}
