#include "unit/protocol/token_caches.hpp"

namespace allot {
namespace {

using namespace std::chrono_literals;
using test::start;
using answer = token_cache_state::answer;

struct fixture : test::token_cache_fixture {};

BOOST_FIXTURE_TEST_SUITE(token_cache_outages, fixture)

BOOST_AUTO_TEST_CASE(without_a_token_before_a_failure_is_told_to_all_and_not_repeated_for_a_second) {
    for (bool const lasting : {true, false}) {
        state = {};
        fetches = 0;
        get(start);
        lasting ? fetch_failed(start) : fetch_failed_for_now(start);
        BOOST_TEST((get(start + 999ms) == answer::fail));
        BOOST_TEST(last.why->message == (lasting ? "refused" : "503"));
        BOOST_TEST(fetches == 1);
        BOOST_TEST((get(start + 1s) == answer::wait));
        BOOST_TEST(!last.why);
        BOOST_TEST(fetches == 2);
    }
}

BOOST_AUTO_TEST_CASE(an_outage_is_waited_for_and_asked_about_ever_less_often) {
    have("old", 60s);
    auto now = start + 60s;
    for (auto const hold : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
        BOOST_TEST((get(now) == answer::wait));
        BOOST_TEST(last.start.has_value());
        fetch_failed_for_now(now);
        BOOST_TEST((get(now) == answer::hold));
        BOOST_TEST((last.until == now + hold));
        BOOST_TEST(last.why->message == "503");
        now += hold;
        BOOST_TEST((get(now - 1ms) == answer::hold));
    }
    BOOST_TEST(fetches == 8);
    get(now);
    BOOST_TEST(last.why->message == "503");
    fetched("new", now, 60s);
    BOOST_TEST(serves(now, "new"));
    // The next outage begins anew.
    BOOST_TEST((get(now + 60s) == answer::wait));
    BOOST_TEST(!last.why);
    fetch_failed_for_now(now + 60s);
    get(now + 60s);
    BOOST_TEST((last.until == now + 61s));
}

BOOST_AUTO_TEST_CASE(a_failed_early_refresh_does_not_lengthen_the_wait_after_the_end) {
    have("old", 60s);
    get(start + 48s);
    fetch_failed_for_now(start + 48s);
    get(start + 54s);
    fetch_failed_for_now(start + 59s + 500ms);
    // The hold of a second goes on.
    BOOST_TEST((get(start + 60s) == answer::hold));
    BOOST_TEST((last.until == start + 60s + 500ms));
    BOOST_TEST((get(start + 60s + 500ms) == answer::wait));
    fetch_failed_for_now(start + 61s);
    get(start + 61s);
    BOOST_TEST((last.until == start + 62s));
}

BOOST_AUTO_TEST_CASE(the_sources_hint_is_a_floor) {
    have("old", 60s);
    get(start + 60s);
    fetch_failed_for_now(start + 60s, 45s);
    get(start + 60s);
    BOOST_TEST((last.until == start + 105s));
    get(start + 105s);
    fetch_failed_for_now(start + 105s, 500ms);
    get(start + 105s);
    BOOST_TEST((last.until == start + 107s));
}

BOOST_AUTO_TEST_CASE(an_early_refresh_keeps_to_the_hint_too) {
    have("old", 100min);
    get(start + 80min);
    fetch_failed_for_now(start + 80min, 5min);
    BOOST_TEST((get(start + 85min - 1ms) == answer::serve));
    BOOST_TEST(fetches == 2);
    get(start + 85min);
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(an_outage_after_a_refusal_is_waited_for) {
    have("old");
    reject_current();
    get(start);
    fetch_failed_for_now(start);
    BOOST_TEST((get(start) == answer::hold));
}

BOOST_AUTO_TEST_CASE(what_cannot_pass_is_told_at_once) {
    have("old", 60s);
    get(start + 60s);
    fetch_failed_for_now(start + 60s);
    BOOST_TEST((get(start + 60s) == answer::hold));
    get(start + 61s);
    fetch_failed(start + 61s);
    BOOST_TEST((get(start + 61s) == answer::fail));
    BOOST_TEST(last.why->message == "refused");
}

BOOST_AUTO_TEST_CASE(a_storm_is_no_outage) {
    have("first");
    reject_current();
    get(start);
    fetch_failed_for_now(start);
    get(start + 1s);
    fetched("second", start + 1s);
    get(start + 1h);
    fetch_failed_for_now(start + 1h);
    reject_current({}, start + 1h);
    BOOST_TEST((get(start + 1h) == answer::fail));
    BOOST_TEST(last.why->message == "storm");
}

BOOST_AUTO_TEST_SUITE_END()

}
}
