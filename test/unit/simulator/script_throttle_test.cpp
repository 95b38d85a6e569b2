#include "simulator/script.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace allot::simulation {
namespace {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(script_throttle)

BOOST_AUTO_TEST_CASE(buckets_of_the_documented_sizes) {
    struct {
        std::string_view members;
        double per_second, burst;
    } const cases[] = {
        {R"("tenant": "S")", 350, 3'500},
        {R"("tenant": "M")", 500, 5'000},
        {R"("tenant": "L")", 800, 8'000},
        {R"("tenant": "S", "burst": 20)", 350, 20},
        {R"("per_second": 30, "burst_s": 10)", 30, 300},
        {R"("per_second": 30, "burst_s": 0)", 30, 1},
    };
    for (auto const& each : cases)
        BOOST_TEST_CONTEXT(each.members) {
            auto const made =
                parse_script(R"({"throttle": {)" + std::string(each.members) + "}}").value().throttle;
            BOOST_TEST(made->per_second == each.per_second);
            BOOST_TEST(made->burst == each.burst);
        }
}

BOOST_AUTO_TEST_CASE(budgets_and_costs_and_hints) {
    auto const made = parse_script(R"({"throttle": {
        "per_second": 300, "burst": 600, "retry_after_form": ["rfc850", "absent"], "limit_percentage": false,
        "rate_limit": true, "cost": {"get": 2, "list": 3, "batch": 1, "select": 0, "expand": -2, "top": 4, "refused": 5},
        "changes": [{"after_s": 20, "per_second": 100}, {"after_s": 20.5, "per_second": 50, "burst": 7},
                    {"after_s": 40, "per_second": 300, "burst_s": 3}]}})")
                          .value();
    auto const& changes = made.throttle->changes;
    BOOST_TEST_REQUIRE(changes.size() == 3u);
    BOOST_TEST((changes[0].after == 20s));
    BOOST_TEST(changes[0].per_second == 100);
    BOOST_TEST(changes[0].burst == 200);
    BOOST_TEST((changes[1].after == 20'500ms));
    BOOST_TEST(changes[1].burst == 7);
    BOOST_TEST(changes[2].burst == 900);
    BOOST_TEST(made.costs.get == 2);
    BOOST_TEST(made.costs.list == 3);
    BOOST_TEST(made.costs.batch == 1);
    BOOST_TEST(made.costs.select == 0);
    BOOST_TEST(made.costs.expand == -2);
    BOOST_TEST(made.costs.top == 4);
    BOOST_TEST(made.costs.refused == 5);
    BOOST_TEST((made.hints.forms == std::vector{retry_after_form::rfc850, retry_after_form::absent}));
    BOOST_TEST(!made.hints.limit_percentage);
    BOOST_TEST(made.hints.rate_limit);
    BOOST_TEST(parse_script("{}").value().hints.limit_percentage);
    BOOST_TEST(!parse_script("{}").value().hints.rate_limit);
}

BOOST_AUTO_TEST_CASE(latency_is_a_number_or_an_object) {
    auto const plain = parse_script(R"({"latency_ms": 20.5})").value().answers_after;
    BOOST_TEST((plain.base == 20'500us));
    BOOST_TEST((plain.jitter == 0us));
    auto const all = parse_script(R"({"latency_ms": {"base": 20, "jitter": 4, "loaded": 900, "from": 0.25}})")
                         .value()
                         .answers_after;
    BOOST_TEST((all.base == 20ms));
    BOOST_TEST((all.jitter == 4ms));
    BOOST_TEST((all.loaded == 900ms));
    BOOST_TEST(all.from == 0.25);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
