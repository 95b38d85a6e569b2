#include "audit/report/rate_chart.hpp"
#include "audit/report/rate_series.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

using namespace allot;
using namespace std::chrono_literals;

namespace {

constexpr stored_run::time_point start{1'000'000s};

stored_run run(std::uint64_t number, stored_run::time_point started) {
    stored_run out;
    out.number = number;
    out.started = started;
    return out;
}

run_sample sample(
    std::uint64_t of_run, stored_run::time_point at, std::uint64_t rows,
    std::chrono::milliseconds held = 0ms) {
    run_sample out;
    out.run = of_run;
    out.at = at;
    out.rows = rows;
    out.held = held;
    return out;
}

}

BOOST_AUTO_TEST_SUITE(report_rate)

BOOST_AUTO_TEST_CASE(rates_are_rows_by_time) {
    auto const series = make_rate_series(
        {run(1, start)},
        {sample(1, start + 1s, 500), sample(1, start + 3s, 700), sample(1, start + 4s, 700, 750ms)}, 100);
    BOOST_REQUIRE_EQUAL(series.points.size(), 3U);
    BOOST_TEST(series.points[0].rows_per_second == 500);
    BOOST_TEST(series.points[1].rows_per_second == 100);
    BOOST_TEST(series.points[1].end_ms == 3'000);
    BOOST_TEST(series.points[2].rows_per_second == 0);
    BOOST_TEST(series.points[2].held_share == 0.75);
    BOOST_TEST(series.total_ms == 4'000);
    BOOST_TEST(series.top_rate() == 500);
}

BOOST_AUTO_TEST_CASE(time_between_runs_does_not_count) {
    auto const series = make_rate_series(
        {run(1, start), run(2, start + 24h), run(3, start + 48h)},
        {sample(1, start + 1s, 100, 500ms), sample(3, start + 48h + 2s, 300, 500ms)}, 100);
    BOOST_REQUIRE_EQUAL(series.points.size(), 2U);
    BOOST_TEST(series.points[1].start_ms == 1'000);
    BOOST_TEST(series.points[1].rows_per_second == 100); // its samples count the rows of all runs
    BOOST_TEST(series.points[1].held_share == 0.25);     // and the hold of its own
    BOOST_TEST(series.run_starts == (std::vector<std::int64_t>{0, 1'000}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(clocks_and_rows_that_go_back_give_no_negative_rate) {
    auto const series = make_rate_series(
        {run(1, start)},
        {sample(1, start + 2s, 100), sample(1, start + 1s, 110), sample(1, start + 4s, 90),
         sample(1, start + 5s, 95)},
        100);
    for (auto const& point : series.points) {
        BOOST_TEST(point.rows_per_second >= 0);
        BOOST_TEST(point.rows_per_second <= 50);
        BOOST_TEST(point.end_ms > point.start_ms);
    }
    BOOST_TEST(series.total_ms == 5'000);
}

BOOST_AUTO_TEST_CASE(a_long_run_is_drawn_with_few_points) {
    std::vector<run_sample> samples;
    for (int second = 1; second <= 86'400; ++second)
        samples.push_back(
            sample(1, start + std::chrono::seconds(second), static_cast<std::uint64_t>(second) * 10));
    auto const series = make_rate_series({run(1, start)}, samples, 240);
    BOOST_TEST(series.points.size() <= 241U);
    BOOST_TEST(series.points.size() >= 200U);
    for (auto const& point : series.points)
        BOOST_TEST(point.rows_per_second == 10, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(the_last_moment_is_not_a_peak) {
    auto const series =
        make_rate_series({run(1, start)}, {sample(1, start + 1s, 100), sample(1, start + 1'001ms, 150)}, 100);
    BOOST_REQUIRE_EQUAL(series.points.size(), 1U);
    BOOST_TEST(series.points[0].end_ms == 1'001);
    BOOST_TEST(series.top_rate() < 150);
}

BOOST_AUTO_TEST_CASE(axes_end_at_round_numbers) {
    BOOST_TEST(round_top(0) == 1);
    BOOST_TEST(round_top(1) == 1);
    BOOST_TEST(round_top(1.5) == 2);
    BOOST_TEST(round_top(399) == 400);
    BOOST_TEST(round_top(401) == 500);
    BOOST_TEST(round_top(501) == 1'000);
    BOOST_TEST(round_top(1'000) == 1'000);
}

BOOST_AUTO_TEST_CASE(one_hold_is_one_shape) {
    auto const series = make_rate_series(
        {run(1, start)},
        {sample(1, start + 1s, 100), sample(1, start + 2s, 100, 1s), sample(1, start + 3s, 100, 1'500ms),
         sample(1, start + 4s, 200, 1'500ms)},
        100);
    html_writer out;
    append_rate_chart(out, series);
    auto const html = out.take();
    BOOST_TEST(html.find("<rect class=\"held\" x=\"250\" width=\"375\"") != html.npos);
    BOOST_TEST(html.find("<rect", html.find("<rect") + 1) == html.npos);
    BOOST_TEST(html.find("throttling held requests back for 1.5 s") != html.npos);
}

BOOST_AUTO_TEST_CASE(nothing_is_drawn_without_samples) {
    html_writer out;
    append_rate_chart(out, make_rate_series({run(1, start)}, {}, 100));
    BOOST_TEST(out.take().empty());
}

BOOST_AUTO_TEST_SUITE_END()
