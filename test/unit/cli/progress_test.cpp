#include "audit/columns.hpp"
#include "audit/text.hpp"
#include "cli/progress.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <set>
#include <string>
#include <vector>

using namespace allot;
using namespace std::chrono_literals;

namespace {

progress_view running() {
    progress_view view;
    view.done = 1'234;
    view.total = 10'000;
    view.rows_per_second = 512.4;
    view.time_left = 18s;
    view.in_flight = 64;
    view.retries = 3;
    return view;
}

progress_view troubled() {
    auto view = running();
    view.held_for = 11'500ms;
    view.time_left = 30s;
    view.errors = 12;
    return view;
}

progress_view ended(std::uint64_t done) {
    progress_view view;
    view.done = done;
    view.total = 10'000;
    view.took = 79'100ms;
    view.rows_per_second = 126.4;
    return view;
}

std::string plain(progress_view const& view, std::size_t width) {
    return progress_line(view, {width, false, false, false});
}

std::string barred(progress_view const& view, std::size_t width) {
    return progress_line(view, {width, true, false, false});
}

std::string without_colours(std::string text) {
    for (auto at = text.find('\x1b'); at != std::string::npos; at = text.find('\x1b'))
        text.erase(at, text.find('m', at) + 1 - at);
    return text;
}

std::set<std::string> numbers_in(std::string const& text) {
    std::set<std::string> found;
    for (std::size_t at = 0; at < text.size();) {
        auto const begin = text.find_first_of("0123456789", at);
        if (begin == std::string::npos)
            break;
        at = std::min(text.find_first_not_of("0123456789,.%", begin), text.size());
        found.insert(text.substr(begin, at - begin));
    }
    return found;
}

}

BOOST_AUTO_TEST_SUITE(progress)

BOOST_AUTO_TEST_CASE(a_wide_line_shows_everything) {
    BOOST_TEST(plain(running(), 200) == "1,234/10,000 12% | ETA 18s | 512 rows/s | 64 in flight | 3 retries");
    BOOST_TEST(
        plain(troubled(), 200) ==
        "1,234/10,000 12% | throttled, 12s left | ETA 30s | 12 errors | 512 rows/s | "
        "64 in flight | 3 retries");
    BOOST_TEST(
        barred(troubled(), 200) ==
        " 12% [###-------------------------] 1,234/10,000 | throttled, 12s left | ETA 30s | 12 errors | 512 "
        "rows/s | 64 in flight | 3 retries");
}

BOOST_AUTO_TEST_CASE(a_narrow_line_leaves_out_what_matters_least) {
    BOOST_TEST(
        barred(running(), 79) ==
        " 12% [##---------------] 1,234/10,000 | ETA 18s | 512 rows/s | 64 in flight");
    BOOST_TEST(
        barred(troubled(), 79) ==
        " 12% [#--------------] 1,234/10,000 | throttled, 12s left | ETA 30s | 12 errors");
    BOOST_TEST(barred(troubled(), 50) == "1,234/10,000 12% | throttled, 12s left | ETA 30s");
    BOOST_TEST(barred(running(), 20) == "1,234/10,000 12%");
    BOOST_TEST(barred(running(), 15) == "12%");
    BOOST_TEST(barred(running(), 2) == "");
    BOOST_TEST(barred(running(), 0) == "");
}

BOOST_AUTO_TEST_CASE(bars) {
    auto view = running();
    line_style const style{50, true, true, false};
    BOOST_TEST(
        progress_line(view, style) ==
        " 12% \u2588\u2591\u2591\u2591\u2591\u2591\u2591\u2591\u2591\u2591\u2591\u2591 1,234/10,000 | ETA "
        "18s");
    view.done = 10'000;
    BOOST_TEST(progress_line(view, {50, true, false, false}).starts_with("100% [##########] 10,000/10,000"));
    BOOST_TEST(
        progress_line(running(), {40, true, false, true}) ==
        " 12% [\x1b[2m--------\x1b[0m] 1,234/10,000\x1b[2m | \x1b[0mETA 18s");
}

