#include "protocol/token_cache_state.hpp"

#include <boost/test/unit_test.hpp>

namespace allot {
namespace {

using namespace std::chrono_literals;
using answer = token_cache_state::answer;
constexpr token_cache_state::time_point start{1'000s};
constexpr auto claims = R"({"access_token":{"nbf":{"essential":true,"value":"1726258122"}}})";

access_token token(
    std::string text, token_cache_state::time_point acquired, std::chrono::seconds life,
    std::optional<token_cache_state::time_point> refresh = {}) {
    return access_token(secret(std::move(text)), acquired, acquired + life, refresh);
}

failure failed(errc code, std::string message) {
    failure made;
    made.code = code;
    made.message = std::move(message);
    return made;
}

/// The state, and a driver that keeps what it is told to fetch.
struct fixture {
    token_cache_state state;
    std::optional<token_cache_state::fetch> due;
    int fetches = 0;

    token_cache_state::decision get(token_cache_state::time_point now) {
        auto decision = state.on_get(now);
        if (decision.start) {
            due = decision.start;
            ++fetches;
        }
        return decision;
    }
    void fetched(access_token value) { state.on_fetched(due->id, std::move(value)); }
    void fetch_failed(token_cache_state::time_point now, errc code = errc::token_unavailable) {
        state.on_failed(due->id, now, failed(code, "refused"));
    }
    /// From nothing to a token that was acquired at `at`.
    void have(std::string text, std::chrono::seconds life, token_cache_state::time_point at = start) {
        get(at);
        fetched(token(std::move(text), at, life));
    }
    void reject(token_cache_state::time_point now = start, std::string challenge = {}) {
        state.reject(
            state.current().generation, std::move(challenge), now, failed(errc::unauthorized, "storm"));
    }
    std::string text() const { return std::string(state.current().token->value.reveal()); }
};

BOOST_FIXTURE_TEST_SUITE(token_cache_state_suite, fixture)

BOOST_AUTO_TEST_CASE(a_thousand_callers_cause_one_fetch) {
    for (int i = 0; i != 1000; ++i)
        BOOST_TEST((get(start).reply == answer::wait));
    BOOST_TEST(fetches == 1);
    fetched(token("t", start, 3600s));
    BOOST_TEST((get(start).reply == answer::serve));
    BOOST_TEST(fetches == 1);
    BOOST_TEST(text() == "t");
}

BOOST_AUTO_TEST_CASE(row_04_the_old_token_serves_while_it_is_refreshed) {
    have("old", 100min);
    get(start + 80min - 1s);
    BOOST_TEST(fetches == 1);
    BOOST_TEST((get(start + 80min).reply == answer::serve));
    BOOST_TEST(fetches == 2);
    BOOST_TEST((get(start + 80min + 10s).reply == answer::serve));
    BOOST_TEST(fetches == 2);
    BOOST_TEST(text() == "old");
    auto const before = state.current().generation;
    fetched(token("new", start + 81min, 100min));
    BOOST_TEST(text() == "new");
    BOOST_TEST(state.current().generation != before);
}

BOOST_AUTO_TEST_CASE(the_old_token_serves_after_a_refresh_that_failed_which_is_tried_again_after_30_s) {
    have("old", 100min);
    get(start + 80min);
    fetch_failed(start + 80min);
    BOOST_TEST((get(start + 80min + 29s).reply == answer::serve));
    BOOST_TEST(fetches == 2);
    BOOST_TEST((get(start + 80min + 30s).reply == answer::serve));
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(a_short_life_is_not_over_before_a_failed_refresh_is_tried_again) {
    have("old", 20s);
    get(start + 16s);
    fetch_failed(start + 16s);
    get(start + 18s - 1ms);
    BOOST_TEST(fetches == 2);
    BOOST_TEST((get(start + 18s).reply == answer::serve));
    BOOST_TEST(fetches == 3);
    // Nor is the source asked without a pause in the last second.
    fetch_failed(start + 19s + 900ms);
    get(start + 19s + 950ms);
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(an_expired_token_is_not_served) {
    have("old", 60s);
    BOOST_TEST((get(start + 59s).reply == answer::serve));
    fetch_failed(start + 59s);
    auto const decision = get(start + 60s);
    BOOST_TEST((decision.reply == answer::wait && decision.start));
}

BOOST_AUTO_TEST_CASE(a_failed_fetch_is_told_to_all_and_not_repeated_for_a_second) {
    get(start);
    fetch_failed(start);
    BOOST_TEST((get(start + 999ms).reply == answer::fail));
    BOOST_TEST(state.last_failure().message == "refused");
    BOOST_TEST(fetches == 1);
    BOOST_TEST((get(start + 1s).reply == answer::wait));
    BOOST_TEST(fetches == 2);
}

BOOST_AUTO_TEST_CASE(a_cancelled_fetch_says_nothing_of_the_source) {
    get(start);
    fetch_failed(start, errc::cancelled);
    BOOST_TEST((get(start).reply == answer::wait));
    BOOST_TEST(fetches == 2);
    fetched(token("old", start, 100min));
    get(start + 80min);
    fetch_failed(start + 80min, errc::cancelled);
    BOOST_TEST((get(start + 80min).reply == answer::serve));
    BOOST_TEST(fetches == 4);
}

BOOST_AUTO_TEST_CASE(a_fetch_whose_driver_is_gone_is_begun_again) {
    get(start);
    auto const lost = *due;
    BOOST_TEST(
        (get(start + token_cache_state::fetch_limit - 1s).until == start + token_cache_state::fetch_limit));
    BOOST_TEST(fetches == 1);
    BOOST_TEST((get(start + token_cache_state::fetch_limit).reply == answer::wait));
    BOOST_TEST(fetches == 2);
    // The lost one comes back after all: nobody waits for it.
    state.on_failed(lost.id, start + 100s, failed(errc::token_unavailable, "late"));
    BOOST_TEST((get(start + 100s).reply == answer::wait));
    fetched(token("t", start + 100s, 3600s));
    state.on_fetched(lost.id, token("late", start, 3600s));
    BOOST_TEST(text() == "t");
}

BOOST_AUTO_TEST_CASE(a_reply_holds_until_the_time_it_names) {
    have("old", 100min);
    BOOST_TEST((get(start).until == start + 80min));
    BOOST_TEST((get(start + 80min).until == start + 80min + token_cache_state::fetch_limit));
    fetch_failed(start + 81min);
    BOOST_TEST((get(start + 81min).until == start + 81min + 30s));
    BOOST_TEST((get(start + 99min).until == start + 100min));
}

BOOST_AUTO_TEST_CASE(row_05_a_rejected_token_is_fetched_again_once) {
    have("first", 3600s);
    auto const first = state.current().generation;
    reject();
    BOOST_TEST((get(start).reply == answer::wait));
    BOOST_TEST(fetches == 2);
    // The others whose request carried the same token come later.
    state.reject(first, {}, start, failed(errc::unauthorized, "storm"));
    get(start);
    BOOST_TEST(fetches == 2);
    fetched(token("second", start, 3600s));
    state.reject(first, {}, start, failed(errc::unauthorized, "storm"));
    BOOST_TEST((get(start).reply == answer::serve));
    BOOST_TEST(text() == "second");
}

BOOST_AUTO_TEST_CASE(row_05_a_storm_asks_the_source_no_more_than_every_30_s) {
    have("first", 3600s);
    reject();
    get(start);
    fetched(token("second", start, 3600s));
    reject();
    BOOST_TEST((get(start).reply == answer::fail));
    BOOST_TEST((get(start + 30s - 1ms).reply == answer::fail));
    BOOST_TEST((state.last_failure().code == errc::unauthorized));
    BOOST_TEST(fetches == 2);
    BOOST_TEST((get(start + 30s).reply == answer::wait));
    fetched(token("third", start + 30s, 3600s));
    reject(start + 30s);
    BOOST_TEST((get(start + 30s).reply == answer::fail));
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(a_token_that_has_served_is_replaced_again) {
    have("first", 3600s);
    reject();
    get(start);
    fetched(token("second", start, 3600s));
    state.accept(state.current().generation);
    reject();
    BOOST_TEST((get(start).reply == answer::wait));
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(that_an_older_token_was_taken_says_nothing_of_its_successor) {
    have("first", 3600s);
    auto const first = state.current().generation;
    reject();
    get(start);
    fetched(token("second", start, 3600s));
    state.accept(first);
    reject();
    BOOST_TEST((get(start).reply == answer::fail));
}

BOOST_AUTO_TEST_CASE(row_06_claims_go_with_the_next_fetch_once) {
    have("first", 3600s);
    reject(start, claims);
    get(start);
    BOOST_TEST(due->claims == claims);
    fetched(token("second", start, 3600s));
    BOOST_TEST((get(start).reply == answer::serve));
    get(start + 48min);
    BOOST_TEST(fetches == 3);
    BOOST_TEST(due->claims.empty());
}

BOOST_AUTO_TEST_CASE(row_06_a_challenge_is_answered_after_a_plain_refusal_and_then_no_more) {
    have("first", 3600s);
    reject();
    get(start);
    fetched(token("second", start, 3600s));
    reject(start, claims);
    BOOST_TEST((get(start).reply == answer::wait));
    BOOST_TEST(due->claims == claims);
    fetched(token("third", start, 3600s));
    reject(start, claims);
    BOOST_TEST((get(start).reply == answer::fail));
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(row_06_a_refresh_that_began_before_the_challenge_does_not_answer_it) {
    have("old", 100min);
    get(start + 80min);
    auto const early = *due;
    reject(start + 80min, claims);
    BOOST_TEST((get(start + 80min).reply == answer::wait));
    BOOST_TEST(due->claims == claims);
    state.on_fetched(early.id, token("early", start + 80min, 100min));
    BOOST_TEST((get(start + 80min).reply == answer::wait));
    fetched(token("answers", start + 80min, 100min));
    BOOST_TEST(text() == "answers");
}

BOOST_AUTO_TEST_SUITE_END()

}
}
