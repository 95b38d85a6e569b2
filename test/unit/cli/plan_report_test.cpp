#include "cli/plan_report.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace allot;
using namespace std::chrono_literals;

namespace {

plan_report sample() {
    plan_report out;
    out.input = "i\x1b"
                "ds.txt";
    out.entries = 1'003;
    out.distinct = 1'001;
    out.invalid = 1;
    out.job.references = 1'000;
    return out;
}

bool has(std::string const& where, std::string const& part) {
    return where.find(part) != std::string::npos;
}

}

BOOST_AUTO_TEST_SUITE(plan_report_)

BOOST_AUTO_TEST_CASE(for_people) {
    auto const text = plan_text(sample());
    BOOST_TEST(
        text.starts_with("input i\\x1bds.txt\n"
                         "entries                                     1,003\n"
                         "invalid (never sent)                            1\n"
                         "repeats (asked once)                            2\n"
                         "assignments to ask for                      1,000\n"
                         "\n"
                         "strategy                                      get          batch\n"
                         "calls                                       1,000             50\n"
                         "requests as Graph counts them               1,000          1,000\n"
                         "resource units                              1,000          1,000\n"
                         "\n"
                         "time at\n"
                         "  S tenant: 3,500 units per 10 s               3s             3s\n"),
        text);
    BOOST_TEST(has(text, "\ncheapest: batch\n"));
    BOOST_TEST(has(text, "Microsoft publishes no limit"));
    BOOST_TEST(!has(text, "learned"));
}

BOOST_AUTO_TEST_CASE(rates_that_are_given_and_learned) {
    auto report = sample();
    report.input.reset();
    report.job.whole_tenant = true;
    report.rate = 0.5;
    report.learned = learned_rate{100, 80, 8'000, 100s, 20s};
    auto const text = plan_text(report);
    BOOST_TEST(text.starts_with("assignments (given)                         1,000\n"), text);
    BOOST_TEST(
        has(text, "\n  --rate: 0.5 requests/s                   33m20s         33m20s            20s\n"),
        text);
    BOOST_TEST(
        has(text, "\n  learned: 100.0 requests/s                   10s            10s             1s\n"),
        text);
    BOOST_TEST(
        has(text, "\n  learned, with holds: 80.0/s                 13s            13s             1s\n"),
        text);
    BOOST_TEST(
        plan_json(report) ==
        R"({"input":null,"entries":null,"distinct":null,"invalid":null,"assignments":1000,"rate":0.5,)"
        R"("learned":{"requestsPerSecond":100.0,"requestsPerSecondWithHolds":80.0,"requests":8000,)"
        R"("elapsedMs":100000,"heldMs":20000},"strategies":[)"
        R"({"strategy":"get","calls":1000,"requests":1000,"resourceUnits":1000,"seconds":{"S":2.858,"M":2.000,)"
        R"("L":1.250,"rate":2000.000,"learned":10.000,"learnedWithHolds":12.500}},)"
        R"({"strategy":"batch","calls":50,"requests":1000,"resourceUnits":1000,"seconds":{"S":2.858,"M":2.000,)"
        R"("L":1.250,"rate":2000.000,"learned":10.000,"learnedWithHolds":12.500}},)"
        R"({"strategy":"list","calls":10,"requests":10,"resourceUnits":20,"seconds":{"S":0.058,"M":0.040,)"
        R"("L":0.025,"rate":20.000,"learned":0.100,"learnedWithHolds":0.125}}],"cheapest":"list","auto":"list"})");
}

BOOST_AUTO_TEST_SUITE_END()
