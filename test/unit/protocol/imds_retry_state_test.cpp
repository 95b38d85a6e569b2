#include "protocol/imds_retry_state.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <vector>

namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using allot::attempt_report;
using allot::end_reason;
using allot::errc;
using allot::imds_retry_params;
using allot::imds_retry_state;
using allot::retry_action;
using allot::retry_step;
using time_point = imds_retry_state::time_point;

time_point const start{1h};

attempt_report status(int value, std::optional<milliseconds> retry_after = std::nullopt) {
    return {.transport = {}, .status = value, .retry_after = retry_after};
}

attempt_report broken(errc value) {
    return {.transport = value, .status = 0, .retry_after = {}};
}

/// A clock that stands where the last answer said to ask again.
struct fixture {
    imds_retry_state state{imds_retry_params()};
    time_point now = start;

    void renew(imds_retry_params params = imds_retry_params()) {
        state = imds_retry_state(std::move(params));
        now = start;
    }

    retry_step feed(attempt_report const& report) {
        auto const action = state.on_attempt(now, report);
        reason = action.reason;
        if (action.step == retry_step::wait)
            now = action.at;
        return action.step;
    }

    /// Feeds one report until the end; the times of all attempts.
    std::vector<milliseconds> attempts_of(attempt_report const& report) {
        std::vector<milliseconds> times;
        do
            times.push_back(duration_cast<milliseconds>(now - start));
        while (feed(report) == retry_step::wait);
        return times;
    }

    end_reason reason = end_reason::permanent;
};

std::vector<milliseconds> const table{0s, 2s, 8s, 22s, 52s};

}

BOOST_FIXTURE_TEST_SUITE(imds_retry_state_machine, fixture)

BOOST_AUTO_TEST_CASE(a_good_answer_is_final) {
    BOOST_TEST((feed(status(200)) == retry_step::done));
    BOOST_TEST(state.attempts() == 1u);
}

BOOST_AUTO_TEST_CASE(statuses_that_can_pass_are_asked_five_times_over_52_seconds) {
    for (int const value : {404, 429, 500, 501, 503, 599}) {
        renew();
        BOOST_TEST((attempts_of(status(value)) == table), value);
        BOOST_TEST(state.attempts() == 5u);
        BOOST_TEST((reason == end_reason::attempts));
    }
}

BOOST_AUTO_TEST_CASE(failures_of_the_transport_are_asked_five_times) {
    for (auto const value :
         {errc::timed_out, errc::connect_failed, errc::connection_lost, errc::resolve_failed,
          errc::malformed_response}) {
        renew();
        BOOST_TEST((attempts_of(broken(value)) == table), make_error_code(value).message());
    }
}

BOOST_AUTO_TEST_CASE(all_other_statuses_are_final) {
    for (int value = 200; value != 500; ++value) {
        if (value == 404 || value == 410 || value == 429)
            continue;
        renew();
        BOOST_TEST((feed(status(value, 1s)) == retry_step::done), value);
        BOOST_TEST((reason == end_reason::permanent));
    }
}

BOOST_AUTO_TEST_CASE(other_failures_of_the_transport_are_final) {
    for (auto const value : {errc::cancelled, errc::response_too_large, errc::invalid_params}) {
        renew();
        auto report = broken(value);
        report.status = 503;
        BOOST_TEST((feed(report) == retry_step::done), make_error_code(value).message());
    }
}

BOOST_AUTO_TEST_CASE(a_good_answer_after_bad_ones_ends_it) {
    BOOST_TEST((feed(status(500)) == retry_step::wait));
    BOOST_TEST((feed(broken(errc::timed_out)) == retry_step::wait));
    BOOST_TEST((feed(status(404)) == retry_step::wait));
    BOOST_TEST((feed(status(200)) == retry_step::done));
    BOOST_TEST((now - start == 22s));
    BOOST_TEST(state.attempts() == 4u);
}

BOOST_AUTO_TEST_CASE(an_update_is_waited_for_until_it_must_be_over) {
    BOOST_TEST((attempts_of(status(410)) == std::vector<milliseconds>{0s, 2s, 8s, 22s, 52s, 70s}));
    BOOST_TEST((reason == end_reason::attempts));
}

BOOST_AUTO_TEST_CASE(an_update_that_begins_late_gets_its_time_too) {
    for (int i = 0; i != 4; ++i)
        BOOST_TEST((feed(status(503)) == retry_step::wait));
    BOOST_TEST((attempts_of(status(410)) == std::vector<milliseconds>{52s, 82s, 112s, 122s}));
    BOOST_TEST(state.attempts() == 8u);
}

BOOST_AUTO_TEST_CASE(another_error_during_an_update_counts_as_usual) {
    for (int i = 0; i != 5; ++i)
        BOOST_TEST((feed(status(410)) == retry_step::wait));
    BOOST_TEST((feed(status(503)) == retry_step::give_up));
}

BOOST_AUTO_TEST_CASE(retry_after_is_a_floor) {
    BOOST_TEST((feed(status(429, 1s)) == retry_step::wait));
    BOOST_TEST((now - start == 2s));
    BOOST_TEST((feed(status(429, 20s)) == retry_step::wait));
    BOOST_TEST((now - start == 22s));
    BOOST_TEST((feed(status(503, 60s)) == retry_step::wait));
    BOOST_TEST((now - start == 82s));
}

BOOST_AUTO_TEST_CASE(a_retry_after_beyond_the_update_is_kept_to) {
    for (int i = 0; i != 4; ++i)
        feed(status(410));
    BOOST_TEST((feed(status(410, 40s)) == retry_step::wait));
    BOOST_TEST((now - start == 52s + 40s));
    BOOST_TEST((feed(status(410)) == retry_step::give_up));
}

BOOST_AUTO_TEST_CASE(a_retry_after_beyond_a_minute_is_not_waited_for) {
    for (int const value : {404, 410, 429, 503}) {
        renew();
        BOOST_TEST((feed(status(value, 60'001ms)) == retry_step::give_up), value);
        BOOST_TEST((reason == end_reason::attempts));
    }
}

BOOST_AUTO_TEST_CASE(no_wait_ends_past_the_deadline) {
    state = imds_retry_state(imds_retry_params(), start + 22s);
    BOOST_TEST((attempts_of(status(503)) == std::vector<milliseconds>{0s, 2s, 8s}));
    BOOST_TEST((reason == end_reason::attempts));
    state = imds_retry_state(imds_retry_params(), start + 50s);
    now = start;
    BOOST_TEST((feed(status(429, 50s)) == retry_step::give_up));
}

BOOST_AUTO_TEST_CASE(no_wait_exceeds_the_cap) {
    imds_retry_params params;
    params.delays = {90s, 30s};
    renew(std::move(params));
    BOOST_TEST((attempts_of(status(404)) == std::vector<milliseconds>{0s, 60s, 90s}));
}

BOOST_AUTO_TEST_CASE(server_errors_wait_a_second_at_least) {
    imds_retry_params params;
    params.delays = {0s, 3s};
    renew(params);
    BOOST_TEST((attempts_of(status(500)) == std::vector<milliseconds>{0s, 1s, 4s}));
    renew(params);
    BOOST_TEST((attempts_of(status(429)) == std::vector<milliseconds>{0s, 0s, 3s}));
    renew(params);
    BOOST_TEST((attempts_of(broken(errc::timed_out)) == std::vector<milliseconds>{0s, 0s, 3s}));
}

BOOST_AUTO_TEST_SUITE_END()
