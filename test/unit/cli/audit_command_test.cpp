#include "cli/app.hpp"
#include "simulator/simulator.hpp"
#include "unit/cli/captured_output.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace allot;
using namespace allot::test;

namespace {

struct run_result {
    int code = 0;
    std::string out;
    std::string err;
};

run_result run(std::vector<std::string> const& words) {
    std::vector<char const*> arguments{"allot"};
    for (auto const& word : words)
        arguments.push_back(word.c_str());
    captured_output const out(STDOUT_FILENO);
    captured_output const err(STDERR_FILENO);
    auto const code = run_command_line(static_cast<int>(arguments.size()), arguments.data());
    return {code, out.text(), err.text()};
}

/// A simulator, and the commands with the options that reach it.
struct fixture {
    scratch_folder folder;
    std::unique_ptr<simulator> graph;

    /// The references are in the file "ids".
    void start(std::size_t assignments, simulation::script script = {}) {
        simulator_params params;
        params.assignments = assignments;
        params.ids_file = folder / "ids";
        params.script = std::move(script);
        graph = simulator::start(std::move(params)).value();
    }

    /// A script that answers every allotment request like this.
    static simulation::script answering(unsigned status, std::string retry_after = {}) {
        simulation::rule rule;
        rule.match.path = simulation::path_pattern("/allotment$");
        rule.action.status = status;
        if (!retry_after.empty())
            rule.action.fields.push_back({"Retry-After", {std::move(retry_after)}});
        simulation::script script;
        script.rules.push_back(std::move(rule));
        return script;
    }

    run_result command(std::vector<std::string> words, std::vector<std::string> const& more = {}) const {
        auto const& info = graph->info();
        std::vector<std::string> const where{
            "--graph-url", info.graph_url,         "--token-url",           info.token_url, "--ca-file",
            info.ca_file,  "--client-secret-file", info.client_secret_file, "--client-id",  info.client_id};
        words.insert(words.end(), where.begin(), where.end());
        words.insert(words.end(), more.begin(), more.end());
        return run(words);
    }

    run_result audit(std::vector<std::string> const& more = {}) const {
        return command({"audit", folder / "ids", "-o", folder / "rows"}, more);
    }

