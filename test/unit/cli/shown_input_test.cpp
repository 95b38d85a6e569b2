#include "cli/shown_input.hpp"
#include "unit/audit/scratch_folder.hpp"
#include "unit/cli/packets.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

using namespace allot;
using namespace allot::test;
using namespace std::chrono_literals;

namespace {

/// A file of 20,000 lines, and what is said while it is read with so much time between two looks.
struct fixture {
    scratch_folder folder;
    packets output;

    std::string said(std::chrono::milliseconds step, bool rows_on_terminal = false) {
        std::string text;
        for (int line = 0; line != 20'000; ++line)
            text += "assignment\n";
        input_file const file(folder.write("ids", text));
        console terminal({}, output.descriptor(), {true, true, false, false});
        std::chrono::steady_clock::time_point now{1h};
        auto const input = read_shown_input(
            file, input_format::lines, terminal, rows_on_terminal, [&] { return now += step; });
        BOOST_TEST(input.size() == 20'000U);
        return output.text();
    }
};

}

BOOST_FIXTURE_TEST_SUITE(shown_input, fixture)

BOOST_AUTO_TEST_CASE(a_long_input_shows_how_far_it_is) {
    auto const text = said(1s);
    BOOST_TEST(text.starts_with("\rreading input: "), text);
    BOOST_TEST(text.ends_with("\rreading input: 20,000 lines\x1b[K\r\x1b[K"), text);
}

BOOST_AUTO_TEST_CASE(a_short_one_does_not) {
    BOOST_TEST(said(10ms) == "");
}

BOOST_AUTO_TEST_CASE(nor_one_whose_rows_go_to_the_terminal) {
    BOOST_TEST(said(1s, true) == "");
}

BOOST_AUTO_TEST_SUITE_END()
