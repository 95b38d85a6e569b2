#include "audit/columns.hpp"
#include "audit/summary.hpp"
#include "unit/audit/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>

using namespace allot;
using namespace allot::test;
using namespace std::chrono_literals;

namespace {

audit_summary sample_summary() {
    audit_summary summary;
    summary.add(make_row(1, good_item(1, assignment_ref::admin("a"), sample_allotment("p1", 100))));
    summary.add(make_row(2, good_item(2, assignment_ref::admin("b"), sample_allotment("p1", 101))));
    summary.add(make_row(3, good_item(3, assignment_ref::admin("c"), sample_allotment("p2", 50))));
    auto other = sample_allotment("p3", 1'200);
    other.sku_part_number = "E5\x1b";
    other.allotted_units = 1'000;
    summary.add(make_row(4, good_item(4, assignment_ref::admin("d"), other)));
    summary.add(make_row(5, failed_item(5, sample_failure(errc::no_allotment, 204))));
    summary.add(make_row(6, failed_item(6, sample_failure(errc::not_found, 404))));
    summary.add(make_row(7, failed_item(7, sample_failure(errc::throttled, 429, end_reason::attempts))));
    summary.add(make_row(invalid_entry{8, 8, assignment_scope::admin, "", "..", "line 8: no"}));
    return summary;
}

client_stats sample_stats() {
    client_stats stats;
    stats.requests = 1'234;
    stats.retries = 5;
    stats.throttled = 2;
    stats.held = 2'500ms;
    return stats;
}

std::string table(std::size_t width) {
    return summary_table(sample_summary(), 10, sample_stats(), 2s, {width, false});
}

}

BOOST_AUTO_TEST_SUITE(summary)

BOOST_AUTO_TEST_CASE(outcomes_are_counted) {
    auto const sum = sample_summary();
    BOOST_TEST(sum.rows() == 8U);
    BOOST_TEST(sum.count(audit_outcome::ok) == 4U);
    BOOST_TEST(sum.count(audit_outcome::failed) == 1U);
    BOOST_TEST(sum.error_rows() == 2U);
    BOOST_TEST(sum.latency().count() == 7U); // invalid entries have no latency
}

BOOST_AUTO_TEST_CASE(units_are_counted_once_for_each_allotment) {
    auto const skus = sample_summary().skus();
    BOOST_REQUIRE_EQUAL(skus.size(), 2U);
    BOOST_TEST(skus[0].name == "E5\x1b");
    BOOST_TEST(skus[0].consumed == 1'200);
    BOOST_TEST(skus[1].name == "EXCHANGESTANDARD");
    BOOST_TEST(skus[1].allotments == 2U);
    BOOST_TEST(skus[1].consumed == 151); // the later answer of p1 counts
    BOOST_TEST(skus[1].allotted == 500);
}

BOOST_AUTO_TEST_CASE(an_allotment_without_part_number_goes_by_its_guid) {
    audit_summary sum;
    auto value = sample_allotment();
    value.sku_part_number.reset();
    value.sku_id = guid{{0xab}};
    sum.add(make_row(1, good_item(1, assignment_ref::admin("a"), value)));
    BOOST_TEST(sum.skus().at(0).name == "ab000000-0000-0000-0000-000000000000");
    value.id.reset();
    sum.add(make_row(1, good_item(1, assignment_ref::admin("a"), value)));
    BOOST_TEST(sum.allotments() == 1U);
}

BOOST_AUTO_TEST_CASE(a_table) {
    auto const expected = "ok                                               4\n"
                          "none                                             1\n"
                          "not_found                                        1\n"
                          "invalid_input                                    1  error\n"
                          "failed                                           1  error\n"
                          "rows                                             8\n"
                          "inputs                                          10\n"
                          "rows/s                                         4.0\n"
                          "time                                         2.0 s\n"
                          "latency p50                                 1.5 ms\n"
                          "latency p99                                 1.5 ms\n"
                          "requests                                     1,234\n"
                          "retries                                          5\n"
                          "throttled                                        2\n"
                          "time held                                    2.5 s\n"
                          "\n"
                          "SKU                                     allotments      consumed      allotted\n"
                          "E5\\x1b                                           1         1,200         1,000\n"
                          "EXCHANGESTANDARD                                 2           151           500\n";
    BOOST_TEST(table(80) == expected);
}

BOOST_AUTO_TEST_CASE(a_narrow_table_moves_together) {
    BOOST_TEST(table(60).ends_with("\n\n"
                                   "SKU                           allotments  consumed  allotted\n"
                                   "E5\\x1b                                 1     1,200     1,000\n"
                                   "EXCHANGESTANDARD                       2       151       500\n"));
    BOOST_TEST(table(42).ends_with("\n\n"
                                   "SKU           allotments consumed allotted\n"
                                   "E5\\x1b                 1    1,200    1,000\n"
                                   "EXCHANGEST...          2      151      500\n"));
    BOOST_TEST(table(30).ends_with("\n\n"
                                   "SKU\n"
                                   " allotments consumed allotted\n"
                                   "E5\\x1b\n"
                                   "          1    1,200    1,000\n"
                                   "EXCHANGESTANDARD\n"
                                   "          2      151      500\n"));
}

BOOST_AUTO_TEST_CASE(at_every_width_names_fit_and_numbers_are_whole) {
    for (std::size_t width = 1; width <= 200; ++width) {
        auto const text = table(width);
        for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
            auto const line = rest.substr(0, rest.find('\n'));
            // Below that the numbers and their header alone are wider.
            if (width >= 29)
                BOOST_REQUIRE_MESSAGE(columns(line) <= width, line);
        }
        for (auto const* const number : {" 1,200", " 1,000", " 1,234", " 2.5 s", " 1.5 ms", " 151", " 500"})
            BOOST_REQUIRE_MESSAGE(text.find(number) != std::string::npos, text);
    }
}

BOOST_AUTO_TEST_CASE(a_wide_table_shows_long_names) {
    auto summary = sample_summary();
    auto value = sample_allotment("p9", 1);
    std::string const name(60, 'N');
    value.sku_part_number = name;
    summary.add(make_row(9, good_item(9, assignment_ref::admin("x"), value)));
    auto const text = summary_table(summary, 10, sample_stats(), 2s, {120, false});
    BOOST_TEST(text.find('\n' + name + ' ') != std::string::npos, text);
    BOOST_TEST(
        summary_table(summary, 10, sample_stats(), 2s, {80, false}).find("NNN...") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(errors_stand_out) {
    auto const text = summary_table(sample_summary(), 10, sample_stats(), 2s, {80, true});
    BOOST_TEST(text.find("\n\x1b[31mfailed ") != std::string::npos, text);
    BOOST_TEST(text.find("\n\x1b[31minvalid_input ") != std::string::npos, text);
    BOOST_TEST(text.find("\nnot_found ") != std::string::npos, text);
    BOOST_TEST(table(80).find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(json) {
    BOOST_TEST(
        summary_json(sample_summary(), 10, sample_stats(), 2s) ==
        R"({"inputs":10,"rows":8,"ok":4,"none":1,"not_found":1,"forbidden":0,"invalid_input":1,"bad_body":0,)"
        R"("failed":1,"elapsedMs":2000.000,"latencyP50Ms":1.503,"latencyP99Ms":1.503,"requests":1234,"retries":5,)"
        R"("throttled":2,"heldMs":2500.000,"allotments":3,"skus":[)"
        R"({"sku":"E5\u001b","allotments":1,"consumed":1200,"allotted":1000},)"
        R"({"sku":"EXCHANGESTANDARD","allotments":2,"consumed":151,"allotted":500}]})");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(latency_histogram_)

BOOST_AUTO_TEST_CASE(quantiles_are_within_the_resolution) {
    latency_histogram histogram;
    BOOST_TEST(histogram.quantile(0.5).count() == 0);
    for (int milliseconds = 1; milliseconds <= 1'000; ++milliseconds)
        histogram.add(std::chrono::milliseconds(milliseconds));
    BOOST_TEST(histogram.count() == 1'000U);
    BOOST_TEST(
        static_cast<double>(histogram.quantile(0.5).count()) == 500'000.0,
        boost::test_tools::tolerance(0.032));
    BOOST_TEST(
        static_cast<double>(histogram.quantile(0.99).count()) == 990'000.0,
        boost::test_tools::tolerance(0.032));
    BOOST_TEST(histogram.quantile(1).count() >= 1'000'000);
    BOOST_TEST(histogram.quantile(0).count() >= 1'000);
}

BOOST_AUTO_TEST_CASE(each_duration_is_at_or_below_the_top_of_its_bucket) {
    for (std::int64_t microseconds = 0; microseconds < 60'000'000'000;
         microseconds = microseconds * 17 / 16 + 1) {
        latency_histogram histogram;
        histogram.add(std::chrono::microseconds(microseconds));
        auto const top = histogram.quantile(1).count();
        BOOST_REQUIRE_GE(top, microseconds);
        BOOST_REQUIRE_LE(top, microseconds + microseconds / 32 + 1);
    }
}

BOOST_AUTO_TEST_CASE(extremes_are_kept) {
    latency_histogram histogram;
    histogram.add(-1ns);
    histogram.add(std::chrono::nanoseconds::max());
    BOOST_TEST(histogram.count() == 2U);
    BOOST_TEST(histogram.quantile(0.5).count() == 0);
    BOOST_TEST(histogram.quantile(1) > 19h);
}

BOOST_AUTO_TEST_SUITE_END()
