#include "cli/progress.hpp"
#include "cli/progress_display.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <string>
#include <unistd.h>

using namespace allot;
using namespace std::chrono_literals;

namespace {

progress_view running() {
    progress_view view;
    view.done = 1'234;
    view.total = 10'000;
    view.rows_per_second = 512.4;
    view.in_flight = 64;
    view.retries = 3;
    return view;
}

progress_view held() {
    auto view = running();
    view.held_for = 11'500ms;
    return view;
}

/// What a console writes.
class capture {
public:
    capture() { BOOST_REQUIRE_EQUAL(::pipe(ends_.data()), 0); }
    ~capture() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    int descriptor() const { return ends_[1]; }
    std::string text() const {
        std::array<char, 4'096> space{};
        ::write(ends_[1], "$", 1) == 1 ? void() : std::abort();
        auto const got = ::read(ends_[0], space.data(), space.size());
        return {space.data(), static_cast<std::size_t>(got) - 1};
    }

private:
    std::array<int, 2> ends_{};
};

console_options seeing(progress_mode mode, log_level level = log_level::info) {
    console_options options;
    options.progress = mode;
    options.level = level;
    return options;
}

}

BOOST_AUTO_TEST_SUITE(progress)

BOOST_AUTO_TEST_CASE(a_wide_line_shows_everything) {
    BOOST_TEST(
        progress_line(running(), 200) ==
        "1,234/10,000 12% | 512 rows/s | ETA 18s | 64 in flight | 3 retries");
    BOOST_TEST(
        progress_line(held(), 200) ==
        "1,234/10,000 12% | throttled, 12s left | 512 rows/s | ETA 18s | 64 in flight | 3 retries");
}

BOOST_AUTO_TEST_CASE(a_narrow_line_leaves_out_what_matters_least) {
    BOOST_TEST(
        progress_line(held(), 80) ==
        "1,234/10,000 12% | throttled, 12s left | 512 rows/s | ETA 18s | 64 in flight");
    BOOST_TEST(progress_line(running(), 20) == "1,234/10,000 12%");
    BOOST_TEST(progress_line(running(), 5) == "1,234");
    BOOST_TEST(progress_line(running(), 0) == "");
    for (std::size_t width = 0; width != 120; ++width)
        BOOST_TEST(progress_line(held(), width).size() <= width);
}

BOOST_AUTO_TEST_CASE(without_speed_there_is_no_eta) {
    auto view = running();
    view.rows_per_second = 0;
    BOOST_TEST(progress_line(view, 200) == "1,234/10,000 12% | 0 rows/s | 64 in flight | 3 retries");
    view.rows_per_second = 1e-9;
    BOOST_TEST(progress_line(view, 200).find("ETA") == std::string::npos);
    view = running();
    view.total.reset();
    BOOST_TEST(progress_line(view, 200) == "1,234 | 512 rows/s | 64 in flight | 3 retries");
}

BOOST_AUTO_TEST_CASE(the_speed_is_that_of_the_last_seconds) {
    progress_meter meter;
    std::chrono::steady_clock::time_point const start{1h};
    BOOST_TEST(meter.rows_per_second() == 0);
    meter.sample(start, 0);
    BOOST_TEST(meter.rows_per_second() == 0);
    meter.sample(start + 1s, 1'000);
    BOOST_TEST(meter.rows_per_second() == 1'000);
    for (int second = 2; second != 20; ++second)
        meter.sample(start + std::chrono::seconds(second), 1'000);
    BOOST_TEST(meter.rows_per_second() == 0);
}

BOOST_AUTO_TEST_CASE(off_a_terminal_there_is_no_progress_unless_asked_for) {
    capture output;
    console terminal(seeing(progress_mode::automatic), output.descriptor());
    {
        progress_display display(terminal, false, 10);
        display.update({}, 1, {});
    }
    BOOST_TEST(output.text() == "");
}

BOOST_AUTO_TEST_CASE(asked_for_off_a_terminal_it_is_a_line_now_and_then) {
    capture output;
    console terminal(seeing(progress_mode::always), output.descriptor());
    {
        progress_display display(terminal, false, 10);
        std::chrono::steady_clock::time_point const start{1h};
        for (int tick = 0; tick != 105; ++tick)
            display.update(start + tick * 100ms, 1, {});
    }
    BOOST_TEST(
        output.text() == "allot: 1/10 10% | 0 rows/s | 0 in flight | 0 retries\n"
                         "allot: 1/10 10% | 0 rows/s | 0 in flight | 0 retries\n");
}

BOOST_AUTO_TEST_CASE(holds_are_logged_when_they_begin_and_end) {
    capture output;
    console terminal(seeing(progress_mode::never), output.descriptor());
    progress_display display(terminal, false, 10);
    std::chrono::steady_clock::time_point const now{1h};
    client_stats stats;
    display.update(now, 0, stats);
    stats.held_until = now + 5s;
    display.update(now, 0, stats);
    display.update(now + 1s, 0, stats);
    stats.held_until.reset();
    display.update(now + 5s, 0, stats);
    BOOST_TEST(
        output.text() == "allot: Graph throttles: no requests for 5s\n"
                         "allot: Graph's throttle is over: requests go on\n");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(console_)

BOOST_AUTO_TEST_CASE(a_new_line_covers_the_last_one) {
    capture output;
    console terminal(seeing(progress_mode::always), output.descriptor());
    terminal.show_progress("12345");
    terminal.show_progress("123");
    terminal.log(log_level::warning, "careful");
    terminal.show_progress("1");
    terminal.clear_progress();
    terminal.clear_progress();
    BOOST_TEST(output.text() == "\r12345\r123  \r   \rallot: warning: careful\n\r1\r \r");
}

BOOST_AUTO_TEST_CASE(levels_hold_lines_back) {
    capture output;
    console terminal(seeing(progress_mode::never, log_level::warning), output.descriptor());
    terminal.log(log_level::error, "e");
    terminal.log(log_level::warning, "w");
    terminal.log(log_level::info, "i");
    terminal.log(log_level::debug, "d");
    terminal.note("n");
    BOOST_TEST(output.text() == "allot: error: e\nallot: warning: w\nallot: n\n");
}

BOOST_AUTO_TEST_CASE(text_from_outside_is_made_safe) {
    capture output;
    console terminal(seeing(progress_mode::never), output.descriptor());
    terminal.log(log_level::error, "a\x1b[2J\nb\xff");
    BOOST_TEST(output.text() == "allot: error: a\\x1b[2J\\x0ab\\xff\n");
}

BOOST_AUTO_TEST_CASE(json_lines) {
    capture output;
    auto options = seeing(progress_mode::never);
    options.format = log_format::json;
    console terminal(options, output.descriptor());
    terminal.log(log_level::warning, "a\"b\n");
    auto const line = output.text();
    BOOST_TEST(line.starts_with("{\"time\":\"20"), line);
    BOOST_TEST(line.ends_with("Z\",\"level\":\"warning\",\"message\":\"a\\\"b\\n\"}\n"), line);
    terminal.note("summary", "{\"rows\":1}");
    BOOST_TEST(output.text().ends_with("\"message\":\"summary\",\"summary\":{\"rows\":1}}\n"));
}

BOOST_AUTO_TEST_SUITE_END()
