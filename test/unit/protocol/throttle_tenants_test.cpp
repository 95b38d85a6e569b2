#include "modelled_tenant.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

// The gate against modelled tenants, in simulated time.

namespace {

using namespace std::chrono_literals;
using namespace allot::test;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::size_t callers = 256;
constexpr auto all_slowness = {slowness::none, slowness::with_rate, slowness::with_emptiness};

/// Units a second that the callers can use: each answer takes its time.
double usable(tenant_params const& params) {
    constexpr double mean_jitter = 1.05;
    auto latency = std::chrono::duration<double>(params.latency).count() * mean_jitter;
    auto most = callers / latency * params.cost;
    if (params.slows == slowness::with_rate)
        most /= 1 + std::min(1.0, most / 1.25 / params.per_second) / 2;
    return std::min(params.per_second, most);
}

std::vector<tenant_params> judged_tenants() {
    std::vector<tenant_params> all;
    for (double const per_second : {50, 350, 800, 5'000})
        for (auto const latency : {20ms, 150ms})
            for (auto const slows : all_slowness)
                all.push_back({.per_second = per_second, .latency = latency, .slows = slows});
    return all;
}

/// The time of calls that are all sent at once.
nanoseconds unpaced(tenant_params const& params, std::size_t calls) {
    modelled_tenant tenant(params);
    modelled_tenant::time_point const start{1h};
    std::vector<modelled_tenant::time_point> arrivals(calls);
    std::generate(arrivals.begin(), arrivals.end(), [&] { return start + tenant.one_way(); });
    std::sort(arrivals.begin(), arrivals.end());
    auto end = start;
    for (auto const at : arrivals) {
        tenant.arrive(at, false);
        end = std::max(end, at + tenant.one_way());
    }
    return end - start;
}

double part_refused(simulated_job const& job) {
    return static_cast<double>(job.refused()) / static_cast<double>(job.requests());
}

}

BOOST_AUTO_TEST_SUITE(throttle_tenants)

BOOST_AUTO_TEST_CASE(the_budget_is_used_and_hardly_anything_refused) {
    for (auto const& params : judged_tenants()) {
        simulated_job job(params, callers);
        job.run(60s);
        BOOST_TEST_CONTEXT(params) {
            BOOST_TEST(job.granted(10s, 60s) >= 0.9 * 50 * usable(params));
            BOOST_TEST(part_refused(job) < 0.01);
            BOOST_TEST(job.early() == 0u);
        }
    }
}

BOOST_AUTO_TEST_CASE(shown_load_is_heeded_and_costs_nothing) {
    for (double const per_second : {50, 350, 800, 5'000})
        for (auto const latency : {20ms, 150ms}) {
            tenant_params const params{.per_second = per_second, .latency = latency, .shows_load = true};
            simulated_job steady(params, callers);
            steady.run(60s);
            simulated_job cut(params, callers);
            cut.change_rate(60s, per_second / 3);
            cut.change_rate(80s, per_second);
            cut.run(105s);
            BOOST_TEST_CONTEXT(params) {
                BOOST_TEST(steady.granted(10s, 60s) >= 0.9 * 50 * usable(params));
                BOOST_TEST(part_refused(steady) < 0.005);
                BOOST_TEST(cut.granted(95s, 105s) >= 0.9 * 10 * usable(params));
                BOOST_TEST(part_refused(cut) < 0.01);
            }
        }
}

BOOST_AUTO_TEST_CASE(a_tenant_far_away_is_used_too) {
    for (double const per_second : {50, 350, 800, 5'000})
        for (auto const latency : {300ms, 500ms, 800ms}) {
            tenant_params const params{.per_second = per_second, .latency = latency};
            simulated_job job(params, callers);
            job.run(60s);
            BOOST_TEST_CONTEXT(params) {
                BOOST_TEST(job.granted(10s, 60s) >= 0.8 * 50 * usable(params));
                // All that is under way when it begins: with so long answers that is more.
                BOOST_TEST(part_refused(job) < 0.03);
                BOOST_TEST(job.early() == 0u);
            }
        }
}

BOOST_AUTO_TEST_CASE(a_small_job_is_as_fast_as_without_a_gate) {
    for (auto const& params : judged_tenants()) {
        simulated_job job(params, callers);
        job.run(60s, 50);
        BOOST_TEST_CONTEXT(params)
        BOOST_TEST((job.duration() < unpaced(params, 50) * 12 / 10));
    }
}

BOOST_AUTO_TEST_CASE(a_budget_that_comes_back_is_used_again_within_15_seconds) {
    for (auto params : judged_tenants()) {
        for (auto const cut : {60s, 66s, 72s}) {
            simulated_job job(params, callers);
            job.change_rate(cut, params.per_second / 3);
            job.change_rate(cut + 20s, params.per_second);
            job.run(cut + 45s);
            BOOST_TEST_CONTEXT(params << ", cut at " << cut.count()) {
                BOOST_TEST(job.granted(cut + 35s, cut + 45s) >= 0.9 * 10 * usable(params));
                BOOST_TEST(part_refused(job) < 0.02);
                BOOST_TEST(job.early() == 0u);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_budget_that_stays_smaller_is_kept_to) {
    for (double const per_second : {50, 800}) {
        tenant_params const params{.per_second = per_second, .latency = 150ms};
        simulated_job job(params, callers);
        job.change_rate(60s, per_second / 3);
        job.run(600s);
        BOOST_TEST_CONTEXT(params) {
            BOOST_TEST(job.granted(180s, 600s) >= 0.9 * 420 * per_second / 3);
            BOOST_TEST(part_refused(job) < 0.01);
            BOOST_TEST(job.early() == 0u);
        }
    }
}

// Whatever Graph may do for an API whose limits it does not document.
BOOST_AUTO_TEST_CASE(budgets_outside_the_documented_ones_are_found_and_used) {
    for (double const burst : {0.5, 1.0, 4.0})
        for (double const per_second : {50, 600})
            for (auto const latency : {20ms, 150ms}) {
                tenant_params const params{
                    .per_second = per_second, .latency = latency, .burst_seconds = burst};
                simulated_job job(params, callers);
                job.run(400s);
                BOOST_TEST_CONTEXT(params) {
                    BOOST_TEST(job.granted(120s, 400s) >= 0.7 * 280 * usable(params));
                    BOOST_TEST(part_refused(job) < 0.03);
                    BOOST_TEST(job.early() == 0u);
                }
            }
}

BOOST_AUTO_TEST_CASE(a_bucket_that_others_have_emptied_is_no_small_budget_for_long) {
    for (double const per_second : {50, 350, 800})
        for (auto const latency : {20ms, 150ms})
            for (double const full : {0.02, 0.1, 0.3}) {
                tenant_params const params{.per_second = per_second, .latency = latency, .full = full};
                simulated_job job(params, callers);
                job.run(120s);
                BOOST_TEST_CONTEXT(params << ", full " << full)
                BOOST_TEST(job.granted(60s, 120s) >= 0.7 * 60 * per_second);
            }
}

BOOST_AUTO_TEST_CASE(calls_that_cost_more_are_paced_by_their_cost) {
    for (auto const latency : {20ms, 150ms}) {
        tenant_params const params{.per_second = 800, .latency = latency, .cost = 3};
        simulated_job job(params, callers);
        job.run(60s);
        BOOST_TEST(job.granted(10s, 60s) >= 0.9 * 50 * params.per_second);
        BOOST_TEST(part_refused(job) < 0.02);
    }
}

BOOST_AUTO_TEST_CASE(nobody_knocks_early_or_is_forgotten_whatever_the_server) {
    unsigned seed = 0;
    for (double const per_second : {0.7, 5.0, 60.0})
        for (double const burst : {1.0, 4.0, 10.0, 30.0})
            for (auto const retry_after : {1s, 7s, 40s})
                for (double const cost : {0.5, 1.0, 4.0}) {
                    tenant_params const params{
                        .per_second = per_second,
                        .latency = 60ms,
                        .slows = slowness::with_emptiness,
                        .burst_seconds = burst + cost / per_second,
                        .retry_after = retry_after,
                        .cost = cost,
                        .seed = ++seed};
                    simulated_job job(params, 20);
                    auto const calls = static_cast<std::size_t>(per_second * 60 / cost) + 20;
                    job.run(24h, calls);
                    BOOST_TEST_CONTEXT(params) {
                        BOOST_TEST((job.duration() < 2h));
                        BOOST_TEST(job.early() == 0u);
                        BOOST_TEST(job.cuts_twice() == 0u);
                    }
                }
}

BOOST_AUTO_TEST_CASE(a_tenant_without_bounds_gets_all_callers) {
    simulated_job job({.per_second = 1e7, .latency = 20ms}, callers);
    job.run(10s);
    BOOST_TEST(job.refused() == 0u);
    BOOST_TEST(job.granted(9s, 10s) > 0.95 * callers / 0.021);
    BOOST_TEST(!job.gate().rate(modelled_tenant::time_point{1h + 10s}).has_value());
}

BOOST_AUTO_TEST_CASE(the_same_seed_is_the_same_run) {
    tenant_params const params{.per_second = 350, .seed = 7};
    simulated_job one(params, callers);
    simulated_job two(params, callers);
    one.run(20s);
    two.run(20s);
    BOOST_TEST(one.requests() == two.requests());
    BOOST_TEST(one.granted(0s, 20s) == two.granted(0s, 20s));
}

BOOST_AUTO_TEST_SUITE_END()
