#include "client/strategy.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>

namespace allot {
namespace {
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(strategies)

BOOST_AUTO_TEST_CASE(what_is_chosen) {
    constexpr auto unknown = std::nullopt;
    struct line {
        std::optional<std::uint64_t> count;
        std::size_t connections;
        std::optional<std::chrono::nanoseconds> answer_time;
        std::optional<double> rate;
        std::optional<batch_strategy> expected;
    };
    line const table[] = {
        // One round trip brings all, whatever it takes.
        {1, 64, unknown, unknown, batch_strategy::get},
        {64, 64, 10s, unknown, batch_strategy::get},
        {65, 64, unknown, unknown, std::nullopt},
        {unknown, 64, unknown, unknown, std::nullopt},
        // 64 connections bring 1,200 allotments a second while answers take up to 53.3 ms.
        {1'000'000, 64, 53ms, unknown, batch_strategy::get},
        {1'000'000, 64, 54ms, unknown, batch_strategy::batch},
        {unknown, 64, 54ms, unknown, batch_strategy::batch},
        {unknown, 64, 0ns, unknown, batch_strategy::get},
        // Fewer are enough where no more may be asked for, or more are wanted where more may.
        {10'000, 64, 180ms, 350.0, batch_strategy::get},
        {10'000, 64, 190ms, 350.0, batch_strategy::batch},
        {10'000, 64, 30ms, 3'000.0, batch_strategy::batch},
        {10'000, 4, 20ms, unknown, batch_strategy::batch},
        {10'000, 4, 20ms, 100.0, batch_strategy::get},
        {10'000, 256, 200ms, unknown, batch_strategy::get},
    };
    for (auto const& each : table) {
        auto const choice = choose_strategy({each.count, each.connections, each.answer_time, each.rate});
        BOOST_TEST(choice.has_value() == each.expected.has_value());
        if (choice && each.expected)
            BOOST_TEST(to_string(choice->strategy) == to_string(*each.expected), choice->reason);
    }
}

BOOST_AUTO_TEST_CASE(why) {
    BOOST_TEST(
        choose_strategy({20'000, 64, 9'460us, std::nullopt})->reason ==
        "64 connections and answers in 9.5 ms allow for 6765 requests/s, not fewer than the 1200 that Graph "
        "is "
        "taken to grant");
    BOOST_TEST(
        choose_strategy({20'000, 8, 100ms, 350.0})->reason ==
        "8 connections and answers in 100 ms allow for 80 requests/s, fewer than the 350");
}

BOOST_AUTO_TEST_SUITE_END()

}
}
