#include "audit/line_reader.hpp"
#include "unit/audit/sources.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

using namespace allot;
using allot::test::text_source;

namespace {

std::vector<std::string> lines_of(std::string const& text, std::size_t piece) {
    line_reader reader(text_source(text, piece));
    std::vector<std::string> out;
    while (auto const line = reader.next())
        out.push_back(std::to_string(line->number) + ":" + std::string(line->text));
    return out;
}

}

BOOST_AUTO_TEST_SUITE(line_reader_)

BOOST_AUTO_TEST_CASE(line_ends_do_not_depend_on_the_pieces) {
    std::string const text = "\xef\xbb\xbf"
                             "a\r\nb\n\n\r\nlong line\rwith CR\nlast";
    std::vector<std::string> const expected{"1:a", "2:b", "3:", "4:", "5:long line\rwith CR", "6:last"};
    for (std::size_t const piece : {1U, 2U, 3U, 5U, 100U})
        BOOST_TEST(lines_of(text, piece) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_input_may_be_empty_or_end_with_a_line_end) {
    BOOST_TEST(lines_of("", 8).empty());
    BOOST_TEST(lines_of("\xef\xbb\xbf", 8).empty());
    BOOST_TEST(lines_of("a\n", 8).size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_limit_does_not_count_the_line_end) {
    std::string const longest(line_reader::max_length, 'x');
    for (auto const* const end : {"\n", "\r\n", ""}) {
        line_reader fits(text_source(longest + end, 1'000));
        auto const line = fits.next();
        BOOST_REQUIRE(line);
        BOOST_TEST(!line->overlong);
        BOOST_TEST(line->text == longest);

        line_reader too_long(text_source(longest + 'x' + end + "next", 1'000));
        auto const cut = too_long.next();
        BOOST_REQUIRE(cut);
        BOOST_TEST(cut->overlong);
        BOOST_TEST(cut->text == longest);
        if (*end != '\0')
            BOOST_TEST(too_long.next()->text == "next");
    }
}

BOOST_AUTO_TEST_CASE(a_line_of_one_gibibyte_is_passed_over) {
    constexpr std::uint64_t gibibyte = 1'073'741'824;
    std::uint64_t given = 0;
    std::size_t largest = 0;
    auto source = [&](std::span<char> space) -> std::size_t {
        largest = std::max(largest, space.size());
        if (given >= gibibyte) {
            if (given != gibibyte)
                return 0;
            std::string_view const end = "\nnext\n";
            std::copy(end.begin(), end.end(), space.begin());
            given += end.size();
            return end.size();
        }
        auto const size = std::min<std::uint64_t>(space.size(), gibibyte - given);
        std::fill_n(space.begin(), size, 'x');
        given += size;
        return size;
    };
    line_reader reader(source);
    auto const line = reader.next();
    BOOST_REQUIRE(line);
    BOOST_TEST(line->overlong);
    BOOST_TEST(line->text.size() == line_reader::max_length);
    BOOST_TEST(reader.next()->text == "next");
    BOOST_TEST(!reader.next());
    BOOST_TEST(largest <= 65'536U);
}

BOOST_AUTO_TEST_CASE(the_first_block_is_only_looked_at) {
    line_reader reader(text_source("a\nb", 1));
    BOOST_TEST(reader.first_block() == "a\nb");
    BOOST_TEST(reader.next()->text == "a");
}

BOOST_AUTO_TEST_SUITE_END()
