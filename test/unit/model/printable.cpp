#include "model/printable.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(printable)

BOOST_AUTO_TEST_CASE(characters) {
    BOOST_TEST(allot::printable('/') == "'/'");
    BOOST_TEST(allot::printable(' ') == "' '");
    BOOST_TEST(allot::printable('\'') == "'\\''");
    BOOST_TEST(allot::printable('"') == "'\"'");
    BOOST_TEST(allot::printable('\\') == "'\\\\'");
    BOOST_TEST(allot::printable('\0') == "'\\x00'");
    BOOST_TEST(allot::printable('\x1b') == "'\\x1b'");
    BOOST_TEST(allot::printable('\x7f') == "'\\x7f'");
    BOOST_TEST(allot::printable('\xff') == "'\\xff'");
}

BOOST_AUTO_TEST_CASE(texts) {
    BOOST_TEST(allot::printable("") == "\"\"");
    BOOST_TEST(allot::printable("it's \"so\"\\") == "\"it's \\\"so\\\"\\\\\"");
    BOOST_TEST(allot::printable("a\r\n\xc3\xa4") == "\"a\\x0d\\x0a\\xc3\\xa4\"");
}

BOOST_AUTO_TEST_CASE(a_long_text_is_cut_to_the_limit) {
    BOOST_TEST(allot::printable(std::string(62, 'a')) == '"' + std::string(62, 'a') + '"');
    BOOST_TEST(allot::printable(std::string(63, 'a')) == '"' + std::string(59, 'a') + "\"...");
    BOOST_TEST(allot::printable(std::string(100, '\n'), 16) == "\"\\x0a\\x0a\"...");
}

BOOST_AUTO_TEST_SUITE_END()
