#include "audit/next_steps.hpp"
#include "unit/audit/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace allot;
using namespace allot::test;

namespace {

audit_summary failed_and_refused() {
    audit_summary summary;
    summary.add(make_row(1, failed_item(1, sample_failure(errc::throttled, 429, end_reason::attempts))));
    summary.add(make_row(2, failed_item(2, sample_failure(errc::forbidden, 403))));
    return summary;
}

audit_summary invalid() {
    audit_summary summary;
    summary.add(make_row(invalid_entry{1, 1, assignment_scope::admin, "", "..", "line 1: no"}));
    return summary;
}

audit_summary good() {
    audit_summary summary;
    summary.add(make_row(1, failed_item(1, sample_failure(errc::not_found, 404))));
    return summary;
}

}

BOOST_AUTO_TEST_SUITE(next_steps_)

BOOST_AUTO_TEST_CASE(good_rows_leave_nothing_to_do) {
    BOOST_TEST(next_steps(good(), "never", 80) == "");
    BOOST_TEST(repeat_of_rows(good(), "rows.ndjson") == "");
}

BOOST_AUTO_TEST_CASE(each_outcome_has_its_advice) {
    BOOST_TEST(
        next_steps(failed_and_refused(), "again", 80) ==
        "\nWhat to do about the error rows:\n"
        "  forbidden: error.message names the permission that is missing.\n"
        "  failed: error.message and error.reason say why retrying ended.\n"
        "  To ask again, with the same options:\n"
        "    again\n");
    BOOST_TEST(
        next_steps(invalid(), "", 40) == "\nWhat to do about the error rows:\n"
                                         "  invalid_input: error.message names the\n"
                                         "  line and the rule that it breaks.\n");
}

BOOST_AUTO_TEST_CASE(only_what_may_end_otherwise_is_asked_again) {
    BOOST_TEST(repeat_of_rows(invalid(), "rows.ndjson") == "");
    BOOST_TEST(next_steps(invalid(), "again", 40) == next_steps(invalid(), "", 40));
    BOOST_TEST(
        repeat_of_rows(failed_and_refused(), "rows.ndjson") ==
        "grep -E '\"outcome\":\"(forbidden|failed)\"' rows.ndjson | allot audit - -o again.ndjson");
}

BOOST_AUTO_TEST_CASE(paths_are_fit_for_a_shell) {
    auto const summary = failed_and_refused();
    auto const has = [&](std::string const& path, std::string const& part) {
        auto const line = repeat_of_rows(summary, path);
        BOOST_TEST(line.find("\"' " + part + " | ") != std::string::npos, line);
    };
    has("a b", "'a b'");
    has("it's", R"('it'\''s')");
    has("-x", "./-x");
    has("-x y", "./'-x y'");
    BOOST_TEST(repeat_of_rows(summary, "a\x1b[2J") == "");
    BOOST_TEST(repeat_of_rows(summary, "") == "");
}

BOOST_AUTO_TEST_SUITE_END()
