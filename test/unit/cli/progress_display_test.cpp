#include "cli/progress_display.hpp"
#include "unit/cli/packets.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

using namespace allot;
using namespace allot::test;
using namespace std::chrono_literals;

namespace {

constexpr terminal_look redrawing{true, true, false, false};
constexpr terminal_look dumb{true, false, false, false};
constexpr terminal_look no_terminal{};

console_options seeing(progress_mode mode, log_level level = log_level::warning) {
    console_options options;
    options.progress = mode;
    options.level = level;
    return options;
}

/// A display on a manual clock.
struct fixture {
    packets output;
    std::optional<console> terminal;
    std::optional<progress_display> display;
    progress_display::time_point now{1h};
    client_stats stats;

    void start(
        console_options const& options, terminal_look const& look, bool rows_on_terminal = false,
        std::uint64_t total = 1'000, std::uint64_t done_before = 0) {
        open(options, look, rows_on_terminal);
        display->begin(now, total, done_before);
    }

    void open(console_options const& options, terminal_look const& look, bool rows_on_terminal = false) {
        terminal.emplace(options, output.descriptor(), look);
        display.emplace(*terminal, rows_on_terminal);
    }

    void update(std::uint64_t done, std::uint64_t errors = 0) { display->update(now, {done, errors}, stats); }

    void expect(std::vector<std::string> const& expected) {
        auto const got = output.take();
        BOOST_TEST(got == expected, boost::test_tools::per_element());
    }
};

}

BOOST_FIXTURE_TEST_SUITE(progress_display_, fixture)

BOOST_AUTO_TEST_CASE(on_a_terminal_one_line_is_redrawn_and_the_last_stays) {
    start(seeing(progress_mode::automatic), redrawing);
    update(0);
    now += 100ms;
    update(100, 1);
    now += 1'900ms;
    display->finish(now, {1'000, 1});
    display.reset();
    expect(
        {"\r  0% [-----------------] 0/1,000\x1b[K", "\r 10% [#----------------] 100/1,000 | 1 error\x1b[K",
         "\r100% [#################] 1,000/1,000 | in 2s | 1 error | 500 rows/s\x1b[K\n"});
}

BOOST_AUTO_TEST_CASE(ten_times_a_second_is_the_most) {
    start(seeing(progress_mode::automatic), redrawing);
    for (std::uint64_t done = 0; done != 100; ++done) {
        update(done);
        now += 10ms;
    }
    BOOST_TEST(output.take().size() == 10U);
}

BOOST_AUTO_TEST_CASE(a_resumed_run_begins_where_the_last_one_stopped) {
    start(seeing(progress_mode::automatic), redrawing, false, 1'000, 500);
    update(500);
    for (int second = 0; second != 4; ++second) {
        now += 1s;
        update(500 + 10 * (static_cast<std::uint64_t>(second) + 1));
    }
    display->finish(now, {540, 0});
    auto const writes = output.take();
    BOOST_TEST(writes.front() == "\r 50% [########---------] 500/1,000\x1b[K");
    BOOST_TEST(writes.at(4) == "\r 54% [#########--------] 540/1,000 | ETA 46s | 10 rows/s\x1b[K");
    BOOST_TEST(
        writes.back() == "\r 54% [#########--------] 540/1,000 | stopped after 4s | 10 rows/s\x1b[K\n");
}

BOOST_AUTO_TEST_CASE(a_hold_counts_down_and_is_part_of_the_time_left) {
    start(seeing(progress_mode::automatic), redrawing);
    update(0);
    now += 10s;
    update(100);
    output.take();
    stats.held_until = now + 30s;
    now += 10s;
    stats.held = 10s;
    update(100);
    now += 5s;
    stats.held = 15s;
    update(100);
    expect(
        {"\r 10% [#----------------] 100/1,000 | throttled, 20s left | ETA 1m50s\x1b[K",
         "\r 10% [#----------------] 100/1,000 | throttled, 15s left | ETA 1m45s\x1b[K"});
}

BOOST_AUTO_TEST_CASE(figures_change_once_a_second) {
    start(seeing(progress_mode::automatic), redrawing);
    update(0);
    for (std::uint64_t tick = 1; tick != 40; ++tick) {
        now += 100ms;
        update(tick <= 20 ? 10 * tick : 180 + tick);
        bool const unchanged = output.text().find(" | 100 rows/s") != std::string::npos;
        BOOST_TEST(unchanged == (tick >= 20 && tick < 30));
    }
}

BOOST_AUTO_TEST_CASE(what_is_counted_gives_way_to_the_rows) {
    open(seeing(progress_mode::automatic), redrawing);
    display->counting(now, "listing", 0, "assignments");
    expect({}); // it may be over at once
    now += 300ms;
    display->counting(now, "listing", 12'300, "assignments");
    now += 10ms;
    display->begin(now, 12'300, 0);
    update(0);
    display->clear();
    expect({"\rlisting: 12,300 assignments\x1b[K", "\r  0% [-----------------] 0/12,300\x1b[K", "\r\x1b[K"});
}

BOOST_AUTO_TEST_CASE(holds_while_it_counts) {
    open(seeing(progress_mode::automatic, log_level::info), redrawing);
    display->counting(now, "listing", 0, "assignments");
    now += 1s;
    stats.held_until = now + 5s;
    display->counting(now, "listing", 999, "assignments", stats);
    expect({"\rlisting: 999 assignments | throttled, 5s left\x1b[K"});
}

BOOST_AUTO_TEST_CASE(a_run_that_ends_by_an_exception_leaves_its_line) {
    start(seeing(progress_mode::automatic), redrawing);
    update(100);
    display.reset();
    expect({"\r 10% [#----------------] 100/1,000\x1b[K", "\n"});
}

BOOST_AUTO_TEST_CASE(off_a_terminal_there_is_no_progress_unless_asked_for) {
    start(seeing(progress_mode::automatic), no_terminal);
    update(1);
    display->finish(now, {1'000, 0});
    display.reset();
    expect({});
}

BOOST_AUTO_TEST_CASE(never_means_never) {
    start(seeing(progress_mode::never), redrawing);
    display->counting(now, "listing", 0, "assignments");
    now += 1min;
    display->counting(now, "listing", 5, "assignments");
    update(1);
    display->finish(now, {1'000, 0});
    display.reset();
    expect({});
}

BOOST_AUTO_TEST_CASE(rows_on_the_terminal_have_it_for_themselves) {
    start(seeing(progress_mode::automatic), redrawing, true);
    update(1);
    expect({});
    start(seeing(progress_mode::always), redrawing, true);
    update(1);
    expect({"allot: 1/1,000 0%\n"});
}

BOOST_AUTO_TEST_CASE(without_redrawing_it_is_a_line_now_and_then) {
    for (auto const& look : {no_terminal, dumb}) {
        start(
            seeing(look.is_terminal ? progress_mode::automatic : progress_mode::always), look, false, 10, 1);
        for (int tick = 0; tick != 105; ++tick) {
            update(1);
            now += 100ms;
        }
        now -= 500ms;
        display->finish(now, {10, 0});
        display.reset();
        expect(
            {"allot: 1/10 10%\n", "allot: 1/10 10% | 0 rows/s\n",
             "allot: 10/10 100% | in 10s | 0.9 rows/s\n"});
    }
}

BOOST_AUTO_TEST_SUITE_END()
