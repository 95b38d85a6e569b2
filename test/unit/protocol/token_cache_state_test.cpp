#include "protocol/token_cache_state.hpp"

#include <boost/test/unit_test.hpp>

namespace allot {
namespace {

using namespace std::chrono_literals;
using answer = token_cache_state::answer;
constexpr token_cache_state::time_point start{1'000s};

access_token token(
    std::string text, token_cache_state::time_point acquired, std::chrono::seconds life,
    std::optional<token_cache_state::time_point> refresh = {}) {
    return access_token(secret(std::move(text)), acquired, acquired + life, refresh);
}

failure refused() {
    failure made;
    made.code = errc::token_unavailable;
    made.message = "refused";
    return made;
}

BOOST_AUTO_TEST_SUITE(token_cache_state_suite)

BOOST_AUTO_TEST_CASE(a_thousand_callers_cause_one_fetch) {
    token_cache_state state;
    int fetches = 0;
    for (int i = 0; i != 1000; ++i) {
        auto const decision = state.on_get(start);
        BOOST_TEST((decision.reply == answer::wait));
        fetches += decision.start_fetch;
    }
    BOOST_TEST(fetches == 1);
    state.on_fetched(token("t", start, 3600s));
    auto const decision = state.on_get(start);
    BOOST_TEST((decision.reply == answer::serve && !decision.start_fetch));
    BOOST_TEST(state.current().token->value.reveal() == "t");
}

BOOST_AUTO_TEST_CASE(the_old_token_serves_while_it_is_refreshed) {
    token_cache_state state;
    state.on_get(start);
    state.on_fetched(token("old", start, 100min));
    BOOST_TEST(!state.on_get(start + 80min - 1s).start_fetch);
    auto const decision = state.on_get(start + 80min);
    BOOST_TEST((decision.reply == answer::serve && decision.start_fetch));
    BOOST_TEST(!state.on_get(start + 81min).start_fetch);
    BOOST_TEST(state.current().token->value.reveal() == "old");
    auto const before = state.current().generation;
    state.on_fetched(token("new", start + 81min, 100min));
    BOOST_TEST(state.current().token->value.reveal() == "new");
    BOOST_TEST(state.current().generation != before);
}

BOOST_AUTO_TEST_CASE(the_old_token_serves_after_a_refresh_that_failed_which_is_tried_again_after_30_s) {
    token_cache_state state;
    state.on_get(start);
    state.on_fetched(token("old", start, 100min));
    BOOST_TEST(state.on_get(start + 80min).start_fetch);
    state.on_failed(start + 80min, refused());
    auto const soon = state.on_get(start + 80min + 29s);
    BOOST_TEST((soon.reply == answer::serve && !soon.start_fetch));
    auto const later = state.on_get(start + 80min + 30s);
    BOOST_TEST((later.reply == answer::serve && later.start_fetch));
}

BOOST_AUTO_TEST_CASE(an_expired_token_is_not_served) {
    token_cache_state state;
    state.on_get(start);
    state.on_fetched(token("old", start, 60s));
    BOOST_TEST((state.on_get(start + 59s).reply == answer::serve));
    token_cache_state other;
    other.on_get(start);
    other.on_fetched(token("old", start, 60s));
    auto const decision = other.on_get(start + 60s);
    BOOST_TEST((decision.reply == answer::wait && decision.start_fetch));
}

BOOST_AUTO_TEST_CASE(a_failed_fetch_is_told_to_all_and_not_repeated_for_a_second) {
    token_cache_state state;
    state.on_get(start);
    state.on_failed(start, refused());
    auto const decision = state.on_get(start + 999ms);
    BOOST_TEST((decision.reply == answer::fail && !decision.start_fetch));
    BOOST_TEST(state.last_failure().message == "refused");
    BOOST_TEST(state.on_get(start + 1s).start_fetch);
}

BOOST_AUTO_TEST_CASE(a_rejected_token_is_fetched_again_once) {
    token_cache_state state;
    state.on_get(start);
    state.on_fetched(token("first", start, 3600s));
    auto const first = state.current().generation;
    state.reject(first);
    auto const decision = state.on_get(start);
    BOOST_TEST((decision.reply == answer::wait && decision.start_fetch));
    // The others whose request carried the same token come later.
    state.reject(first);
    BOOST_TEST(!state.on_get(start).start_fetch);
    state.on_fetched(token("second", start, 3600s));
    state.reject(first);
    BOOST_TEST((state.on_get(start).reply == answer::serve));
    BOOST_TEST(state.current().token->value.reveal() == "second");
}

BOOST_AUTO_TEST_CASE(refresh_times) {
    auto at = [](std::chrono::seconds life) {
        return token_cache_state::refresh_time(token("t", start, life)) - start;
    };
    BOOST_TEST((at(60min) == 48min));
    BOOST_TEST((at(24h) == 1152min));
    BOOST_TEST((at(20min) == 15min));
    BOOST_TEST((at(5min) == 150s));
    BOOST_TEST((at(20s) == 10s));
    BOOST_TEST((token_cache_state::refresh_time(token("t", start, 60min, start + 30min)) == start + 30min));
    access_token const endless(secret(std::string("t")), start, token_cache_state::time_point::max());
    BOOST_TEST((token_cache_state::refresh_time(endless) == token_cache_state::time_point::max()));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
