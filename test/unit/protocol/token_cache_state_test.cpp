#include "unit/protocol/token_caches.hpp"

namespace allot {
namespace {

using namespace std::chrono_literals;
using test::failed;
using test::start;
using answer = token_cache_state::answer;

struct fixture : test::token_cache_fixture {};

BOOST_FIXTURE_TEST_SUITE(token_cache_state_suite, fixture)

BOOST_AUTO_TEST_CASE(a_thousand_callers_cause_one_fetch) {
    for (int i = 0; i != 1000; ++i)
        BOOST_TEST((get(start) == answer::wait));
    BOOST_TEST(fetches == 1);
    fetched("t");
    BOOST_TEST(serves(start, "t"));
    BOOST_TEST(fetches == 1);
}

BOOST_AUTO_TEST_CASE(row_04_the_old_token_serves_while_it_is_refreshed) {
    auto const before = have("old", 100min);
    get(start + 80min - 1s);
    BOOST_TEST(fetches == 1);
    BOOST_TEST(serves(start + 80min, "old"));
    BOOST_TEST(fetches == 2);
    BOOST_TEST(serves(start + 80min + 10s, "old"));
    BOOST_TEST(fetches == 2);
    fetched("new", start + 81min);
    BOOST_TEST(serves(start + 81min, "new"));
    BOOST_TEST(last.token.generation > before);
}

BOOST_AUTO_TEST_CASE(the_old_token_serves_after_a_refresh_that_failed_which_is_tried_again_after_30_s) {
    have("old", 100min);
    get(start + 80min);
    fetch_failed(start + 80min);
    BOOST_TEST((get(start + 80min + 29s) == answer::serve));
    BOOST_TEST(fetches == 2);
    BOOST_TEST((get(start + 80min + 30s) == answer::serve));
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(a_short_life_is_not_over_before_a_failed_refresh_is_tried_again) {
    have("old", 20s);
    get(start + 16s);
    fetch_failed(start + 16s);
    get(start + 18s - 1ms);
    BOOST_TEST(fetches == 2);
    BOOST_TEST((get(start + 18s) == answer::serve));
    BOOST_TEST(fetches == 3);
    // Nor is the source asked without a pause in the last second.
    fetch_failed(start + 19s + 900ms);
    get(start + 19s + 950ms);
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(an_issuer_that_wants_a_refresh_at_once_is_asked_once_a_second) {
    get(start);
    // A credential of somebody's own, with a cache of its own.
    auto const aged = test::token("aged", start - 59min, 60min);
    state.on_fetched(*due, start, aged);
    BOOST_TEST(serves(start + 999ms, "aged"));
    BOOST_TEST(fetches == 1);
    BOOST_TEST(serves(start + 1s, "aged"));
    BOOST_TEST(fetches == 2);
    state.on_fetched(*due, start + 1s, aged);
    get(start + 1s + 999ms);
    BOOST_TEST(fetches == 2);
}

BOOST_AUTO_TEST_CASE(an_expired_token_is_not_served) {
    have("old", 60s);
    BOOST_TEST((get(start + 59s) == answer::serve));
    fetch_failed(start + 59s);
    BOOST_TEST((get(start + 60s) == answer::wait));
    BOOST_TEST(last.start.has_value());
}

BOOST_AUTO_TEST_CASE(a_cancelled_fetch_says_nothing_of_the_source) {
    get(start);
    fetch_failed(start, errc::cancelled);
    BOOST_TEST((get(start) == answer::wait));
    BOOST_TEST(fetches == 2);
    fetched("old", start, 100min);
    get(start + 80min);
    fetch_failed(start + 80min, errc::cancelled);
    BOOST_TEST((get(start + 80min) == answer::serve));
    BOOST_TEST(fetches == 4);
}

BOOST_AUTO_TEST_CASE(a_fetch_whose_driver_is_gone_is_begun_again) {
    get(start);
    auto const lost = *due;
    get(start + token_cache_state::fetch_limit - 1s);
    BOOST_TEST((last.until == start + token_cache_state::fetch_limit));
    BOOST_TEST(fetches == 1);
    BOOST_TEST((get(start + token_cache_state::fetch_limit) == answer::wait));
    BOOST_TEST(fetches == 2);
    // The lost one fails after all: nobody waits for it.
    state.on_failed(lost, start + 140s, failed(errc::token_unavailable, "late"));
    BOOST_TEST((get(start + 140s) == answer::wait));
    fetched("t", start + 140s);
    BOOST_TEST(serves(start + 140s, "t"));
    // And an older token does not take the place of a newer one.
    state.on_fetched(lost, start + 140s, test::token("late", start, 3600s));
    BOOST_TEST(serves(start + 140s, "t"));
}

BOOST_AUTO_TEST_CASE(a_token_that_comes_after_its_fetch_was_given_up_is_as_good) {
    get(start);
    auto const slow = *due;
    fetch_failed(start + 80s);
    BOOST_TEST((get(start + 81s) == answer::wait));
    state.on_fetched(slow, start + 85s, test::token("late", start, 3600s));
    BOOST_TEST(serves(start + 85s, "late"));
    // The fetch under way still brings a newer one.
    fetched("newer", start + 90s);
    BOOST_TEST(serves(start + 90s, "newer"));
    BOOST_TEST(fetches == 2);
}

BOOST_AUTO_TEST_CASE(a_late_token_is_not_taken_when_one_was_refused_since) {
    have("first", 60s);
    get(start + 50s);
    auto const slow = *due;
    fetch_failed(start + 50s);
    reject_current({}, start + 51s);
    BOOST_TEST((get(start + 52s) == answer::wait));
    state.on_fetched(slow, start + 53s, test::token("late", start + 50s, 3600s));
    BOOST_TEST((get(start + 53s) == answer::wait));
    fetched("second", start + 54s);
    BOOST_TEST(serves(start + 54s, "second"));
}

BOOST_AUTO_TEST_CASE(a_reply_holds_until_the_time_it_names) {
    have("old", 100min);
    get(start);
    BOOST_TEST((last.until == start + 80min));
    get(start + 80min);
    BOOST_TEST((last.until == start + 80min + token_cache_state::fetch_limit));
    fetch_failed(start + 81min);
    get(start + 81min);
    BOOST_TEST((last.until == start + 81min + 30s));
    get(start + 99min);
    BOOST_TEST((last.until == start + 100min));
}

BOOST_AUTO_TEST_CASE(row_05_a_rejected_token_is_fetched_again_once) {
    auto const first = have("first");
    reject(first);
    BOOST_TEST((get(start) == answer::wait));
    BOOST_TEST(fetches == 2);
    // The others whose request carried the same token come later.
    reject(first);
    get(start);
    BOOST_TEST(fetches == 2);
    fetched("second");
    reject(first);
    BOOST_TEST(serves(start, "second"));
}

BOOST_AUTO_TEST_CASE(row_05_a_storm_asks_the_source_no_more_than_every_30_s) {
    have("first");
    reject_current();
    get(start);
    fetched("second");
    reject_current();
    BOOST_TEST((get(start) == answer::fail));
    BOOST_TEST((get(start + 30s - 1ms) == answer::fail));
    BOOST_TEST((last.why->code == errc::unauthorized));
    BOOST_TEST(fetches == 2);
    BOOST_TEST((get(start + 30s) == answer::wait));
    fetched("third", start + 30s);
    reject_current({}, start + 30s);
    BOOST_TEST((get(start + 30s) == answer::fail));
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(row_05_a_token_is_fresh_when_it_was_asked_for_after_the_refusal) {
    auto const first = have("first", 100min);
    get(start + 80min);
    auto const outlook = reject(first, {}, start + 80min);
    BOOST_TEST((get(start + 80min) == answer::wait));
    fetched("asked for before", start + 80min);
    BOOST_TEST(generation(start + 80min) <= outlook.fresh_after);
    // So its refusal tells nothing yet.
    reject_current({}, start + 80min);
    BOOST_TEST((get(start + 80min) == answer::wait));
    fetched("asked for since", start + 80min);
    BOOST_TEST(generation(start + 80min) > outlook.fresh_after);
    // Whoever comes late with the first one learns the same.
    BOOST_TEST(generation(start + 80min) <= reject(first, {}, start + 80min).fresh_after);
    reject_current({}, start + 80min);
    BOOST_TEST((get(start + 80min) == answer::fail));
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(row_05_all_who_carried_the_refused_token_count_from_its_first_refusal) {
    auto const first = have("first");
    auto const outlook = reject(first);
    get(start);
    BOOST_TEST(reject(first).fresh_after == outlook.fresh_after);
    fetched("second");
    BOOST_TEST(reject(first).fresh_after == outlook.fresh_after);
    BOOST_TEST(generation() > outlook.fresh_after);
}

BOOST_AUTO_TEST_CASE(a_token_that_has_served_is_replaced_again) {
    have("first");
    reject_current();
    get(start);
    fetched("second");
    state.accept(generation());
    reject_current();
    BOOST_TEST((get(start) == answer::wait));
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(that_an_older_token_was_taken_says_nothing_of_its_successor) {
    auto const first = have("first");
    reject(first);
    get(start);
    fetched("second");
    state.accept(first);
    reject_current();
    BOOST_TEST((get(start) == answer::fail));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
