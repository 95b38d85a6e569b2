#include "audit/input.hpp"
#include "support/collected_input.hpp"
#include "unit/audit/sources.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace allot;
using namespace std::string_literals;
using allot::test::audit_input;
using allot::test::read_input;
using allot::test::text_source;

namespace {

audit_input
read(std::string text, input_format format = input_format::automatic, std::string const& name = "ids") {
    return read_input(text_source(std::move(text), 7), name, format);
}

/// "scope principal id" of each reference, with its position.
std::vector<std::string> described(audit_input const& input) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at != input.references.size(); ++at) {
        auto const& reference = input.references[at];
        out.push_back(
            std::to_string(input.positions[at]) + ' ' + to_string(reference.scope()) + ' ' +
            reference.principal_id() + ' ' + reference.assignment_id());
    }
    return out;
}

void expect(audit_input const& input, std::vector<std::string> const& expected) {
    BOOST_TEST(described(input) == expected, boost::test_tools::per_element());
    BOOST_TEST(input.invalid.empty());
}

/// The one entry of the input, which is refused with a problem that holds `rule`.
invalid_entry expect_refused(std::string const& text, input_format format, std::string const& rule) {
    auto const input = read(text, format);
    BOOST_TEST_CONTEXT(text.substr(0, 80)) {
        BOOST_TEST(input.references.empty());
        BOOST_REQUIRE_EQUAL(input.invalid.size(), 1U);
        BOOST_TEST(input.invalid[0].problem.find(rule) != std::string::npos, input.invalid[0].problem);
    }
    return input.invalid[0];
}

void expect_unusable(std::string text, input_format format, std::string const& message) {
    BOOST_CHECK_EXCEPTION(read(std::move(text), format), input_error, [&](input_error const& error) {
        BOOST_TEST(std::string(error.what()).find(message) != std::string::npos, error.what());
        BOOST_TEST(std::string(error.what()).starts_with("ids"), error.what());
        return true;
    });
}

}

BOOST_AUTO_TEST_SUITE(input)

BOOST_AUTO_TEST_CASE(lines) {
    auto const input =
        read("\xef\xbb\xbf# ids\r\n\r\n a-1 \r\nusers/eve@contoso.com/b\n\ngroups/g/c\n#x\n\t\nd");
    expect(input, {"1 admin  a-1", "2 user eve@contoso.com b", "3 group g c", "4 admin  d"});
}

BOOST_AUTO_TEST_CASE(csv_in_any_column_order) {
    expect(
        read("userId,note,assignmentId,groupId\r\n,\"x,\ny\",a,\r\nu,,b,\n\n,\"\"\"\",\"c\",g\n"),
        {"1 admin  a", "2 user u b", "3 group g c"});
    expect(read("assignmentid\na\nb", input_format::csv), {"1 admin  a", "2 admin  b"});
}

BOOST_AUTO_TEST_CASE(ndjson) {
    expect(
        read("{\"assignmentId\":\"a\"}\n\n {\"userId\":\"u\",\"assignmentId\":\"b\",\"other\":[1]}\r\n"
             "{\"groupId\":\"g\",\"userId\":null,\"assignmentId\":\"c\"}"),
        {"1 admin  a", "2 user u b", "3 group g c"});
}

BOOST_AUTO_TEST_CASE(rows_of_an_audit_are_an_input_again) {
    expect(
        read("{\"position\":1,\"scope\":\"user\",\"principalId\":\"u\",\"assignmentId\":\"a\",\"outcome\":"
             "\"failed\"}\n"
             "{\"position\":2,\"scope\":\"admin\",\"principalId\":null,\"assignmentId\":\"b\"}\n"),
        {"1 user u a", "2 admin  b"});
    expect(
        read("position,scope,principalId,assignmentId\r\n9,group,g,a\r\n8,admin,,b\r\n"),
        {"1 group g a", "2 admin  b"});
}

