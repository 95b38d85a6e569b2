#include "audit/plan.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace allot;
using namespace std::chrono_literals;

namespace {

constexpr stored_run::time_point began{1'764'000'000s};

plan_job job(std::uint64_t references, bool select = false, bool expand = false) {
    plan_job out;
    out.references = references;
    out.select = select;
    out.expand = expand;
    return out;
}

stored_run run(std::uint64_t number) {
    stored_run out;
    out.number = number;
    out.started = began + number * 1h;
    return out;
}

run_sample sample(
    std::uint64_t number, std::chrono::milliseconds after, std::uint64_t requests,
    std::chrono::milliseconds held = 0ms) {
    run_sample out;
    out.run = number;
    out.at = began + number * 1h + after;
    out.requests = requests;
    out.held = held;
    return out;
}

}

BOOST_AUTO_TEST_SUITE(plans)

BOOST_AUTO_TEST_CASE(calls_and_units) {
    struct step {
        std::uint64_t references;
        bool select, expand;
        std::uint64_t units, batches;
    };
    for (auto const& each : std::vector<step>{
             {0, false, false, 0, 0},
             {1, false, false, 1, 1},
             {20, false, false, 20, 1},
             {21, true, false, 21, 2}, // never below 1 for each
             {10'000, false, true, 20'000, 500},
             {10'000, true, true, 10'000, 500},
         }) {
        auto const found = plan(job(each.references, each.select, each.expand));
        BOOST_REQUIRE_EQUAL(found.size(), 2U);
        BOOST_TEST((found[0].strategy == plan_strategy::get));
        BOOST_TEST(found[0].calls == each.references);
        BOOST_TEST(found[0].units == each.units);
        BOOST_TEST((found[1].strategy == plan_strategy::batch));
        BOOST_TEST(found[1].calls == each.batches);
        BOOST_TEST(found[1].requests == each.references);
        BOOST_TEST(found[1].units == each.units);
    }
}

BOOST_AUTO_TEST_CASE(a_list_has_pages) {
    auto all = job(10'001);
    all.whole_tenant = true;
    auto const found = plan(all);
    BOOST_REQUIRE_EQUAL(found.size(), 3U);
    BOOST_TEST(found[2].calls == 101U);
    BOOST_TEST(found[2].requests == 101U);
    BOOST_TEST(found[2].units == 202U);
    BOOST_TEST((cheapest(found).strategy == plan_strategy::list));
    all.page_size = 19;
    BOOST_TEST(plan(all)[2].units == 527U);
    all.page_size = 20;
    BOOST_TEST(plan(all)[2].units == 1'002U);
    all.batch_size = 7;
    BOOST_TEST(plan(all)[1].calls == 1'429U);
    all.references = 0;
    BOOST_TEST(plan(all)[2].calls == 1U);
    BOOST_TEST((cheapest(plan(all)).strategy == plan_strategy::get));
}

BOOST_AUTO_TEST_CASE(fewer_calls_decide_between_equal_units) {
    BOOST_TEST((cheapest(plan(job(100))).strategy == plan_strategy::batch));
    BOOST_TEST((cheapest(plan(job(1))).strategy == plan_strategy::get));
}

BOOST_AUTO_TEST_CASE(time_at_quotas_and_rates) {
    BOOST_TEST(time_at_quota(3'500, plan_quotas[0]).count() == 10'000);
    BOOST_TEST(time_at_quota(1'000'000, plan_quotas[1]).count() == 2'000'000);
    BOOST_TEST(time_at_quota(1, plan_quotas[2]).count() == 2); // 1.25 ms, rounded up
    BOOST_TEST(time_at_quota(0, plan_quotas[2]).count() == 0);
    BOOST_TEST(time_at_rate(1'000, 250).count() == 4'000);
    BOOST_TEST(time_at_rate(1, 0.001).count() == 1'000'000);
}

BOOST_AUTO_TEST_CASE(a_rate_is_learned_from_all_runs) {
    auto const learned = learn_rate(
        {run(1), run(2)}, {sample(1, 0s, 0), sample(1, 10s, 1'000), sample(2, 1s, 10),
                           sample(1, 20s, 3'000, 5s), sample(2, 5s, 1'000, 0s)});
    BOOST_REQUIRE(learned.has_value());
    BOOST_TEST(learned->requests == 4'000U);
    BOOST_TEST(learned->elapsed.count() == 25'000);
    BOOST_TEST(learned->held.count() == 5'000);
    BOOST_TEST(learned->outside_holds == 200);
    BOOST_TEST(learned->with_holds == 160);
}

BOOST_AUTO_TEST_CASE(runs_that_tell_nothing) {
    BOOST_TEST(!learn_rate({}, {}).has_value());
    BOOST_TEST(!learn_rate({run(1)}, {}).has_value());
    BOOST_TEST(!learn_rate({run(1)}, {sample(1, 999ms, 500)}).has_value());
    BOOST_TEST(!learn_rate({run(1)}, {sample(1, 10s, 0)}).has_value());
    BOOST_TEST(!learn_rate({run(1)}, {sample(1, 10s, 50, 10s)}).has_value());
    BOOST_TEST(!learn_rate({run(1)}, {sample(1, 10s, 50, 30s)}).has_value()); // held longer than it ran
    BOOST_TEST(!learn_rate({run(1)}, {sample(1, -5s, 50)}).has_value());      // a clock that was set back
    BOOST_TEST(!learn_rate({run(1)}, {sample(2, 10s, 50)}).has_value());      // of a run that is not there
    // One of several does not count.
    BOOST_TEST(learn_rate({run(1), run(2)}, {sample(1, -5s, 50), sample(2, 2s, 50)})->with_holds == 25);
}

BOOST_AUTO_TEST_SUITE_END()