    std::string rows() const { return text_of(folder / "rows"); }
    std::string partial_rows() const { return text_of(folder / "rows.partial"); }
};

auto lines_in(std::string const& text) {
    return std::count(text.begin(), text.end(), '\n');
}

bool has(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

}

BOOST_FIXTURE_TEST_SUITE(audit_command, fixture)

BOOST_AUTO_TEST_CASE(every_assignment_has_its_row) {
    start(300);
    auto const result = audit();
    BOOST_TEST(result.code == 0);
    BOOST_TEST(lines_in(rows()) == 300);
    BOOST_TEST(!std::filesystem::exists(folder / "rows.partial"));
    BOOST_TEST(has(result.err, "ok                                             300\n"), result.err);
    BOOST_TEST(!has(result.err, "\x1b"));
    BOOST_TEST(!has(result.err, "\r"));
}

BOOST_AUTO_TEST_CASE(rows_can_be_csv) {
    start(20);
    BOOST_TEST(audit({"--format", "csv", "--concurrency", "3", "--connections", "2"}).code == 0);
    BOOST_TEST(lines_in(rows()) == 21);
    BOOST_TEST(has(rows(), ",ok,"));
}

BOOST_AUTO_TEST_CASE(a_missing_assignment_is_a_finding) {
    start(5, answering(404));
    BOOST_TEST(audit().code == 0);
    BOOST_TEST(has(rows(), R"("outcome":"not_found")"));
}

BOOST_AUTO_TEST_CASE(error_rows_finish_the_file) {
    start(5, answering(400));
    auto const result = audit({"--log-level", "debug"});
    BOOST_TEST(result.code == 1);
    BOOST_TEST(lines_in(rows()) == 5);
    BOOST_TEST(has(result.err, "allot: debug: row 1: failed: "), result.err);
    BOOST_TEST(has(result.err, "allot: token source: client secret of "), result.err);
    auto const again = "' " + (folder / "rows") + " | allot audit - -o again.ndjson\n";
    BOOST_TEST(result.err.ends_with(again), result.err);
}

BOOST_AUTO_TEST_CASE(refusals_from_the_start_end_with_the_permission) {
    start(200, answering(403));
    auto const result = audit({"--concurrency", "4"});
    BOOST_TEST(result.code == 3);
    BOOST_TEST(has(result.err, "CloudLicensing.Read.All"), result.err);
    BOOST_TEST(has(result.err, "of 200 rows are done"), result.err);
    BOOST_TEST(has(result.err, "the rows are in " + (folder / "rows.partial")), result.err);
    BOOST_TEST(lines_in(partial_rows()) < 30);
    BOOST_TEST(!std::filesystem::exists(folder / "rows"));
}

BOOST_AUTO_TEST_CASE(a_refused_token_ends_the_run_without_rows) {
    start(50, answering(401));
    auto const result = audit();
    BOOST_TEST(result.code == 3);
    BOOST_TEST(has(result.err, "Graph refuses the token (401)"), result.err);
    BOOST_TEST(partial_rows() == "");
}

BOOST_AUTO_TEST_CASE(a_long_wait_parks_the_run) {
    start(50, answering(429, "7200"));
    auto const result = audit({"--max-wait", "10m", "--log-format", "json"});
    BOOST_TEST(result.code == 75);
    BOOST_TEST(has(result.err, "parked: resume after 20"), result.err);
    BOOST_TEST(has(result.err, R"("message":"summary","summary":{"inputs":50,"rows":0,)"), result.err);
    BOOST_TEST(partial_rows() == "");
}

BOOST_AUTO_TEST_CASE(an_unknown_root_is_named_and_nothing_is_sent) {
    start(30);
    simulator_params params;
    params.assignments = 1;
    auto const stranger = simulator::start(std::move(params)).value();
    auto const result = run(
        {"audit", folder / "ids", "-o", folder / "rows", "--graph-url", graph->info().graph_url,
         "--token-url", graph->info().token_url, "--ca-file", stranger->info().ca_file, "--client-id",
         graph->info().client_id, "--client-secret-file", graph->info().client_secret_file});
    BOOST_TEST(result.code == 3);
    BOOST_TEST(has(result.err, "certificate"), result.err);
    BOOST_TEST(graph->stats().requests == 0U);
}

BOOST_AUTO_TEST_CASE(get_prints_one_allotment) {
    start(50);
    std::istringstream ids(text_of(folder / "ids"));
    std::string id;
    while (std::getline(ids, id) && has(id, "/"))
        continue;
    auto const good = command({"get", id, "--select", "skuPartNumber,consumedUnits"});
    BOOST_TEST(good.code == 0);
    BOOST_TEST(good.out.starts_with(R"({"consumedUnits":)"), good.out);
    BOOST_TEST(good.out.ends_with("\"}\n"), good.out);
    BOOST_TEST(good.err == "");
}

BOOST_AUTO_TEST_CASE(get_says_what_went_wrong) {
    start(1);
    auto const result = command({"get", "--group", "g", "missing"});
    BOOST_TEST(result.code == 1);
    BOOST_TEST(has(result.err, "allot: error: "), result.err);
    BOOST_TEST(has(result.err, "404"), result.err);
}

BOOST_AUTO_TEST_CASE(get_names_the_missing_permission) {
    start(1, answering(403));
    auto const result = command({"get", "--user", "u", "x"});
    BOOST_TEST(result.code == 3);
    BOOST_TEST(has(result.err, "User-CloudLicensing.Read.All"), result.err);
}

BOOST_AUTO_TEST_CASE(get_does_not_wait_longer_than_allowed) {
    start(1, answering(503, "7200"));
    auto const result = command({"get", "x"}, {"--max-wait", "1s"});
    BOOST_TEST(result.code == 75);
    BOOST_TEST(has(result.err, "try again after 20"), result.err);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(demo_command)

BOOST_AUTO_TEST_CASE(it_audits_a_tenant_and_shows_the_commands) {
    std::ostringstream out;
    auto* const before = std::cout.rdbuf(out.rdbuf());
    auto const result = run({"demo", "--assignments", "50"});
    std::cout.rdbuf(before);
    BOOST_TEST(result.code == 0);
    BOOST_TEST(has(out.str(), "allot simulate --assignments 50 "), out.str());
    BOOST_TEST(has(out.str(), "allot audit ids.txt"), out.str());
    BOOST_TEST(has(result.err, "SKU"), result.err);
}

BOOST_AUTO_TEST_SUITE_END()
