#include "simulator/throttle.hpp"

#include <boost/test/unit_test.hpp>

namespace allot::simulation {
namespace {

using namespace std::chrono_literals;

struct fixture {
    throttle::verdict at(std::chrono::milliseconds time, double units = 1) {
        return bucket.arrive(throttle::time_point() + 1h + time, units);
    }

    throttle bucket{{10, 3, 5s, 250ms}};
};

BOOST_FIXTURE_TEST_SUITE(throttle_suite, fixture)

BOOST_AUTO_TEST_CASE(a_full_bucket_holds_the_burst) {
    for (int each = 0; each != 3; ++each)
        BOOST_TEST(!at(0ms).refused);
    BOOST_TEST(at(0ms).refused);
}

BOOST_AUTO_TEST_CASE(refills_by_rate_up_to_the_burst) {
    for (int each = 0; each != 3; ++each)
        at(0ms);
    BOOST_TEST(!at(100ms).refused);
    BOOST_TEST(at(199ms).refused);

    throttle other({10, 3, 5s, 250ms});
    auto const later = throttle::time_point() + 1h;
    other.arrive(later);
    for (int each = 0; each != 3; ++each)
        BOOST_TEST(!other.arrive(later + 1h).refused);
    BOOST_TEST(other.arrive(later + 1h).refused);
}

BOOST_AUTO_TEST_CASE(a_steady_rate_below_the_limit_is_never_refused) {
    for (int each = 0; each != 1'000; ++each)
        BOOST_TEST(!at(each * 100ms).refused);
}

BOOST_AUTO_TEST_CASE(a_block_refuses_all_and_says_the_rest) {
    for (int each = 0; each != 3; ++each)
        at(0ms);
    BOOST_TEST((at(0ms).rest == 5s));
    auto const soon = at(1ms);
    BOOST_TEST(soon.refused);
    BOOST_TEST((soon.rest == 4'999ms));
    BOOST_TEST((at(250ms).rest == 4'750ms));
    BOOST_TEST(!at(5'000ms).refused);
}

BOOST_AUTO_TEST_CASE(early_begins_after_the_grace) {
    for (int each = 0; each != 4; ++each)
        at(0ms);
    BOOST_TEST(!at(1ms).early);
    BOOST_TEST(!at(250ms).early);
    BOOST_TEST(at(251ms).early);
}

BOOST_AUTO_TEST_CASE(who_waits_as_long_as_told_is_not_early) {
    for (int each = 0; each != 3; ++each)
        at(0ms);
    auto const told = at(7ms);
    BOOST_TEST(told.refused);
    auto const back = at(7ms + std::chrono::ceil<std::chrono::milliseconds>(told.rest));
    BOOST_TEST(!back.early);
    BOOST_TEST(!back.refused);
}

BOOST_AUTO_TEST_CASE(an_early_request_restarts_the_block_without_another_grace) {
    for (int each = 0; each != 4; ++each)
        at(0ms);
    auto const early = at(2'000ms);
    BOOST_TEST(early.early);
    BOOST_TEST((early.rest == 5s));
    BOOST_TEST(at(2'001ms).early);
    BOOST_TEST(at(7'000ms).refused);
    BOOST_TEST(!at(12'000ms).refused);
}

BOOST_AUTO_TEST_CASE(requests_in_the_grace_do_not_extend) {
    for (int each = 0; each != 4; ++each)
        at(0ms);
    at(200ms);
    BOOST_TEST(!at(5'000ms).refused);
}

BOOST_AUTO_TEST_CASE(requests_take_what_they_cost) {
    BOOST_TEST(!at(0ms, 2).refused);
    BOOST_TEST(at(0ms, 2).refused);
    fixture other;
    other.at(0ms, 2);
    BOOST_TEST(!other.at(0ms, 1).refused);
    fixture third;
    third.at(0ms, 2);
    third.bucket.give_back(1);
    BOOST_TEST(!third.at(0ms, 2).refused);
    third.bucket.give_back(100);
    BOOST_TEST(third.bucket.current().remaining == 3);
}

BOOST_AUTO_TEST_CASE(what_costs_more_than_the_bucket_holds_needs_it_full) {
    BOOST_TEST(!at(0ms, 5).refused);
    // Two units are owed: it takes half a second until three are there.
    BOOST_TEST(at(490ms, 5).refused);
    fixture other;
    other.at(0ms, 5);
    BOOST_TEST(!other.at(500ms, 5).refused);
}

BOOST_AUTO_TEST_CASE(usage_is_the_share_that_is_taken_or_refused) {
    auto const tolerance = boost::test_tools::tolerance(1e-9);
    BOOST_TEST(at(0ms).usage == 1.0 / 3, tolerance);
    at(0ms);
    BOOST_TEST(at(0ms).usage == 1.0, tolerance);
    BOOST_TEST(at(0ms).usage == 1.25, tolerance);
    BOOST_TEST(at(0ms).usage == 1.4, tolerance);
    BOOST_TEST(at(0ms, 1000).usage == 1.8, tolerance);
    BOOST_TEST(at(5'000ms).usage == 1.0 / 3, tolerance);
}

BOOST_AUTO_TEST_CASE(tells_what_is_left_and_until_when) {
    at(0ms);
    auto const open = bucket.current();
    BOOST_TEST(open.limit == 3);
    BOOST_TEST(open.remaining == 2);
    BOOST_TEST((open.until_full == 100ms));
    for (int each = 0; each != 3; ++each)
        at(50ms);
    BOOST_TEST((bucket.current().until_full == 5s));
    at(150ms);
    BOOST_TEST((bucket.current().until_full == 4'900ms));
}

BOOST_AUTO_TEST_CASE(budgets_change_at_their_time) {
    auto const start = throttle::time_point() + 1h;
    throttle changing({10, 10, 1s, 250ms, {{20s, 2, 2}, {40s, 10, 10}}}, start);
    auto const granted = [&](std::chrono::milliseconds from, std::chrono::milliseconds to) {
        int out = 0;
        for (auto time = from; time < to; time += 10ms)
            out += changing.arrive(start + time).refused ? 0 : 1;
        return out;
    };
    changing.arrive(start);
    BOOST_TEST(changing.current().limit == 10);
    // The bucket was full; the smaller one holds two.
    BOOST_TEST(granted(20s, 20s + 30ms) == 2);
    BOOST_TEST(changing.current().limit == 2);
    // Nine seconds of the new budget: the bucket is full, and the eleventh finds what a tenth of a second
    // brings.
    BOOST_TEST(granted(49s, 49s + 200ms) == 11);
    BOOST_TEST(changing.current().limit == 10);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
