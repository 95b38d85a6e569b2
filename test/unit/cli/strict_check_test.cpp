#include "cli/audit_options.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace allot;

namespace {

std::string complaint(int invalid, std::uint64_t entries) {
    strict_check check;
    for (int line = 1; line <= invalid; ++line) {
        invalid_entry entry;
        entry.problem = "line " + std::to_string(line) + ": no";
        check.add(entry);
    }
    try {
        check.finish("ids", entries);
    } catch (input_error const& error) {
        return error.what();
    }
    return {};
}

}

BOOST_AUTO_TEST_SUITE(strict_check_)

BOOST_AUTO_TEST_CASE(a_good_input_passes) {
    BOOST_TEST(complaint(0, 5) == "");
}

BOOST_AUTO_TEST_CASE(the_first_ten_problems_are_shown) {
    BOOST_TEST(complaint(2, 1'234) == "ids: 2 of 1,234 entries are invalid; line 1: no; line 2: no");
    BOOST_TEST(complaint(10, 10).ends_with("; line 9: no; line 10: no"));
    BOOST_TEST(complaint(11, 11).ends_with("; line 10: no; ..."));
}

BOOST_AUTO_TEST_SUITE_END()
