#include <allot/secret.hpp>

#include <boost/exception/diagnostic_information.hpp>
#include <boost/exception/enable_error_info.hpp>
#include <boost/exception/info.hpp>
#include <boost/format.hpp>
#include <boost/functional/hash.hpp>
#include <boost/lexical_cast.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/throw_exception.hpp>

#include <concepts>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace allot {
namespace {

constexpr std::string_view long_text = "a-secret-that-is-longer-than-a-small-string-buffer";

template <class Stream>
concept shown_by = requires(Stream& out, secret const& value) {
    out << value;
};
template <class Stream>
concept read_by = requires(Stream& in, secret& value) {
    in >> value;
};
template <class T>
concept standard_hash = requires(T const& value) {
    std::hash<T>()(value);
};
template <class T>
concept boost_hash = requires(T const& value) {
    hash_value(value);
};
template <class T>
concept added_to_text = requires(std::string& text, T const& value) {
    text += value;
}
|| requires(std::string text, T const& value) {
    text + value;
}
|| requires(std::string text, T const& value) {
    value + text;
};

// Only `reveal` gives the text, and only by that name: nothing takes a secret for a text on its own.
static_assert(!std::is_convertible_v<secret, std::string> && !std::is_constructible_v<std::string, secret>);
static_assert(!std::is_convertible_v<secret, std::string_view>);
static_assert(!std::is_constructible_v<std::string_view, secret>);
static_assert(!std::is_convertible_v<secret, char const*> && !std::is_convertible_v<secret, bool>);
static_assert(!std::is_convertible_v<secret, void const*> && !added_to_text<secret>);
// Nor does a text become a secret by accident, of which a copy stays behind.
static_assert(!std::is_convertible_v<std::string, secret> && !std::is_convertible_v<char const*, secret>);
static_assert(!std::is_convertible_v<std::string_view, secret>);
// Comparisons take longer the more of the text is right; a hash can be tried out.
static_assert(!std::equality_comparable<secret> && !std::totally_ordered<secret>);
static_assert(!std::equality_comparable_with<secret, std::string>);
static_assert(!standard_hash<secret> && !boost_hash<secret>);
// One formatter, which redacts.
static_assert(shown_by<std::ostream> && !shown_by<std::wostream> && !read_by<std::istream>);
static_assert(std::is_nothrow_move_constructible_v<secret> && std::is_nothrow_move_assignable_v<secret>);

using secret_info = boost::error_info<struct secret_tag, secret>;

BOOST_AUTO_TEST_SUITE(secret_suite)

BOOST_AUTO_TEST_CASE(row_23_wipe_overwrites_every_character) {
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

BOOST_AUTO_TEST_CASE(row_23_is_never_shown) {
    secret const value(long_text);
    std::ostringstream out;
    out << value;
    BOOST_TEST(out.str() == "[redacted]");
    BOOST_TEST(boost::lexical_cast<std::string>(value) == "[redacted]");
    BOOST_TEST((boost::format("%1%, %|1$12|") % value).str() == "[redacted],   [redacted]");
    // What Boost.Test says of a value in a check.
    std::ostringstream told;
    told << boost::test_tools::tt_detail::print_helper(value);
    BOOST_TEST(told.str() == "[redacted]");
}

BOOST_AUTO_TEST_CASE(row_23_is_never_thrown) {
    try {
        BOOST_THROW_EXCEPTION(
            boost::enable_error_info(std::runtime_error("refused")) << secret_info(secret(long_text)));
    } catch (boost::exception const& thrown) {
        auto const told = boost::diagnostic_information(thrown);
        BOOST_TEST(told.find("[redacted]") != std::string::npos);
        BOOST_TEST(told.find(long_text) == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}
}
