#include "io/issued_token.hpp"

#include <boost/test/unit_test.hpp>

namespace allot {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::steady_clock::time_point asked_at{1'000s};
constexpr std::chrono::system_clock::time_point now{1'767'272'400s};

token_answer answer() {
    token_answer out;
    out.access_token = "t";
    return out;
}

access_token issued(token_answer from, std::optional<std::chrono::seconds> offset = {}) {
    return issued_token(std::move(from), asked_at, now, offset);
}

BOOST_AUTO_TEST_SUITE(issued_token_suite)

BOOST_AUTO_TEST_CASE(a_life_begins_when_the_token_was_asked_for) {
    auto from = answer();
    from.expires_in = 3599s;
    from.refresh_in = 1800s;
    auto const token = issued(std::move(from), -3s);
    BOOST_TEST(token.value.reveal() == "t");
    BOOST_TEST((token.acquired_at == asked_at));
    BOOST_TEST((token.expires_at == asked_at + 3599s));
    BOOST_TEST((token.refresh_at == asked_at + 1800s));
    BOOST_TEST((token.clock_offset == -3s));
}

BOOST_AUTO_TEST_CASE(row_21_an_end_is_by_the_issuers_clock) {
    auto from = answer();
    from.expires_on = std::chrono::sys_seconds(1'767'276'000s);
    BOOST_TEST((issued(from).expires_at == asked_at + 3600s));
    BOOST_TEST((issued(from, 10min).expires_at == asked_at + 50min));
    BOOST_TEST((issued(from, -1h).expires_at == asked_at + 2h));
    // It has passed: nothing is left.
    BOOST_TEST((issued(from, 2h).expires_at == asked_at));
}

BOOST_AUTO_TEST_CASE(a_life_beyond_what_a_clock_can_hold_is_cut) {
    auto from = answer();
    from.expires_in = std::chrono::seconds(9'223'372'036);
    from.refresh_in = std::chrono::seconds(9'223'372'036);
    auto const token = issued(std::move(from));
    BOOST_TEST((token.expires_at > asked_at + 24h * 3650));
    BOOST_TEST((token.expires_at < asked_at + 24h * 3655));
    BOOST_TEST((token.refresh_at == token.expires_at));
}

BOOST_AUTO_TEST_CASE(a_life_that_is_not_told_is_not_known) {
    auto const token = issued(answer());
    BOOST_TEST((token.expires_at == std::chrono::steady_clock::time_point::max()));
    BOOST_TEST(!token.refresh_at);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
