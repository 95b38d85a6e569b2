#include "unit/protocol/token_caches.hpp"

namespace allot {
namespace {

using namespace std::chrono_literals;
using test::claims;
using test::more_claims;
using test::start;
using answer = token_cache_state::answer;

struct fixture : test::token_cache_fixture {
    bool is_due_with(std::string_view challenge) const { return due->claims == challenge; }

    std::string challenge(std::uint64_t generation, std::string const& text, time_point now = start) {
        return state.challenge(generation, text, now).hopeless;
    }
};

BOOST_FIXTURE_TEST_SUITE(token_cache_claims, fixture)

BOOST_AUTO_TEST_CASE(row_06_claims_go_with_the_next_fetch_once) {
    have("first");
    reject_current(claims);
    get(start);
    BOOST_TEST(is_due_with(claims));
    fetched("second");
    BOOST_TEST(serves(start, "second"));
    BOOST_TEST(last.token.answers_challenge);
    get(start + 48min);
    BOOST_TEST(fetches == 3);
    BOOST_TEST(is_due_with(""));
    fetched("third", start + 48min);
    BOOST_TEST(serves(start + 48min, "third"));
    BOOST_TEST(!last.token.answers_challenge);
}

BOOST_AUTO_TEST_CASE(row_06_a_challenge_is_answered_after_a_plain_refusal_and_then_no_more) {
    have("first");
    reject_current();
    get(start);
    fetched("second");
    reject_current(claims);
    BOOST_TEST((get(start) == answer::wait));
    BOOST_TEST(is_due_with(claims));
    fetched("third");
    auto const again = reject(generation(), more_claims);
    BOOST_TEST(again.hopeless == "storm");
    BOOST_TEST((get(start) == answer::fail));
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(row_06_a_challenge_counts_when_its_token_is_gone_already) {
    auto const first = have("first");
    reject(first);
    get(start);
    BOOST_TEST(is_due_with(""));
    // Another request with the same token, refused for another reason.
    BOOST_TEST(reject(first, claims).hopeless.empty());
    fetched("second");
    BOOST_TEST(serves(start, "second"));
    BOOST_TEST((get(start, claims) == answer::wait));
    BOOST_TEST(is_due_with(claims));
    BOOST_TEST(serves(start, "second"));
    fetched("third");
    BOOST_TEST(serves(start, "third", claims));
    BOOST_TEST(serves(start, "third"));
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(row_06_a_challenge_counts_when_a_newer_token_was_not_asked_for_with_it) {
    auto const first = have("first", 100min);
    get(start + 80min);
    fetched("second", start + 80min);
    BOOST_TEST(reject(first, claims, start + 80min).hopeless.empty());
    BOOST_TEST(serves(start + 80min, "second"));
    BOOST_TEST((get(start + 80min, claims) == answer::wait));
    BOOST_TEST(is_due_with(claims));
    fetched("third", start + 80min);
    BOOST_TEST(serves(start + 80min, "third", claims));
    // A late one with the same challenge finds it answered.
    BOOST_TEST(reject(first, claims, start + 80min).hopeless.empty());
    BOOST_TEST(serves(start + 80min, "third", claims));
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(row_06_a_refresh_that_began_before_the_challenge_does_not_answer_it) {
    auto const old = have("old", 100min);
    get(start + 80min);
    reject(old, claims, start + 80min);
    BOOST_TEST((get(start + 80min) == answer::wait));
    BOOST_TEST((get(start + 80min, claims) == answer::wait));
    BOOST_TEST(is_due_with(""));
    fetched("early", start + 80min);
    // It serves whoever was not challenged; when Graph refuses it too, that is no storm.
    BOOST_TEST(serves(start + 80min, "early"));
    reject_current(claims, start + 80min);
    BOOST_TEST((get(start + 80min) == answer::wait));
    BOOST_TEST(is_due_with(claims));
    fetched("answers", start + 80min);
    BOOST_TEST(serves(start + 80min, "answers", claims));
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(row_06_claims_live_until_a_token_comes) {
    have("first");
    reject_current(claims);
    auto now = start;
    get(now);
    fetch_failed(now, errc::cancelled);
    BOOST_TEST((get(now) == answer::wait));
    BOOST_TEST(is_due_with(claims));
    fetch_failed_for_now(now);
    BOOST_TEST((get(now, claims) == answer::hold));
    now += 1s;
    get(now);
    BOOST_TEST(is_due_with(claims));
    fetch_failed(now);
    BOOST_TEST((get(now, claims) == answer::fail));
    now += 1s;
    get(now);
    BOOST_TEST(is_due_with(claims));
    // Nor does a driver that is gone take them along.
    now += token_cache_state::fetch_limit;
    get(now);
    BOOST_TEST(is_due_with(claims));
    fetched("second", now);
    BOOST_TEST(serves(now, "second", claims));
    BOOST_TEST(fetches == 6);
}

BOOST_AUTO_TEST_CASE(a_403_leaves_the_token_to_all_others) {
    auto const first = have("first");
    BOOST_TEST(challenge(first, claims).empty());
    BOOST_TEST(serves(start, "first"));
    BOOST_TEST(fetches == 1);
    BOOST_TEST((get(start, claims) == answer::wait));
    BOOST_TEST(is_due_with(claims));
    BOOST_TEST(serves(start, "first"));
    fetched("second");
    BOOST_TEST(serves(start, "second", claims));
    // What is challenged once is likely to be so for others.
    BOOST_TEST(serves(start, "second"));
    BOOST_TEST(fetches == 2);
}

BOOST_AUTO_TEST_CASE(a_403_whose_claims_are_refused_is_nobody_elses_failure) {
    auto const first = have("first");
    challenge(first, claims);
    get(start, claims);
    fetch_failed(start);
    BOOST_TEST((get(start, claims) == answer::fail));
    BOOST_TEST(last.why->message == "refused");
    BOOST_TEST(serves(start, "first"));
    // For good: the next one is told without asking.
    BOOST_TEST(challenge(first, claims, start + 40min).ends_with("refused"));
    BOOST_TEST((get(start + 40min, claims) == answer::fail));
    BOOST_TEST(fetches == 2);
    // Until there is another token.
    get(start + 48min);
    BOOST_TEST(is_due_with(""));
    fetched("second", start + 48min);
    BOOST_TEST(challenge(generation(start + 48min), claims, start + 48min).empty());
    BOOST_TEST((get(start + 48min, claims) == answer::wait));
    BOOST_TEST(is_due_with(claims));
}

BOOST_AUTO_TEST_CASE(a_403_during_an_outage_is_told_and_asked_again_after_30_s) {
    auto const first = have("first");
    challenge(first, claims);
    get(start, claims);
    fetch_failed_for_now(start);
    BOOST_TEST((get(start, claims) == answer::fail));
    BOOST_TEST(challenge(first, claims, start + 29s).ends_with("503"));
    BOOST_TEST(serves(start, "first"));
    BOOST_TEST(fetches == 2);
    BOOST_TEST(challenge(first, claims, start + 30s).empty());
    BOOST_TEST((get(start + 30s, claims) == answer::wait));
    BOOST_TEST(fetches == 3);
}

BOOST_AUTO_TEST_CASE(claims_that_one_request_needs_do_not_keep_the_others_from_a_token) {
    auto const first = have("first", 60s);
    challenge(first, claims, start + 1s);
    get(start + 1s, claims);
    // The token ends meanwhile.
    BOOST_TEST((get(start + 60s) == answer::wait));
    fetch_failed(start + 60s);
    BOOST_TEST((get(start + 60s) == answer::wait));
    BOOST_TEST(is_due_with(""));
    fetched("second", start + 60s);
    BOOST_TEST(serves(start + 60s, "second"));
}

BOOST_AUTO_TEST_CASE(the_same_challenge_to_the_token_that_answers_it_is_final) {
    auto const first = have("first");
    challenge(first, claims);
    get(start, claims);
    fetched("second");
    auto const second = generation();
    BOOST_TEST(!challenge(second, claims).empty());
    // One that was sent before finds the answer.
    BOOST_TEST(challenge(first, claims).empty());
    BOOST_TEST(serves(start, "second", claims));
    BOOST_TEST(fetches == 2);
}

BOOST_AUTO_TEST_CASE(challenges_that_alternate_each_keep_their_token) {
    auto const first = have("first");
    challenge(first, claims);
    get(start, claims);
    fetched("second");
    BOOST_TEST(challenge(generation(), more_claims).empty());
    get(start, more_claims);
    BOOST_TEST(is_due_with(more_claims));
    fetched("third");
    BOOST_TEST(challenge(generation(), claims).empty());
    BOOST_TEST(serves(start, "second", claims));
    BOOST_TEST(serves(start, "third", more_claims));
    BOOST_TEST(fetches == 3);
    // A refused one is asked for again.
    reject(last.token.generation - 1);
    BOOST_TEST(challenge(generation(), claims).empty());
    BOOST_TEST((get(start, claims) == answer::wait));
    BOOST_TEST(fetches == 4);
}

BOOST_AUTO_TEST_CASE(a_challenge_that_is_never_the_same_is_not_answered_for_ever) {
    have("first");
    int answered = 0;
    for (int i = 0; i != 100; ++i) {
        auto const text = R"({"access_token":{"nbf":{"value":")" + std::to_string(i) + R"("}}})";
        if (!challenge(generation(), text).empty())
            continue;
        ++answered;
        get(start, text);
        fetched("t" + std::to_string(i));
    }
    BOOST_TEST(answered == static_cast<int>(claims_challenges::most));
}

BOOST_AUTO_TEST_CASE(challenges_over_a_long_time_are_all_answered) {
    have("first");
    for (int i = 0; i != 100; ++i) {
        auto const text = R"({"access_token":{"nbf":{"value":")" + std::to_string(i) + R"("}}})";
        BOOST_TEST(reject(generation(), text).hopeless.empty());
        get(start);
        BOOST_TEST(is_due_with(text));
        fetched("t" + std::to_string(i));
        state.accept(generation());
    }
}

BOOST_AUTO_TEST_SUITE_END()

}
}