BOOST_AUTO_TEST_CASE(the_name_decides_before_the_content) {
    expect(read("assignmentId\na\n", input_format::automatic, "ids.CSV"), {"1 admin  a"});
    BOOST_CHECK_THROW(read("a,b\n", input_format::automatic, "ids.csv"), input_error);
    auto const input = read("a\n", input_format::automatic, "ids.jsonl");
    BOOST_TEST(input.invalid.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_given_format_decides_before_all) {
    auto const input = read("assignmentId\na\n", input_format::lines, "ids.csv");
    BOOST_TEST(input.references.size() == 2U);
}

BOOST_AUTO_TEST_CASE(invalid_entries_keep_their_positions_and_lines) {
    auto const input = read("a\n\n../b\nc\nusers/x\n");
    std::vector<std::string> const expected{"1 admin  a", "3 admin  c"};
    BOOST_TEST(described(input) == expected, boost::test_tools::per_element());
    BOOST_REQUIRE_EQUAL(input.invalid.size(), 2U);
    BOOST_TEST(input.invalid[0].position == 2U);
    BOOST_TEST(input.invalid[0].line == 3U);
    BOOST_TEST(input.invalid[0].assignment_id == "../b");
    BOOST_TEST(input.invalid[0].problem.starts_with("line 3: "));
    BOOST_TEST(input.invalid[1].position == 4U);
    BOOST_TEST(input.invalid[1].line == 5U);
    BOOST_TEST((input.invalid[1].scope == assignment_scope::user));
    BOOST_TEST(input.size() == 4U);
}

BOOST_AUTO_TEST_CASE(hostile_lines_are_refused) {
    auto const lines = input_format::lines;
    expect_refused("../../users", lines, "'/'");
    expect_refused("users/../x", lines, "user id");
    expect_refused("users/x/..", lines, "\"..\"");
    expect_refused("groups/g/a/b", lines, "'/'");
    expect_refused("users/only", lines, "users/ID/ASSIGNMENT_ID");
    expect_refused("a%2fb", lines, "'%'");
    expect_refused("a?b", lines, "'?'");
    expect_refused("a\\b", lines, "not allowed");
    expect_refused("a\rb", lines, "not allowed");
    expect_refused("a\0b"s, lines, "NUL character at byte 1");
    expect_refused("ab\xff", lines, "not UTF-8 at byte 2");
    expect_refused("users//x", lines, "user id is empty");
    auto const entry = expect_refused(std::string(10'000, 'x'), lines, "10000 bytes");
    BOOST_TEST(entry.assignment_id.size() == 256U);
    auto const longest = expect_refused(std::string(100'000, 'x'), lines, "longer than 65536 bytes");
    BOOST_TEST(longest.assignment_id.size() == 256U);
}

BOOST_AUTO_TEST_CASE(hostile_objects_are_refused) {
    auto const ndjson = input_format::ndjson;
    expect_refused("{\"assignmentId\":\"a\\r\\nHost: x\"}", ndjson, "not allowed");
    expect_refused("{\"assignmentId\":\"a\\u0000\"}", ndjson, "not allowed");
    expect_refused("{\"assignmentId\":7}", ndjson, "assignmentId is not a string");
    expect_refused("{\"assignmentId\":\"\"}", ndjson, "assignmentId is missing");
    expect_refused("{}", ndjson, "assignmentId is missing");
    expect_refused("{\"assignmentId\":\"a\"} x", ndjson, "not JSON");
    expect_refused("[1]", ndjson, "not a JSON object");
    expect_refused("{\"assignmentId\":\"a\",\"userId\":\"\"}", ndjson, "user id is empty");
    expect_refused("{\"assignmentId\":\"a\",\"userId\":\"u\",\"groupId\":\"g\"}", ndjson, "only one of");
    expect_refused("{\"assignmentId\":\"a\",\"principalId\":\"u\"}", ndjson, "do not fit");
    expect_refused("{\"assignmentId\":\"a\",\"scope\":\"user\"}", ndjson, "do not fit");
    expect_refused(
        "{\"assignmentId\":\"a\",\"scope\":\"admin\",\"principalId\":\"u\"}", ndjson, "do not fit");
    expect_refused(
        "{\"assignmentId\":\"a\",\"scope\":\"device\",\"principalId\":\"u\"}", ndjson, "scope is not");
    expect_refused(std::string(100, '['), ndjson, "not JSON");
    expect_refused(
        "{\"assignmentId\":\"" + std::string(70'000, 'x') + "\"}", ndjson, "longer than 65536 bytes");
}

BOOST_AUTO_TEST_CASE(hostile_records_are_refused) {
    auto const csv = input_format::csv;
    auto const after_header = [](std::string const& record) { return "assignmentId,userId\n" + record; };
    expect_refused(after_header("\"a\r\nb\",\n"), csv, "not allowed");
    expect_refused(after_header("a"), csv, "1 fields, the header 2");
    expect_refused(after_header("a,b,c"), csv, "3 fields, the header 2");
    expect_refused(after_header(",u"), csv, "assignmentId is missing");
    expect_refused(after_header("a\"b,"), csv, "quotation mark");
    expect_refused(after_header("\"a,b\nc"), csv, "left open");
    expect_refused(after_header("a\0b,"s), csv, "NUL");
    auto const entry = expect_refused(after_header("=cmd|x,u"), csv, "not allowed");
    BOOST_TEST(entry.line == 2U);
    BOOST_TEST(entry.principal_id == "u");
}

BOOST_AUTO_TEST_CASE(text_of_refused_entries_is_fit_for_files) {
    auto const entry = expect_refused("\xff\x1b[2J", input_format::lines, "UTF-8");
    BOOST_TEST(entry.assignment_id == "\xef\xbf\xbd\x1b[2J");
}

BOOST_AUTO_TEST_CASE(unusable_inputs) {
    auto const automatic = input_format::automatic;
    expect_unusable("", automatic, "is empty; expected is one assignment per line");
    expect_unusable("\xef\xbb\xbf", automatic, "holds no assignment");
    expect_unusable("\n# only a comment\n", automatic, "holds no assignment");
    expect_unusable(
        "\xff\xfe"
        "a\0\n\0"s,
        automatic, "UTF-16");
    expect_unusable("\xfe\xff\0a\0\n"s, automatic, "UTF-16");
    expect_unusable(
        "\x7f"
        "ELF\0\xff\xfe\xfd\xfc\xfb"s,
        automatic, "binary");
    expect_unusable("id,user\na,b\n", input_format::csv, "no column assignmentId");
    expect_unusable("assignmentId;userId\na;b\n", input_format::csv, "separated by commas");
    expect_unusable("assignmentId,AssignmentID\na,b\n", input_format::csv, "more than once");
    expect_unusable("\"assignmentId\n", input_format::csv, "header is unusable");
    expect_unusable("assignmentId\n", input_format::csv, "holds no assignment");
}

BOOST_AUTO_TEST_CASE(errors_of_the_source_come_through) {
    auto const failing = [](std::span<char>) -> std::size_t { throw std::runtime_error("disk"); };
    BOOST_CHECK_THROW(read_input(failing, "ids", input_format::lines), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
