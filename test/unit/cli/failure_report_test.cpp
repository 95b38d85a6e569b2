#include "cli/exit_code.hpp"
#include "cli/failure_report.hpp"
#include "unit/cli/captured_output.hpp"

#include <boost/test/unit_test.hpp>

using namespace allot;

namespace {

int reported(errc code) {
    test::captured_output const errors(STDERR_FILENO);
    console terminal{console_options()};
    failure why;
    why.code = code;
    return report_failure(why, assignment_scope::admin, terminal);
}

}

BOOST_AUTO_TEST_SUITE(failure_reports)

BOOST_AUTO_TEST_CASE(who_may_not_ask_gets_an_exit_code_of_its_own) {
    for (auto const code :
         {errc::forbidden, errc::unauthorized, errc::token_unavailable, errc::credential_unavailable,
          errc::certificate_rejected})
        BOOST_TEST(reported(code) == exit_denied, make_error_code(code).message());
}

BOOST_AUTO_TEST_CASE(other_failures) {
    BOOST_TEST(reported(errc::parked) == exit_parked);
    for (auto const code : {errc::not_found, errc::throttled, errc::connection_lost})
        BOOST_TEST(reported(code) == exit_error_rows, make_error_code(code).message());
}

BOOST_AUTO_TEST_SUITE_END()
