#include "protocol/retry_state.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <ostream>
#include <vector>

namespace allot {

std::ostream& operator<<(std::ostream& out, retry_step value) {
    return out << static_cast<int>(value);
}
std::ostream& operator<<(std::ostream& out, end_reason value) {
    return out << to_string(value);
}

}

namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using allot::attempt_report;
using allot::end_reason;
using allot::errc;
using allot::retry_action;
using allot::retry_params;
using allot::retry_state;
using allot::retry_step;
using time_point = retry_state::time_point;

time_point const start{1h};

attempt_report status(int value, std::optional<milliseconds> retry_after = std::nullopt) {
    return {.transport = {}, .status = value, .retry_after = retry_after};
}

attempt_report broken(errc value, bool stale = false) {
    return {.transport = value, .status = 0, .retry_after = {}, .stale = stale};
}

struct fixture {
    retry_params params;
    std::optional<time_point> deadline;
    std::optional<retry_state> state;

    retry_action feed(attempt_report const& report, double draw = 0.5, time_point now = start) {
        if (!state)
            state.emplace(params, deadline);
        return state->on_attempt(now, report, draw);
    }

    milliseconds wait_after(attempt_report const& report, double draw) {
        auto const action = feed(report, draw);
        BOOST_TEST(action.step == retry_step::wait);
        return duration_cast<milliseconds>(action.at - start);
    }
};

}

BOOST_FIXTURE_TEST_SUITE(retry_state_machine, fixture)

