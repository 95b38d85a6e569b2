#include "cli/app.hpp"
#include "unit/audit/scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <iostream>
#include <sstream>
#include <stdlib.h>
#include <string>
#include <vector>

using namespace allot;
using namespace allot::test;

namespace {

/// Runs a command line with an environment that has a token; nothing here sends a request.
struct fixture {
    fixture() {
        out_ = std::cout.rdbuf(out.rdbuf());
        err_ = std::cerr.rdbuf(err.rdbuf());
    }
    ~fixture() {
        std::cout.rdbuf(out_);
        std::cerr.rdbuf(err_);
        ::unsetenv("ALLOT_TOKEN");
    }

    int run(std::vector<char const*> words) {
        words.insert(words.begin(), "allot");
        // A command takes it out of the environment.
        if (has_token)
            ::setenv("ALLOT_TOKEN", "marker", 1);
        out.str({});
        err.str({});
        return run_command_line(static_cast<int>(words.size()), words.data());
    }

    void expect_usage(std::vector<char const*> words, std::string const& message, std::string const& hint) {
        BOOST_TEST(run(std::move(words)) == 2);
        BOOST_TEST(err.str().find(message) != std::string::npos, err.str());
        BOOST_TEST(err.str().ends_with("try '" + hint + " --help'\n"), err.str());
        BOOST_TEST(err.str().find("marker") == std::string::npos);
    }

    bool has_token = true;
    std::ostringstream out;
    std::ostringstream err;
    std::streambuf* out_;
    std::streambuf* err_;
    scratch_folder folder;
};

}

BOOST_FIXTURE_TEST_SUITE(app, fixture)

