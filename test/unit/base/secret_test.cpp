#include <allot/secret.hpp>

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <utility>

namespace allot {
namespace {

constexpr std::string_view long_text = "a-secret-that-is-longer-than-a-small-string-buffer";

BOOST_AUTO_TEST_SUITE(secret_suite)

BOOST_AUTO_TEST_CASE(wipe_overwrites_every_character) {
    std::string text(long_text);
    auto const* const where = text.data();
    wipe(text);
    BOOST_TEST(text.empty());
    BOOST_TEST((std::string_view(where, long_text.size()) == std::string(long_text.size(), '\0')));
}

BOOST_AUTO_TEST_CASE(taking_a_text_over_leaves_nothing_in_it) {
    for (std::string text : {std::string("short"), std::string(long_text)}) {
        auto const copy = text;
        auto const* const where = text.data();
        secret const taken(std::move(text));
        BOOST_TEST(taken.reveal() == copy);
        BOOST_TEST((std::string_view(where, copy.size()) != copy));
    }
}

BOOST_AUTO_TEST_CASE(moving_leaves_nothing_behind) {
    for (std::string_view const text : {std::string_view("short"), long_text}) {
        secret from(text);
        secret const to(std::move(from));
        BOOST_TEST(to.reveal() == text);
        BOOST_TEST(from.empty());
    }
}

BOOST_AUTO_TEST_CASE(assignment_and_copies_hold_the_text) {
    secret one(long_text);
    secret two;
    two = one;
    BOOST_TEST(two.reveal() == long_text);
    one = secret(std::string_view("other"));
    BOOST_TEST(one.reveal() == "other");
    BOOST_TEST(two.reveal() == long_text);
}

BOOST_AUTO_TEST_CASE(is_never_shown) {
    std::ostringstream out;
    out << secret(long_text);
    BOOST_TEST(out.str() == "[redacted]");
}

BOOST_AUTO_TEST_SUITE_END()

}
}
