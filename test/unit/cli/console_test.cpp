#include "cli/console.hpp"
#include "unit/cli/packets.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <vector>

using namespace allot;
using namespace allot::test;

namespace {

using writes = std::vector<std::string>;

constexpr terminal_look redrawing{true, true, false, false};

console_options seeing(log_level level) {
    console_options options;
    options.level = level;
    return options;
}

terminal_look look_with(std::map<std::string, std::string> const& variables, bool is_terminal = true) {
    return look_of(is_terminal, [&variables](std::string const& name) -> std::optional<std::string> {
        auto const found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
}

struct fixture {
    packets output;
    console terminal{seeing(log_level::warning), output.descriptor(), redrawing};

    void expect(writes const& expected) {
        auto const got = output.take();
        BOOST_TEST(got == expected, boost::test_tools::per_element());
    }
};

}

BOOST_FIXTURE_TEST_SUITE(console_, fixture)

BOOST_AUTO_TEST_CASE(each_redraw_is_one_write) {
    terminal.show_progress("12345");
    terminal.show_progress("123");
    expect({"\r12345\x1b[K", "\r123\x1b[K"});
}

BOOST_AUTO_TEST_CASE(what_did_not_change_is_not_drawn) {
    terminal.show_progress("1");
    terminal.show_progress("1");
    expect({"\r1\x1b[K"});
}

BOOST_AUTO_TEST_CASE(a_log_line_stands_above_the_progress_line) {
    terminal.show_progress("1");
    terminal.log(log_level::warning, "careful");
    terminal.show_progress("1");
    terminal.show_progress("2");
    expect({"\r1\x1b[K", "\r\x1b[Kallot: warning: careful\n1", "\r2\x1b[K"});
}

BOOST_AUTO_TEST_CASE(the_last_line_stays_behind) {
    terminal.show_progress("1");
    terminal.end_progress("2");
    terminal.print("summary\n");
    expect({"\r1\x1b[K", "\r2\x1b[K\n", "summary\n"});
    terminal.end_progress("3");
    expect({"3\n"});
}

BOOST_AUTO_TEST_CASE(the_line_can_be_kept_and_taken_away) {
    terminal.show_progress("1");
    terminal.keep_progress();
    terminal.keep_progress();
    terminal.show_progress("1");
    terminal.clear_progress();
    terminal.clear_progress();
    expect({"\r1\x1b[K", "\n", "\r1\x1b[K", "\r\x1b[K"});
}

BOOST_AUTO_TEST_CASE(a_terminal_that_takes_nothing_does_not_hold_the_run) {
    output.fill();
    terminal.show_progress("1"); // would wait for ever
    output.take();
    terminal.show_progress("1");
    expect({"\r1\x1b[K"});
}

BOOST_AUTO_TEST_CASE(levels_hold_lines_back) {
    terminal.log(log_level::error, "e");
    terminal.log(log_level::warning, "w");
    terminal.log(log_level::info, "i");
    terminal.log(log_level::debug, "d");
    terminal.note("n");
    expect({"allot: error: e\n", "allot: warning: w\n", "allot: n\n"});
}

BOOST_AUTO_TEST_CASE(row_25_text_from_outside_is_made_safe) {
    terminal.log(log_level::error, "a\x1b[2J\nb\xff");
    expect({"allot: error: a\\x1b[2J\\x0ab\\xff\n"});
}

BOOST_AUTO_TEST_CASE(json_lines) {
    auto options = seeing(log_level::warning);
    options.format = log_format::json;
    console logging(options, output.descriptor(), {});
    logging.log(log_level::warning, "a\"b\n");
    auto const line = output.text();
    BOOST_TEST(line.starts_with("{\"time\":\"20"), line);
    BOOST_TEST(line.ends_with("Z\",\"level\":\"warning\",\"message\":\"a\\\"b\\n\"}\n"), line);
    logging.note("summary", "{\"rows\":1}");
    BOOST_TEST(output.text().ends_with("\"message\":\"summary\",\"summary\":{\"rows\":1}}\n"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(terminal_look_)

BOOST_AUTO_TEST_CASE(colours_need_a_terminal_that_has_them_and_nobody_against_them) {
    BOOST_TEST(look_with({{"TERM", "xterm"}}).colours);
    BOOST_TEST(!look_with({{"TERM", "xterm"}}, false).colours);
    BOOST_TEST(!look_with({{"TERM", "xterm"}, {"NO_COLOR", "1"}}).colours);
    BOOST_TEST(look_with({{"TERM", "xterm"}, {"NO_COLOR", "1"}}).redraws);
}

BOOST_AUTO_TEST_CASE(a_dumb_terminal_gets_lines) {
    for (auto const& look : {look_with({{"TERM", "dumb"}}), look_with({})}) {
        BOOST_TEST(look.is_terminal);
        BOOST_TEST(!look.redraws);
        BOOST_TEST(!look.colours);
    }
}

BOOST_AUTO_TEST_CASE(the_first_locale_variable_decides) {
    BOOST_TEST(look_with({{"LANG", "de_DE.UTF-8"}}).utf8);
    BOOST_TEST(look_with({{"LANG", "C"}, {"LC_CTYPE", "C.utf8"}}).utf8);
    BOOST_TEST(!look_with({{"LANG", "C.utf8"}, {"LC_ALL", "C"}}).utf8);
    BOOST_TEST(!look_with({}).utf8);
}

BOOST_AUTO_TEST_SUITE_END()