BOOST_AUTO_TEST_CASE(help_of_every_command) {
    for (auto const* const command :
         {"get", "list", "audit", "plan", "export", "status", "diff", "simulate", "demo"}) {
        BOOST_TEST(run({command, "--help"}) == 0);
        BOOST_TEST(out.str().find(std::string("allot ") + command) != std::string::npos, out.str());
    }
    BOOST_TEST(run({"--help"}) == 0);
    BOOST_TEST(out.str().find("audit") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(version) {
    BOOST_TEST(run({"--version"}) == 0);
    BOOST_TEST(out.str().starts_with("allot "));
    BOOST_TEST(out.str().find("\nopenssl OpenSSL 3.") != std::string::npos, out.str());
    BOOST_TEST(run({"--version", "--json"}) == 0);
    BOOST_TEST(out.str().starts_with("{\"version\":\""));
    BOOST_TEST(out.str().ends_with("\"}\n"));
    BOOST_TEST(run({"--json"}) == 2);
}

BOOST_AUTO_TEST_CASE(usage_errors_say_where_help_is) {
    expect_usage({}, "there is no command", "allot");
    expect_usage({"fetch"}, "fetch", "allot");
    expect_usage({"audit", "--retry-failed"}, "needs --store", "allot audit");
    expect_usage({"audit", "--format", "xml"}, "--format: must be ndjson or csv", "allot audit");
    expect_usage(
        {"audit", "--input-format", "xls"}, "--input-format: must be auto, lines, csv or ndjson",
        "allot audit");
    expect_usage({"export"}, "DB is required", "allot export");
    expect_usage({"export", "x", "--format", "xml"}, "--format: must be ndjson or csv", "allot export");
    expect_usage({"status"}, "DB is required", "allot status");
    expect_usage({"diff", "a"}, "NEW is required", "allot diff");
    expect_usage({"diff", "a", "b", "--format", "csv"}, "--format: must be text or ndjson", "allot diff");
    expect_usage({"plan", "ids", "--count", "5"}, "--count is for what has no input", "allot plan");
    expect_usage({"plan", "--count", "-1"}, "--count: must be a whole number from 0", "allot plan");
    expect_usage({"plan", "--rate", "0"}, "--rate: must be a number of requests", "allot plan");
    expect_usage({"plan", "ids", "--input-format", "xls"}, "--input-format: must be auto,", "allot plan");
    expect_usage({"get"}, "ASSIGNMENT_ID is required", "allot get");
    expect_usage({"get", "--user", "u", "--group", "g", "a"}, "excludes", "allot get");
    expect_usage({"get", "../x"}, "assignment id", "allot get");
    expect_usage({"get", "--user", "..", "x"}, "user id", "allot get");
    expect_usage({"list", "--user", "u", "--group", "g"}, "excludes", "allot list");
    expect_usage({"list", "--user", "a/b"}, "user id", "allot list");
    expect_usage({"list", "--group", ""}, "group id", "allot list");
    expect_usage({"list", "--select", "a b"}, "$select", "allot list");
    expect_usage(
        {"list", "--page-size", "1000"}, "--page-size: must be a whole number from 1 to 999", "allot list");
    expect_usage({"list", "x"}, "x", "allot list");
    expect_usage({"get", "x", "--select", "a b"}, "$select", "allot get");
    expect_usage({"get", "x", "--ca-file", "/nowhere/ca.pem"}, "/nowhere/ca.pem", "allot get");
    expect_usage(
        {"demo", "--assignments", "0"}, "--assignments: must be a whole number from 1", "allot demo");
}

BOOST_AUTO_TEST_CASE(who_types_nothing_is_shown_what_to_type) {
    BOOST_TEST(run({}) == 2);
    BOOST_TEST(err.str().find("\n  allot demo ") != std::string::npos, err.str());
    BOOST_TEST(err.str().find("\n  allot audit ids.txt ") != std::string::npos, err.str());
    BOOST_TEST(out.str() == "");
}

BOOST_AUTO_TEST_CASE(row_23_no_command_leaves_a_secret_in_the_environment) {
    for (auto const& words :
         {std::vector<char const*>{"--version"},
          {"export", "nothing.db"},
          {"get", "x", "--ca-file", "/nothing"}}) {
        run(words);
        BOOST_TEST(std::getenv("ALLOT_TOKEN") == nullptr, words.front());
    }
}

BOOST_AUTO_TEST_CASE(without_a_credential_the_ways_are_named) {
    has_token = false;
    expect_usage({"get", "x", "--auth", "token"}, "set ALLOT_TOKEN", "allot get");
}

BOOST_AUTO_TEST_CASE(inputs_that_cannot_be_used) {
    auto const expect_input_error = [&](std::string const& path, std::string const& message, int code = 2) {
        BOOST_TEST(run({"audit", path.c_str()}) == code);
        BOOST_TEST(err.str().find(message) != std::string::npos, err.str());
    };
    expect_input_error(folder / "none", "there is no such file");
    expect_input_error(folder / ".", "is a directory");
    expect_input_error(folder.write("empty", ""), "is empty");
    expect_input_error(
        folder.write(
            "binary", std::string(
                          "\x7f"
                          "ELF\0\xff\xfe\xfd\xfc\xfb",
                          10)),
        "is a binary file");
    expect_input_error("/proc/self/mem", "cannot read", 4);
}

BOOST_AUTO_TEST_CASE(strict_lists_what_is_invalid) {
    std::string text;
    for (int line = 0; line != 12; ++line)
        text += "../x\n";
    auto const path = folder.write("ids", "good\n" + text);
    BOOST_TEST(run({"audit", "--strict", path.c_str()}) == 2);
    BOOST_TEST(err.str().find("12 of 13 entries are invalid; line 2: ") != std::string::npos, err.str());
    BOOST_TEST(err.str().ends_with("; ...\n"), err.str());
}

BOOST_AUTO_TEST_CASE(the_output_is_not_the_input) {
    auto const path = folder.write("ids", "a\n");
    expect_usage({"audit", path.c_str(), "--output", path.c_str()}, "is the input", "allot audit");
    BOOST_TEST(text_of(path) == "a\n");
}

BOOST_AUTO_TEST_CASE(an_audit_of_invalid_entries_needs_no_network) {
    auto const path = folder.write("ids", "../x\n..\n");
    auto const rows = folder / "rows.csv";
    BOOST_TEST(
        run({"audit", path.c_str(), "--format", "csv", "-o", rows.c_str(), "--log-level", "error"}) == 1);
    auto const text = text_of(rows);
    BOOST_TEST(text.starts_with("position,scope"));
    BOOST_TEST(text.find("\r\n1,admin,,../x,invalid_input,") != std::string::npos, text);
    BOOST_TEST(text.find("\r\n2,admin,,..,invalid_input,") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(an_output_that_cannot_be_made) {
    auto const path = folder.write("ids", "a\n");
    auto const rows = folder / "none/rows";
    BOOST_TEST(run({"audit", path.c_str(), "-o", rows.c_str()}) == 4);
    BOOST_TEST(
        err.str().find("none/rows.partial: No such file or directory") != std::string::npos, err.str());
}

BOOST_AUTO_TEST_SUITE_END()
