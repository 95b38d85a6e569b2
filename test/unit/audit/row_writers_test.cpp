#include "audit/row_writers.hpp"
#include "unit/audit/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

using namespace allot;
using namespace allot::test;

namespace {

std::string ndjson(audit_row const& row) {
    std::string out;
    append_ndjson(out, row);
    return out;
}

std::string csv(audit_row const& row) {
    std::string out;
    append_csv(out, row);
    return out;
}

invalid_entry bad_line() {
    invalid_entry entry;
    entry.position = 4;
    entry.line = 9;
    entry.assignment_id = "../a\"b";
    entry.problem = "line 9: no";
    return entry;
}

/// A row of a failure: its outcome as NDJSON, and error code and reason.
void expect_failure(
    errc code, int status, end_reason reason, std::string const& outcome, std::string const& name) {
    auto const item = failed_item(1, sample_failure(code, status, reason));
    auto const error =
        R"({"code":")" + name + R"(","message":"it did not work","reason":")" + to_string(reason) + R"("})";
    BOOST_TEST(
        ndjson(make_row(1, item)) ==
        R"({"position":1,"scope":"admin","principalId":null,"assignmentId":"a","outcome":")" + outcome +
            R"(","allotment":null,"error":)" + error + R"(,"httpStatus":)" + std::to_string(status) +
            R"(,"attempts":1,"requestId":"r-1","clientRequestId":"c-1","durationMs":1.500})" + "\n");
    BOOST_TEST(
        csv(make_row(1, item)) == "1,admin,,a," + outcome + ",,,,,,," + name + ",it did not work," +
                                      to_string(reason) + ',' + std::to_string(status) +
                                      ",1,r-1,c-1,1.500\r\n");
}

}

BOOST_AUTO_TEST_SUITE(row_writers)

BOOST_AUTO_TEST_CASE(an_allotment) {
    auto value = sample_allotment();
    value.sku_id = guid{
        {0x4b, 0x94, 0x05, 0xb0, 0x77, 0x88, 0x45, 0x68, 0xad, 0xd1, 0x99, 0x61, 0x4e, 0x61, 0x3b, 0x69}};
    auto const item = good_item(7, assignment_ref::user("eve@contoso.com", "a-1"), value);
    BOOST_TEST(
        ndjson(make_row(12, item)) ==
        R"({"position":12,"scope":"user","principalId":"eve@contoso.com","assignmentId":"a-1","outcome":"ok",)"
        R"("allotment":{"id":"pool","allottedUnits":250,"consumedUnits":224,"assignableTo":"user,group",)"
        R"("skuId":"4b9405b0-7788-4568-add1-99614e613b69","skuPartNumber":"EXCHANGESTANDARD"},"error":null,)"
        R"("httpStatus":200,"attempts":1,"requestId":"r-1","clientRequestId":"c-1","durationMs":1.500})"
        "\n");
    BOOST_TEST(
        csv(make_row(12, item)) ==
        "12,user,eve@contoso.com,a-1,ok,pool,250,224,\"user,group\",4b9405b0-7788-4568-add1-99614e613b69,"
        "EXCHANGESTANDARD,,,,200,1,r-1,c-1,1.500\r\n");
}

BOOST_AUTO_TEST_CASE(an_allotment_of_which_little_was_selected) {
    allotment value;
    value.consumed_units = -3;
    value.assignable_to = assignee_types{};
    auto const item = good_item(1, assignment_ref::group("g", "a"), value);
    BOOST_TEST(csv(make_row(1, item)) == "1,group,g,a,ok,,,-3,none,,,,,,200,1,r-1,c-1,1.500\r\n");
}

BOOST_AUTO_TEST_CASE(no_allotment_is_no_error) {
    auto const item = failed_item(1, sample_failure(errc::no_allotment, 204));
    BOOST_TEST(
        ndjson(make_row(1, item)) ==
        R"({"position":1,"scope":"admin","principalId":null,"assignmentId":"a","outcome":"none","allotment":null,)"
        R"("error":null,"httpStatus":204,"attempts":1,"requestId":"r-1","clientRequestId":"c-1","durationMs":1.500})"
        "\n");
    BOOST_TEST(csv(make_row(1, item)) == "1,admin,,a,none,,,,,,,,,,204,1,r-1,c-1,1.500\r\n");
}

