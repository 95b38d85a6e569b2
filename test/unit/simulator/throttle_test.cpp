#include "simulator/throttle.hpp"

#include <boost/test/unit_test.hpp>

namespace allot::simulation {
namespace {

using namespace std::chrono_literals;

struct fixture {
    throttle::verdict at(std::chrono::milliseconds time) {
        return bucket.arrive(throttle::time_point() + 1h + time);
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

BOOST_AUTO_TEST_CASE(a_block_refuses_all_and_says_the_rest_rounded_up) {
    for (int each = 0; each != 3; ++each)
        at(0ms);
    BOOST_TEST(at(0ms).retry_after.count() == 5);
    auto const soon = at(1ms);
    BOOST_TEST(soon.refused);
    BOOST_TEST(soon.retry_after.count() == 5);
    BOOST_TEST(at(250ms).retry_after.count() == 5);
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
    auto const back = at(7ms + told.retry_after);
    BOOST_TEST(!back.early);
    BOOST_TEST(!back.refused);
}

BOOST_AUTO_TEST_CASE(an_early_request_restarts_the_block_without_another_grace) {
    for (int each = 0; each != 4; ++each)
        at(0ms);
    auto const early = at(2'000ms);
    BOOST_TEST(early.early);
    BOOST_TEST(early.retry_after.count() == 5);
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

BOOST_AUTO_TEST_SUITE_END()

}
}
