#include "simulator/latency.hpp"

#include <boost/test/unit_test.hpp>

namespace allot::simulation {
namespace {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(latency_suite)

BOOST_AUTO_TEST_CASE(nothing_by_default) {
    latency none({}, 1);
    BOOST_TEST((none.next(0) == 0us));
    BOOST_TEST((none.next(1) == 0us));
}

BOOST_AUTO_TEST_CASE(grows_with_the_load_from_a_share_on) {
    latency grows({20ms, 0us, 120ms, 0.6}, 1);
    BOOST_TEST((grows.next(0) == 20ms));
    BOOST_TEST((grows.next(0.6) == 20ms));
    BOOST_TEST((grows.next(0.7) == 45ms));
    BOOST_TEST((grows.next(0.8) == 70ms));
    BOOST_TEST((grows.next(1) == 120ms));
    latency shrinks_not({20ms, 0us, 10ms, 0}, 1);
    BOOST_TEST((shrinks_not.next(1) == 20ms));
}

BOOST_AUTO_TEST_CASE(jitter_comes_on_top_and_by_seed) {
    latency_params const params{20ms, 10ms, {}, 0.5};
    latency one(params, 1);
    latency same(params, 1);
    latency other(params, 2);
    bool differs = false;
    auto least = 1'000'000us;
    auto most = 0us;
    for (int each = 0; each != 1'000; ++each) {
        auto const drawn = one.next(0);
        least = std::min(least, drawn);
        most = std::max(most, drawn);
        BOOST_TEST_REQUIRE((drawn == same.next(0)));
        differs = differs || drawn != other.next(0);
    }
    BOOST_TEST(differs);
    BOOST_TEST((least >= 20ms));
    BOOST_TEST((least < 21ms));
    BOOST_TEST((most > 29ms));
    BOOST_TEST((most <= 30ms));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