BOOST_AUTO_TEST_CASE(errors_and_holds_have_their_colours) {
    auto const line = progress_line(troubled(), {200, true, true, true});
    BOOST_TEST(line.find("\x1b[31m12 errors\x1b[0m") != std::string::npos, line);
    BOOST_TEST(line.find("\x1b[33mthrottled, 12s left\x1b[0m") != std::string::npos, line);
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_left_out) {
    progress_view view;
    view.total = 10;
    BOOST_TEST(plain(view, 200) == "0/10 0%");
    view.errors = 1;
    view.retries = 1;
    view.rows_per_second = 0;
    BOOST_TEST(plain(view, 200) == "0/10 0% | 1 error | 0 rows/s | 1 retry");
    view.rows_per_second = 0.26;
    BOOST_TEST(plain(view, 200) == "0/10 0% | 1 error | 0.3 rows/s | 1 retry");
}

BOOST_AUTO_TEST_CASE(all_is_not_said_before_all_is_done) {
    progress_view view;
    view.total = 1'000'000;
    view.done = 999'999;
    BOOST_TEST(plain(view, 200) == "999,999/1,000,000 99%");
    view.done = 290'000;
    BOOST_TEST(plain(view, 200) == "290,000/1,000,000 29%");
    view.done = 1'000'000;
    BOOST_TEST(plain(view, 200) == "1,000,000/1,000,000 100%");
    BOOST_TEST(plain({}, 200) == "0/0 100%");
}

BOOST_AUTO_TEST_CASE(the_last_line_says_how_long_it_took) {
    BOOST_TEST(plain(ended(10'000), 200) == "10,000/10,000 100% | in 1m20s | 126 rows/s");
    BOOST_TEST(plain(ended(1'000), 200) == "1,000/10,000 10% | stopped after 1m20s | 126 rows/s");
}

BOOST_AUTO_TEST_CASE(counting) {
    auto const line = [](std::size_t width) {
        return counting_line({"listing", 12'300, "assignments", {}}, {width, true, true, false});
    };
    BOOST_TEST(line(200) == "listing: 12,300 assignments");
    BOOST_TEST(line(26) == "listing: 12,300");
    BOOST_TEST(line(14) == "12,300");
    BOOST_TEST(line(5) == "");
    BOOST_TEST(
        counting_line({"listing", 5, "assignments", 3s}, {80, true, true, false}) ==
        "listing: 5 assignments | throttled, 3s left");
}

BOOST_AUTO_TEST_CASE(at_every_width_it_fits_and_nothing_is_cut) {
    auto huge = troubled();
    huge.total = 123'456'789'012;
    huge.done = 98'765'432'101;
    huge.errors = 1'234'567;
    std::vector<progress_view> const views{running(), troubled(), huge, ended(10'000), ended(7)};
    for (auto const& view : views) {
        auto const known = numbers_in(plain(view, 1'000));
        for (int flags = 0; flags != 8; ++flags)
            for (std::size_t width = 1; width <= 200; ++width) {
                line_style const style{width, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0};
                auto const line = without_colours(progress_line(view, style));
                BOOST_REQUIRE_EQUAL(valid_utf8_prefix(line), line.size());
                BOOST_REQUIRE_LE(columns(line), width);
                for (auto const& number : numbers_in(line))
                    BOOST_REQUIRE_MESSAGE(known.contains(number), line);
            }
    }
}

BOOST_AUTO_TEST_CASE(a_wider_line_never_says_less) {
    for (auto const& view : {running(), troubled(), ended(3)})
        for (std::size_t width = 1; width <= 200; ++width)
            BOOST_REQUIRE_GE(
                numbers_in(barred(view, width + 1)).size(), numbers_in(barred(view, width)).size());
}

BOOST_AUTO_TEST_CASE(while_it_counts_it_fits_at_every_width_too) {
    counting_view const view{"l\u00e4dt", 3'400'000, "Eintr\u00e4ge", 5s};
    for (std::size_t width = 1; width <= 200; ++width) {
        auto const line = without_colours(counting_line(view, {width, true, true, true}));
        BOOST_REQUIRE_LE(columns(line), width);
        BOOST_REQUIRE_EQUAL(valid_utf8_prefix(line), line.size());
        for (auto const& number : numbers_in(line))
            BOOST_REQUIRE_MESSAGE(number == "3,400,000" || number == "5", line);
    }
}

BOOST_AUTO_TEST_SUITE_END()
