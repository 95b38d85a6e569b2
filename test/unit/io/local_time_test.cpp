#include "io/local_time.hpp"
#include "scripts.hpp"

#include <ctime>

namespace allot {
namespace {
using namespace std::chrono_literals;

/// The zone of the process, for a while.
struct zone {
    explicit zone(std::string const& rule) : value("TZ", rule) { ::tzset(); }
    ~zone() { ::tzset(); }
    test::variable value;
};

std::chrono::local_seconds local(int month, int day, std::chrono::seconds time) {
    std::chrono::year_month_day const date(
        std::chrono::year(2026), std::chrono::month(unsigned(month)), std::chrono::day(unsigned(day)));
    return std::chrono::local_days(date) + time;
}

// The distance from UTC at a local time.
std::chrono::minutes distance(std::chrono::local_seconds time) {
    return std::chrono::duration_cast<std::chrono::minutes>(
        time.time_since_epoch() - to_utc(time).time_since_epoch());
}

BOOST_AUTO_TEST_SUITE(local_times)

BOOST_AUTO_TEST_CASE(zones_without_summer_time) {
    for (auto const& [rule, hours] :
         {std::pair("UTC0", 0h), std::pair("AAA-5", 5h), std::pair("BBB+11", -11h)}) {
        zone const here(rule);
        BOOST_TEST((distance(local(1, 9, 12h + 34min + 56s)) == hours), rule);
        BOOST_TEST((distance(local(12, 31, 23h + 59min + 59s)) == hours), rule);
    }
}

BOOST_AUTO_TEST_CASE(summer_time) {
    zone const here("CET-1CEST,M3.5.0,M10.5.0/3");
    BOOST_TEST((distance(local(1, 9, 12h)) == 1h));
    BOOST_TEST((distance(local(7, 9, 12h)) == 2h));
    BOOST_TEST((distance(local(3, 29, 1h + 59min)) == 1h));
    BOOST_TEST((distance(local(3, 29, 3h)) == 2h));
    // Clocks show this hour twice.
    BOOST_TEST((distance(local(10, 25, 2h + 30min)) == 2h));
    BOOST_TEST((distance(local(10, 25, 3h)) == 1h));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