BOOST_AUTO_TEST_CASE(each_failure_has_its_outcome) {
    auto const permanent = end_reason::permanent;
    expect_failure(errc::not_found, 404, permanent, "not_found", "not_found");
    expect_failure(errc::forbidden, 403, permanent, "forbidden", "forbidden");
    expect_failure(errc::bad_body, 200, permanent, "bad_body", "bad_body");
    expect_failure(errc::request_rejected, 400, permanent, "failed", "request_rejected");
    expect_failure(errc::redirected, 302, permanent, "failed", "redirected");
    expect_failure(errc::certificate_rejected, 0, permanent, "failed", "certificate_rejected");
    expect_failure(errc::throttled, 429, end_reason::attempts, "failed", "throttled");
    expect_failure(errc::server_error, 503, end_reason::attempts, "failed", "server_error");
    expect_failure(errc::connection_lost, 0, end_reason::attempts, "failed", "connection_lost");
    expect_failure(errc::deadline_exceeded, 503, end_reason::deadline, "failed", "deadline_exceeded");
    expect_failure(errc::cancelled, 0, end_reason::cancelled, "failed", "cancelled");
}

BOOST_AUTO_TEST_CASE(graphs_code_is_named_once) {
    auto why = sample_failure(errc::forbidden, 403);
    why.graph_code = "Authorization_RequestDenied";
    BOOST_TEST(
        make_row(1, failed_item(1, why)).error->message ==
        "it did not work (Graph's code: Authorization_RequestDenied)");
    why.message = "Authorization_RequestDenied: no";
    BOOST_TEST(make_row(1, failed_item(1, why)).error->message == "Authorization_RequestDenied: no");
}

BOOST_AUTO_TEST_CASE(an_entry_that_was_never_sent) {
    auto const entry = bad_line();
    BOOST_TEST(
        ndjson(make_row(entry)) ==
        R"({"position":4,"scope":"admin","principalId":null,"assignmentId":"../a\"b","outcome":"invalid_input",)"
        R"("allotment":null,"error":{"code":"invalid_reference","message":"line 9: no","reason":"permanent"},)"
        R"("httpStatus":0,"attempts":0,"requestId":"","clientRequestId":"","durationMs":0.000})"
        "\n");
    BOOST_TEST(
        csv(make_row(entry)) ==
        "4,admin,,\"../a\"\"b\",invalid_input,,,,,,,invalid_reference,line 9: no,permanent,0,0,,,0.000\r\n");
}

BOOST_AUTO_TEST_CASE(row_25_formulas_are_defused_in_csv) {
    for (auto const* const formula : {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "=\"a\",b"}) {
        auto value = sample_allotment();
        value.sku_part_number = formula;
        auto const item = good_item(1, assignment_ref::admin("-id"), value);
        auto const line = csv(make_row(1, item));
        auto const defused = "'" + std::string(formula);
        std::string quoted = defused == "'=\"a\",b" ? "\"'=\"\"a\"\",b\"" : defused;
        BOOST_TEST(line.find("," + quoted + ",,,") != std::string::npos, line);
        BOOST_TEST(line.starts_with("1,admin,,'-id,ok"), line);
    }
    auto value = sample_allotment();
    value.sku_part_number = "\rx";
    BOOST_TEST(
        csv(make_row(1, good_item(1, assignment_ref::admin("a"), value))).find(",\"'\rx\",") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(row_25_hostile_text_of_a_server_stays_in_its_cell) {
    auto why = sample_failure(errc::request_rejected, 400);
    why.message = std::string("a\r\nb\0c,\"\xff\x1b[31m\xc2\x9b", 16);
    auto const item = failed_item(1, why);
    BOOST_TEST(
        csv(make_row(1, item)) == "1,admin,,a,failed,,,,,,,request_rejected,\"a\r\nb\\x00"
                                  "c,\"\"\xef\xbf\xbd\\x1b[31m\\x9b\",permanent,400,1,r-1,c-1,1.500\r\n");
    auto const line = ndjson(make_row(1, item));
    BOOST_TEST(line.find(R"("message":"a\r\nb\u0000c,\")") != std::string::npos, line);
    BOOST_TEST(std::count(line.begin(), line.end(), '\n') == 1);
}

BOOST_AUTO_TEST_CASE(header_and_records_have_as_many_columns) {
    auto const header = csv_header();
    BOOST_TEST(header.ends_with("\r\n"));
    auto const record = csv(make_row(bad_line()));
    BOOST_TEST(
        std::count(header.begin(), header.end(), ',') == std::count(record.begin(), record.end(), ','));
}

BOOST_AUTO_TEST_SUITE_END()