BOOST_AUTO_TEST_CASE(a_good_answer_is_final) {
    for (int const value : {200, 204}) {
        state.reset();
        BOOST_TEST(feed(status(value)).step == retry_step::done);
        BOOST_TEST(state->attempts() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(statuses_that_can_pass_are_tried_again) {
    for (int const value : {408, 429, 500, 502, 503, 504, 509}) {
        state.reset();
        BOOST_TEST(feed(status(value)).step == retry_step::wait, value);
        BOOST_TEST(feed(status(200)).step == retry_step::done);
        BOOST_TEST(state->attempts() == 2u);
    }
}

BOOST_AUTO_TEST_CASE(all_other_statuses_are_final) {
    for (int value = 200; value != 600; ++value) {
        if (value == 401 || value == 408 || value == 429 || value == 500 || (value >= 502 && value <= 504) ||
            value == 509)
            continue;
        state.reset();
        auto const action = feed(status(value));
        BOOST_TEST(action.step == retry_step::done, value);
        BOOST_TEST(action.reason == end_reason::permanent);
    }
}

BOOST_AUTO_TEST_CASE(a_final_status_stays_final_with_a_hint) {
    for (int const value : {200, 400, 403, 404, 410, 501})
        BOOST_TEST(feed(status(value, 1s)).step == retry_step::done, value);
}

BOOST_AUTO_TEST_CASE(a_conflict_is_tried_again_only_when_graph_invites_to) {
    BOOST_TEST(feed(status(409)).step == retry_step::done);
    state.reset();
    BOOST_TEST(feed(status(409, 0s)).step == retry_step::wait);
    state.reset();
    auto violation = status(409);
    violation.concurrency_violation = true;
    BOOST_TEST(feed(violation).step == retry_step::wait);
    violation.status = 412;
    BOOST_TEST(feed(violation).step == retry_step::done);
}

BOOST_AUTO_TEST_CASE(transport_errors_that_can_pass_are_tried_again) {
    for (auto const value :
         {errc::resolve_failed, errc::connect_failed, errc::connection_lost, errc::tls_failed,
          errc::timed_out, errc::malformed_response}) {
        state.reset();
        BOOST_TEST(feed(broken(value)).step == retry_step::wait, make_error_code(value).message());
    }
}

BOOST_AUTO_TEST_CASE(other_transport_errors_are_final) {
    for (auto const value :
         {errc::certificate_rejected, errc::response_too_large, errc::cancelled, errc::token_unavailable}) {
        state.reset();
        BOOST_TEST(feed(broken(value)).step == retry_step::done, make_error_code(value).message());
    }
    state.reset();
    attempt_report foreign;
    foreign.transport = make_error_code(boost::system::errc::connection_reset);
    BOOST_TEST(feed(foreign).step == retry_step::done);
}

BOOST_AUTO_TEST_CASE(a_transport_error_hides_the_status) {
    auto report = broken(errc::connection_lost);
    report.status = 404;
    BOOST_TEST(feed(report).step == retry_step::wait);
    report = broken(errc::certificate_rejected);
    report.status = 503;
    BOOST_TEST(feed(report).step == retry_step::done);
}

BOOST_AUTO_TEST_CASE(backoff_doubles_up_to_its_cap) {
    params = {.base_delay = 1s, .max_delay = 20s};
    for (auto const expected : {1s, 2s, 4s, 8s, 16s, 20s, 20s})
        BOOST_TEST((wait_after(status(500), 1.0) == expected));
    state.reset();
    params.max_delay = 3s;
    for (auto const expected : {1s, 2s, 3s, 3s})
        BOOST_TEST((wait_after(status(500), 1.0) == expected));
}

BOOST_AUTO_TEST_CASE(backoff_never_overflows) {
    params.max_attempts = 4'000'000'000;
    for (int attempt = 0; attempt != 5'000; ++attempt)
        BOOST_REQUIRE((wait_after(status(500), 1.0) <= params.max_delay));
    BOOST_TEST((wait_after(status(500), 1.0) == params.max_delay));
}

BOOST_AUTO_TEST_CASE(jitter_is_full) {
    params.base_delay = 1s;
    BOOST_TEST((wait_after(status(500), 0.0) == 0s));
    BOOST_TEST((wait_after(status(500), 0.25) == 500ms));
    BOOST_TEST((wait_after(status(500), 0.5) == 2s));
}

BOOST_AUTO_TEST_CASE(a_hint_is_a_floor_that_nothing_shortens) {
    params = {.base_delay = 1s, .max_delay = 5s, .max_wait = 10min};
    BOOST_TEST((wait_after(status(429, 10s), 0.0) == 10s));
    BOOST_TEST((wait_after(status(503, 10min), 1.0) == 10min));
    BOOST_TEST((wait_after(status(500, 1s), 1.0) == 4s));
    BOOST_TEST((wait_after(status(504, 7s), 0.9) == 7s));
}

BOOST_AUTO_TEST_CASE(throttling_without_a_hint_backs_off_from_its_own_base) {
    params = {.base_delay = 50ms, .throttled_delay = 1s, .max_delay = 20s};
    BOOST_TEST((wait_after(status(429), 1.0) == 1s));
    BOOST_TEST((wait_after(status(509), 1.0) == 2s));
    BOOST_TEST((wait_after(status(429, 0s), 1.0) == 200ms));
    BOOST_TEST((wait_after(status(500), 1.0) == 400ms));
}

BOOST_AUTO_TEST_CASE(unavailable_asks_for_a_fresh_connection) {
    BOOST_TEST(feed(status(503)).fresh_connection);
    BOOST_TEST(!feed(status(500)).fresh_connection);
    BOOST_TEST(!feed(status(429, 1s)).fresh_connection);
}

BOOST_AUTO_TEST_CASE(a_stale_connection_gives_one_free_replay) {
    params.max_attempts = 2;
    auto action = feed(broken(errc::connection_lost, true));
    BOOST_TEST(action.step == retry_step::replay);
    BOOST_TEST((action.at == start));
    BOOST_TEST(action.fresh_connection);
    BOOST_TEST(state->attempts() == 0u);

    action = feed(broken(errc::connection_lost, true));
    BOOST_TEST(action.step == retry_step::wait);
    BOOST_TEST(action.fresh_connection);
    BOOST_TEST(state->attempts() == 1u);

    action = feed(broken(errc::connection_lost, true));
    BOOST_TEST(action.step == retry_step::give_up);
    BOOST_TEST(action.reason == end_reason::attempts);
    BOOST_TEST(state->attempts() == 2u);
}

BOOST_AUTO_TEST_CASE(only_a_lost_connection_is_replayed) {
    BOOST_TEST(feed(broken(errc::timed_out, true)).step == retry_step::wait);
    BOOST_TEST(feed(broken(errc::connection_lost)).step == retry_step::wait);
    auto answered = status(500);
    answered.stale = true;
    BOOST_TEST(feed(answered).step == retry_step::wait);
    BOOST_TEST(feed(broken(errc::connection_lost, true)).step == retry_step::replay);
}

BOOST_AUTO_TEST_CASE(a_replay_past_the_deadline_is_not_made) {
    deadline = start;
    auto const action = feed(broken(errc::connection_lost, true));
    BOOST_TEST(action.step == retry_step::give_up);
    BOOST_TEST(action.reason == end_reason::deadline);
    BOOST_TEST(state->attempts() == 1u);
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_refreshed_once) {
    auto action = feed(status(401));
    BOOST_TEST(action.step == retry_step::refresh_token);
    BOOST_TEST(state->attempts() == 0u);
    auto second = status(401);
    second.fresh_token = true;
    action = feed(second);
    BOOST_TEST(action.step == retry_step::done);
    BOOST_TEST(action.reason == end_reason::permanent);
    BOOST_TEST(state->attempts() == 1u);
}

BOOST_AUTO_TEST_CASE(the_first_refusal_is_never_final) {
    auto first = status(401);
    first.fresh_token = true;
    BOOST_TEST(feed(first).step == retry_step::refresh_token);
    BOOST_TEST(feed(status(200)).step == retry_step::done);
}

BOOST_AUTO_TEST_CASE(a_second_refusal_of_an_old_token_is_refreshed_again) {
    BOOST_TEST(feed(status(401)).step == retry_step::refresh_token);
    BOOST_TEST(feed(status(401)).step == retry_step::refresh_token);
    auto fresh = status(401);
    fresh.fresh_token = true;
    BOOST_TEST(feed(fresh).step == retry_step::done);
}

BOOST_AUTO_TEST_CASE(row_06_a_challenge_is_answered_once) {
    for (int const value : {401, 403}) {
        state.reset();
        auto challenged = status(value);
        challenged.claims = "{}";
        BOOST_TEST(feed(challenged).step == retry_step::refresh_token);
        challenged.fresh_token = challenged.answers_challenge = true;
        BOOST_TEST(feed(challenged).step == retry_step::done);
    }
}

BOOST_AUTO_TEST_CASE(row_06_a_challenge_to_a_fresh_token_is_answered_too) {
    BOOST_TEST(feed(status(401)).step == retry_step::refresh_token);
    auto challenged = status(401);
    challenged.fresh_token = true;
    challenged.claims = "{}";
    BOOST_TEST(feed(challenged).step == retry_step::refresh_token);
    // It got a token that was asked for without the claims.
    BOOST_TEST(feed(challenged).step == retry_step::refresh_token);
    challenged.answers_challenge = true;
    BOOST_TEST(feed(challenged).step == retry_step::done);
}

BOOST_AUTO_TEST_CASE(row_06_a_token_that_answers_somebody_elses_challenge_may_be_challenged) {
    auto challenged = status(403);
    challenged.claims = "{}";
    challenged.answers_challenge = true;
    BOOST_TEST(feed(challenged).step == retry_step::refresh_token);
    BOOST_TEST(feed(challenged).step == retry_step::done);
}

BOOST_AUTO_TEST_CASE(a_token_for_a_challenge_may_be_refused_without_one) {
    auto challenged = status(403);
    challenged.claims = "{}";
    BOOST_TEST(feed(challenged).step == retry_step::refresh_token);
    auto refused = status(401);
    refused.answers_challenge = true;
    BOOST_TEST(feed(refused).step == retry_step::refresh_token);
    refused.fresh_token = true;
    BOOST_TEST(feed(refused).step == retry_step::done);
}

BOOST_AUTO_TEST_CASE(a_challenge_with_another_status_is_none) {
    auto strange = status(404);
    strange.claims = "{}";
    BOOST_TEST(feed(strange).step == retry_step::done);
}

BOOST_AUTO_TEST_CASE(a_refusal_neither_counts_nor_lengthens_the_backoff) {
    params = {.max_attempts = 2, .base_delay = 1s};
    BOOST_TEST(feed(status(401, 1h)).step == retry_step::refresh_token);
    BOOST_TEST((wait_after(status(500), 1.0) == 1s));
    BOOST_TEST(feed(status(500)).reason == end_reason::attempts);
    BOOST_TEST(state->attempts() == 2u);
}

BOOST_AUTO_TEST_CASE(row_05_a_refusal_of_the_last_attempt_has_its_replay_too) {
    params.max_attempts = 1;
    BOOST_TEST(feed(status(401)).step == retry_step::refresh_token);
    BOOST_TEST(feed(status(200)).step == retry_step::done);
    BOOST_TEST(state->attempts() == 1u);
}

BOOST_AUTO_TEST_CASE(a_refusal_past_the_deadline_ends_the_result) {
    deadline = start + 1s;
    BOOST_TEST(feed(status(401), 0.5, start).step == retry_step::refresh_token);
    state.reset();
    auto const action = feed(status(401), 0.5, start + 1s);
    BOOST_TEST(action.step == retry_step::give_up);
    BOOST_TEST(action.reason == end_reason::deadline);
}

BOOST_AUTO_TEST_CASE(attempts_are_bounded) {
    params.max_attempts = 5;
    for (unsigned attempt = 1; attempt != 5; ++attempt) {
        BOOST_TEST(feed(status(502)).step == retry_step::wait);
        BOOST_TEST(state->attempts() == attempt);
    }
    auto const action = feed(status(502));
    BOOST_TEST(action.step == retry_step::give_up);
    BOOST_TEST(action.reason == end_reason::attempts);
    BOOST_TEST(state->attempts() == 5u);
}

BOOST_AUTO_TEST_CASE(one_attempt_means_no_retry) {
    params.max_attempts = 1;
    BOOST_TEST(feed(status(500)).reason == end_reason::attempts);
    state.reset();
    BOOST_TEST(feed(status(200)).step == retry_step::done);
}

BOOST_AUTO_TEST_CASE(no_sleep_that_ends_past_the_deadline) {
    params.base_delay = 1s;
    deadline = start + 10s;
    auto action = feed(status(429, 9s), 0.0);
    BOOST_TEST(action.step == retry_step::wait);
    action = feed(status(429, 10s), 0.0);
    BOOST_TEST(action.step == retry_step::give_up);
    BOOST_TEST(action.reason == end_reason::deadline);
    BOOST_TEST((action.at == start));

    state.reset();
    BOOST_TEST(feed(status(500), 0.5, start + 9s).step == retry_step::wait);
    state.reset();
    BOOST_TEST(feed(status(500), 1.0, start + 9s).reason == end_reason::deadline);
}

BOOST_AUTO_TEST_CASE(a_good_answer_past_the_deadline_is_still_good) {
    deadline = start;
    BOOST_TEST(feed(status(200), 0.5, start + 1s).step == retry_step::done);
}

BOOST_AUTO_TEST_CASE(a_wait_longer_than_max_wait_parks) {
    params.max_wait = 10min;
    auto const action = feed(status(429, 10min + 1s));
    BOOST_TEST(action.step == retry_step::give_up);
    BOOST_TEST(action.reason == end_reason::parked);
    BOOST_TEST((action.at == start + 10min + 1s));
    BOOST_TEST(state->attempts() == 1u);
}

BOOST_AUTO_TEST_CASE(parking_comes_before_the_other_reasons) {
    params.max_attempts = 1;
    deadline = start + 1s;
    BOOST_TEST(feed(status(503, 2h)).reason == end_reason::parked);
}

BOOST_AUTO_TEST_SUITE_END()
