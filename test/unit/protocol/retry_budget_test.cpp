#include "protocol/retry_budget.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <random>
#include <vector>

namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using allot::retry_budget;
using time_point = retry_budget::time_point;

time_point const start{1h};
constexpr auto tick = 10ms;
constexpr std::size_t hour_of_ticks = 1h / tick;
constexpr std::size_t window_of_ticks = 60s / tick;

// What one tick of load asks for: new requests, and whether one more retry is wanted (asked until refused).
struct load {
    std::function<int(std::size_t tick)> requests;
    std::function<bool(std::size_t tick)> wants_retry;
};

struct outcome {
    double requests = 0;
    double retries = 0;
    double worst_excess = 0; // over all windows: retries less 20 % of requests
};

outcome run_hour(load const& what) {
    retry_budget budget(start);
    std::vector<double> requests(hour_of_ticks + 1), retries(hour_of_ticks + 1); // sums of the ticks before
    for (std::size_t at = 0; at != hour_of_ticks; ++at) {
        auto const now = start + at * tick;
        int const arriving = what.requests(at);
        for (int request = 0; request != arriving; ++request)
            budget.on_request(now);
        int taken = 0;
        while (what.wants_retry(at) && budget.try_take(now))
            ++taken;
        requests[at + 1] = requests[at] + arriving;
        retries[at + 1] = retries[at] + taken;
    }
    outcome result{requests.back(), retries.back(), 0};
    for (std::size_t end = window_of_ticks; end <= hour_of_ticks; ++end) {
        auto const begin = end - window_of_ticks;
        result.worst_excess = std::max(
            result.worst_excess, retries[end] - retries[begin] - 0.2 * (requests[end] - requests[begin]));
    }
    return result;
}

bool always(std::size_t) {
    return true;
}

}

BOOST_AUTO_TEST_SUITE(retry_budget_machine)

BOOST_AUTO_TEST_CASE(it_starts_full_and_refuses_when_empty) {
    retry_budget budget(start);
    for (int retry = 0; retry != 30; ++retry)
        BOOST_TEST(budget.try_take(start));
    BOOST_TEST(!budget.try_take(start));
    BOOST_TEST(!budget.try_take(start));
}

BOOST_AUTO_TEST_CASE(five_requests_pay_for_one_retry) {
    retry_budget budget(start);
    while (budget.try_take(start))
        ;
    for (int request = 0; request != 4; ++request)
        budget.on_request(start);
    BOOST_TEST(!budget.try_take(start));
    budget.on_request(start);
    BOOST_TEST(budget.try_take(start));
    BOOST_TEST(!budget.try_take(start));
}

BOOST_AUTO_TEST_CASE(the_next_token_is_there_when_promised) {
    retry_budget budget(start);
    BOOST_TEST((budget.next_at(start) == start));
    while (budget.try_take(start))
        ;
    auto now = start;
    for (int retry = 0; retry != 100; ++retry) {
        auto const next = budget.next_at(now);
        BOOST_TEST((next > now));
        BOOST_TEST((next <= now + 223ms));
        // Looking in between must not delay it.
        for (auto at = now; at < next; at += 7'654'321ns)
            BOOST_TEST(!budget.try_take(at));
        BOOST_TEST(!budget.try_take(next - 1ns));
        BOOST_TEST(budget.try_take(next));
        now = next;
    }
    BOOST_TEST((now - start <= 100 * 223ms));
    BOOST_TEST((now - start >= 100 * 222ms));
}

BOOST_AUTO_TEST_CASE(a_request_brings_the_next_token_forward) {
    retry_budget budget(start);
    while (budget.try_take(start))
        ;
    auto const before = budget.next_at(start);
    budget.on_request(start);
    BOOST_TEST((budget.next_at(start) < before));
}

BOOST_AUTO_TEST_CASE(it_never_holds_more_than_its_capacity) {
    retry_budget budget(start);
    auto const later = start + 24h * 365 * 100;
    for (int request = 0; request != 100'000; ++request)
        budget.on_request(later);
    auto const take_all = [&budget](retry_budget::time_point now) {
        int taken = 0;
        while (budget.try_take(now))
            ++taken;
        return taken;
    };
    BOOST_TEST(take_all(later) == 30);
    // Nor less, when time alone fills it.
    BOOST_TEST(take_all(later + 24h) == 30);
}

BOOST_AUTO_TEST_CASE(row_10_an_hour_in_which_everything_fails) {
    for (int const per_tick : {0, 1, 10, 160}) {
        auto const result = run_hour({[per_tick](std::size_t) { return per_tick; }, always});
        BOOST_TEST(result.worst_excess <= 300);
        // Nor may it hold back what is allowed: all that comes in between two ticks, up to the capacity.
        BOOST_TEST(result.retries >= std::min(0.2 * per_tick + 0.0449, 30.0) * hour_of_ticks);
    }
}

BOOST_AUTO_TEST_CASE(row_10_an_hour_of_random_load_and_failures) {
    for (unsigned const seed : {1u, 2u, 3u}) {
        std::mt19937_64 random(seed);
        auto const draw = [&random] { return std::uniform_real_distribution<>(0, 1)(random); };
        // Load and failures change at random moments, with idle stretches that fill the bucket, so that
        // windows begin and end anywhere.
        double rate = 0;
        double failing = 0;
        auto const requests = [&](std::size_t) {
            if (draw() < 0.0005) {
                rate = draw() < 0.3 ? 0 : draw() * 20;
                failing = draw() < 0.3 ? 0 : draw() < 0.5 ? 1 : draw();
            }
            return static_cast<int>(rate + draw());
        };
        auto const wants_retry = [&](std::size_t) { return draw() < failing; };
        auto const result = run_hour({requests, wants_retry});
        BOOST_TEST(result.requests > 100'000);
        BOOST_TEST(result.worst_excess <= 300);
        BOOST_TEST(result.worst_excess > 150);
    }
}

BOOST_AUTO_TEST_CASE(row_10_a_burst_after_idleness_stays_within_the_minute) {
    auto const burst = [](std::size_t at) { return at >= window_of_ticks; };
    auto const result = run_hour({[](std::size_t) { return 0; }, burst});
    BOOST_TEST(result.worst_excess <= 300);
    BOOST_TEST(result.worst_excess >= 299);
}

BOOST_AUTO_TEST_SUITE_END()
