#include "audit/run_state.hpp"
#include "unit/audit/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <string>

using namespace allot;
using namespace allot::test;
using action = run_state::action;

namespace {

batch_item forbidden(assignment_ref reference = assignment_ref::admin("a")) {
    return failed_item(1, sample_failure(errc::forbidden, 403), std::move(reference));
}

void expect(run_state::verdict const& verdict, bool is_row, action next) {
    BOOST_TEST(verdict.is_row == is_row);
    BOOST_TEST((verdict.next == next));
}

}

BOOST_AUTO_TEST_SUITE(run_state_)

BOOST_AUTO_TEST_CASE(answers_become_rows) {
    run_state state;
    expect(state.on_item(good_item(1)), true, action::none);
    for (auto const code : {errc::no_allotment, errc::not_found, errc::bad_body, errc::server_error})
        expect(state.on_item(failed_item(1, sample_failure(code, 500))), true, action::none);
    BOOST_TEST((state.end().cause == run_cause::complete));
}

BOOST_AUTO_TEST_CASE(twenty_refusals_at_the_start_stop_the_run) {
    run_state state;
    for (int answer = 1; answer != 20; ++answer)
        expect(state.on_item(forbidden()), true, action::none);
    expect(state.on_item(forbidden(assignment_ref::group("g", "a"))), true, action::stop);
    expect(state.on_item(forbidden()), true, action::none);
    auto const end = state.end();
    BOOST_TEST((end.cause == run_cause::forbidden));
    BOOST_TEST(
        end.message.find("/admin needs the application permission CloudLicensing.Read.All") !=
        std::string::npos);
    BOOST_TEST(end.message.find("Group-CloudLicensing.Read.All") != std::string::npos);
    BOOST_TEST(end.message.find("User-") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_other_answer_among_the_first_twenty_lets_the_run_go_on) {
    run_state state;
    for (int answer = 1; answer != 20; ++answer)
        state.on_item(forbidden());
    state.on_item(good_item(1));
    for (int answer = 0; answer != 100; ++answer)
        expect(state.on_item(forbidden()), true, action::none);
    BOOST_TEST((state.end().cause == run_cause::complete));
}

BOOST_AUTO_TEST_CASE(twenty_refused_certificates_at_the_start_stop_the_run) {
    run_state state;
    auto const item = failed_item(1, sample_failure(errc::certificate_rejected, 0));
    for (int answer = 1; answer != 20; ++answer)
        expect(state.on_item(item), true, action::none);
    expect(state.on_item(item), true, action::stop);
    BOOST_TEST((state.end().cause == run_cause::untrusted));
    BOOST_TEST(state.end().message.starts_with("it did not work"));
}

BOOST_AUTO_TEST_CASE(without_a_token_items_stay_pending) {
    for (auto const code : {errc::token_unavailable, errc::unauthorized}) {
        run_state state;
        state.on_item(good_item(1));
        auto const item = failed_item(2, sample_failure(code, 401));
        expect(state.on_item(item), false, action::stop);
        expect(state.on_item(item), false, action::none);
        expect(state.on_item(good_item(3)), true, action::none);
        BOOST_TEST((state.end().cause == run_cause::no_token));
        BOOST_TEST(state.end().message.find("it did not work") != std::string::npos);
        BOOST_TEST(state.end().message.find("client-request-id ") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(without_a_token_the_run_stops_however_the_wait_for_one_ended) {
    for (auto const reason : {end_reason::permanent, end_reason::attempts, end_reason::deadline}) {
        run_state state;
        state.on_item(good_item(1));
        expect(
            state.on_item(failed_item(2, sample_failure(errc::token_unavailable, 0, reason))), false,
            action::stop);
        BOOST_TEST((state.end().cause == run_cause::no_token));
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_too_late_for_another_token_is_a_row) {
    run_state state;
    auto const item = failed_item(1, sample_failure(errc::unauthorized, 401, end_reason::deadline));
    expect(state.on_item(item), true, action::none);
}

BOOST_AUTO_TEST_CASE(a_parked_run_knows_the_latest_time) {
    run_state state;
    auto why = sample_failure(errc::parked, 429, end_reason::parked);
    std::chrono::system_clock::time_point const first{std::chrono::hours(10)};
    why.retry_at = first + std::chrono::hours(1);
    expect(state.on_item(failed_item(1, why)), false, action::stop);
    why.retry_at = first;
    expect(state.on_item(failed_item(2, why)), false, action::none);
    expect(state.on_item(good_item(3)), true, action::none);
    BOOST_TEST((state.end().cause == run_cause::parked));
    BOOST_TEST((state.end().resume_at == first + std::chrono::hours(1)));
}

BOOST_AUTO_TEST_CASE(the_first_signal_stops_and_the_second_cancels) {
    run_state state;
    BOOST_TEST((state.on_signal(SIGTERM) == action::stop));
    expect(state.on_item(good_item(1)), true, action::none);
    BOOST_TEST((state.on_signal(SIGINT) == action::cancel));
    BOOST_TEST((state.on_signal(SIGINT) == action::none));
    expect(
        state.on_item(failed_item(2, sample_failure(errc::cancelled, 0, end_reason::cancelled))), false,
        action::none);
    BOOST_TEST((state.end().cause == run_cause::signal));
    BOOST_TEST(state.end().signal_number == SIGTERM);
}

BOOST_AUTO_TEST_CASE(row_02_what_is_under_way_has_a_grace) {
    run_state state;
    state.on_signal(SIGINT);
    BOOST_TEST((state.on_grace_over() == action::cancel));
    BOOST_TEST((state.on_grace_over() == action::none));
}

BOOST_AUTO_TEST_CASE(a_signal_hurries_a_run_that_already_stops) {
    run_state state;
    state.on_item(failed_item(1, sample_failure(errc::unauthorized, 401)));
    BOOST_TEST((state.on_signal(SIGINT) == action::cancel));
    BOOST_TEST((state.end().cause == run_cause::no_token));
}

BOOST_AUTO_TEST_CASE(a_cancellation_nobody_asked_for_is_a_row) {
    run_state state;
    expect(
        state.on_item(failed_item(1, sample_failure(errc::cancelled, 0, end_reason::cancelled))), true,
        action::none);
}

BOOST_AUTO_TEST_SUITE_END()
