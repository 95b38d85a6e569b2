#include "cli/audit_status.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

using namespace allot;
using namespace std::chrono_literals;

namespace {

constexpr stored_run::time_point began{1'764'000'000s};

stored_run run(std::uint64_t number, std::string end, std::chrono::milliseconds time = 90s) {
    stored_run out;
    out.number = number;
    out.started = began;
    if (!end.empty())
        out.ended = began + time;
    out.end = std::move(end);
    out.requests = 1'234'567;
    out.retries = 12;
    out.throttled = 3;
    out.held = 20s;
    return out;
}

audit_status sample() {
    audit_status out;
    out.store = "audit.db";
    out.identity = {"ids.txt", {{"graph-url", "https://graph.microsoft.com"}, {"input-format", "auto"}}};
    out.phase = audit_phase::fetching;
    out.counts.inputs = 2'000;
    out.counts.distinct = 1'990;
    out.counts.outcomes = {1'200, 0, 34, 0, 0, 0, 1};
    out.runs = {run(1, "signal")};
    return out;
}

std::string text(audit_status const& status) {
    return status_text(status, began + 1h);
}

bool has(std::string const& where, std::string const& part) {
    return where.find(part) != std::string::npos;
}

}

BOOST_AUTO_TEST_SUITE(audit_status_)

BOOST_AUTO_TEST_CASE(an_unfinished_audit) {
    BOOST_TEST(
        text(sample()) == "store         audit.db\n"
                          "input         ids.txt\n"
                          "graph-url     https://graph.microsoft.com\n"
                          "input-format  auto\n"
                          "state         unfinished: 1,235 of 2,000 rows are done, 765 are missing\n"
                          "\n"
                          "outcome               rows\n"
                          "ok                   1,200\n"
                          "not_found               34\n"
                          "failed                   1\n"
                          "missing                765\n"
                          "inputs               2,000\n"
                          "distinct             1,990\n"
                          "\n"
                          "run  started                time   requests  retries throttled   held  ended\n"
                          "  1  2025-11-24T16:00:00Z  1m30s  1,234,567       12         3    20s  stopped\n"
                          "\n"
                          "To go on, with the credentials and the other options of the first run:\n"
                          "  allot audit --store audit.db\n");
}

BOOST_AUTO_TEST_CASE(how_a_run_ended) {
    auto status = sample();
    status.runs = {run(1, ""), run(2, "no_token"), run(3, "")};
    status.last_seen[3] = began + 5s;
    BOOST_TEST(has(text(status), "      -  1,234,567       12         3    20s  killed\n"), text(status));
    BOOST_TEST(has(text(status), "20s  no token\n"));
    BOOST_TEST(has(text(status), "     5s  1,234,567       12         3    20s  killed\n"), text(status));
    status.in_use = true;
    BOOST_TEST(
        has(text(status), "  1  2025-11-24T16:00:00Z      -  1,234,567       12         3    20s  killed"));
    BOOST_TEST(has(text(status), "     5s  1,234,567       12         3    20s  running\n"));
    BOOST_TEST(has(text(status), "are missing; an allot is working on it now\n"));
    BOOST_TEST(!has(text(status), "To go on"));
    BOOST_TEST(has(status_json(status), R"("inUse":true)"));
    BOOST_TEST(has(status_json(status), R"("ended":null,"end":"killed")"));
    BOOST_TEST(has(status_json(status), R"("ended":null,"end":"running")"));
    BOOST_TEST(status_json(status).ends_with(R"(],"next":null})"));
}

BOOST_AUTO_TEST_CASE(a_parked_audit) {
    auto status = sample();
    status.runs = {run(1, "parked")};
    status.runs[0].resume_at = began + 2h + 500ms;
    BOOST_TEST(
        has(text(status), "parked        until 2025-11-24T18:00:00Z, for another 1h00m\n"), text(status));
    BOOST_TEST(has(status_json(status), R"("parkedUntil":"2025-11-24T18:00:00Z")"));
    BOOST_TEST(has(status_text(status, began + 3h), "which is over: it can go on now"));
    status.runs.push_back(run(2, "complete"));
    BOOST_TEST(!has(text(status), "parked        until"));
    status.runs.pop_back();
    status.phase = audit_phase::complete;
    BOOST_TEST(!parked_until(status).has_value());
}

BOOST_AUTO_TEST_CASE(many_runs_are_cut) {
    auto status = sample();
    status.runs.clear();
    for (std::uint64_t number = 1; number != 26; ++number)
        status.runs.push_back(run(number, "signal"));
    BOOST_TEST(has(text(status), "\n... 5 earlier ones (--json has all)\n  6  2025"), text(status));
    BOOST_TEST(has(status_json(status), R"([{"number":1,)"));
}

BOOST_AUTO_TEST_CASE(the_command_to_go_on_with) {
    auto status = sample();
    auto const expect = [&](std::string const& command) { BOOST_TEST(next_command(status) == command); };
    status.identity.options = {
        {"expand", ""}, {"graph-url", "https://h:1"}, {"input-format", "csv"}, {"select", "id,skuId"}};
    expect("allot audit --store audit.db --graph-url https://h:1 --input-format csv --select id,skuId");
    status.phase = audit_phase::reading;
    status.store = "my audit.db";
    status.identity.options.clear();
    expect("allot audit ids.txt --store 'my audit.db'");
    status.identity.input_name = "standard input";
    expect("allot audit - --store 'my audit.db'");
    status.identity.options = {{"all", "the tenant"}};
    expect("allot audit --all --store 'my audit.db'");
    status.identity.options = {{"all", "user eve o'neil"}};
    expect("allot audit --all --user 'eve o'\\''neil' --store 'my audit.db'");
    status.identity.options = {{"all", "user \x1b"}};
    expect("");
    status.identity.options = {{"select", "\x1b"}};
    expect("");
    status.identity.options.clear();
    status.phase = audit_phase::complete;
    status.store = "a.db";
    expect("allot audit --store a.db --retry-failed");
    status.counts.outcomes = {5, 0, 0, 0, 3, 0, 0};
    expect("allot export a.db -o rows.ndjson");
    status.in_use = true;
    expect("");
}

BOOST_AUTO_TEST_CASE(text_from_outside_is_shown) {
    auto status = sample();
    status.store = "\x1b[2J.db";
    status.identity = {"in\nput", {{"ten\rant", "a\u202e"}}};
    status.runs[0].end = "\x07";
    auto const shown = text(status);
    BOOST_TEST(shown.find_first_of("\x1b\r\x07") == std::string::npos);
    BOOST_TEST(has(shown, "store         \\x1b[2J.db\ninput         in\\x0aput\n"), shown);
    BOOST_TEST(has(shown, "ten\\x0dant    a\\u202e\n"), shown);
    BOOST_TEST(has(shown, "first run: the same command again\n"), shown);
    BOOST_TEST(has(status_json(status), R"("input":"in\nput")"));
}

BOOST_AUTO_TEST_SUITE_END()
