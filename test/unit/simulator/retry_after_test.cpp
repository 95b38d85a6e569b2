#include "simulator/retry_after.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace allot::simulation {
namespace {

using namespace std::chrono_literals;

/// The values of the fields, with " | " between two.
std::string
written(std::string_view form, std::chrono::nanoseconds rest, std::chrono::milliseconds after = 0ms) {
    std::vector<field> fields{{"retry-after", "old"}, {"Other", "x"}};
    instant const now{{}, std::chrono::system_clock::time_point(1'774'088'225s + after)};
    set_retry_after(fields, rest, parse_retry_after_form(form).value(), now);
    std::string out;
    BOOST_TEST(fields[0].name == "Other");
    for (std::size_t at = 1; at != fields.size(); ++at) {
        BOOST_TEST(fields[at].name == "Retry-After");
        out += (out.empty() ? "" : " | ") + fields[at].value;
    }
    return fields.size() == 1 ? "none" : out;
}

BOOST_AUTO_TEST_SUITE(retry_after_suite)

BOOST_AUTO_TEST_CASE(every_form) {
    // It is Saturday, 21 March 2026, 10:17:05 GMT.
    struct {
        std::string_view form, value;
    } const cases[] = {
        {"seconds", "3"},
        {"fraction", "2.128"},
        {"date", "Sat, 21 Mar 2026 10:17:08 GMT"},
        {"rfc850", "Saturday, 21-Mar-26 10:17:08 GMT"},
        {"asctime", "Sat Mar 21 10:17:08 2026"},
        {"two_fields", "1 | 3"},
        {"negative", "-3"},
        {"exponent", "3e0"},
        {"overlong", "9999999999999999999999999999999999999999"},
        {"words", "later"},
        {"empty", ""},
        {"past_date", "Sat, 21 Mar 2026 10:16:05 GMT"},
        {"absent", "none"},
    };
    for (auto const& each : cases) {
        BOOST_TEST(written(each.form, 2'128ms) == each.value);
        BOOST_TEST(retry_after_form_names().find(each.form) != std::string_view::npos);
    }
    BOOST_TEST(!parse_retry_after_form("soon"));
}

BOOST_AUTO_TEST_CASE(never_less_than_the_rest) {
    BOOST_TEST(written("seconds", 5s) == "5");
    BOOST_TEST(written("seconds", 5s + 1ns) == "6");
    BOOST_TEST(written("seconds", 0s) == "1");
    BOOST_TEST(written("fraction", 2s + 1ns) == "2.001");
    BOOST_TEST(written("date", 2s) == "Sat, 21 Mar 2026 10:17:07 GMT");
    BOOST_TEST(written("date", 2s, 1ms) == "Sat, 21 Mar 2026 10:17:08 GMT");
}

BOOST_AUTO_TEST_CASE(asctime_pads_the_day_with_a_space) {
    std::vector<field> fields;
    set_retry_after(
        fields, 1s, retry_after_form::asctime, {{}, std::chrono::system_clock::time_point(4 * 24h)});
    BOOST_TEST(fields[0].value == "Mon Jan  5 00:00:01 1970");
}

BOOST_AUTO_TEST_SUITE_END()

}
}
