#include "audit/report/assets.hpp"
#include "audit/report/sections.hpp"
#include "audit/report/table_json.hpp"
#include "audit/report/write_report.hpp"
#include "base/sha256.hpp"
#include "support/memory_audit.hpp"
#include "unit/audit/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace allot;
using namespace allot::test;
using namespace std::chrono_literals;

namespace {

report_params sample_params() {
    report_params out;
    out.store_name = "audit.db";
    out.version = "1.2.3";
    out.generated_at = std::chrono::sys_days(std::chrono::year(2026) / 3 / 9) + 12h;
    return out;
}

std::string page_of(
    memory_audit& audit, report_params const& params = sample_params(), kept_rows_limits const& limits = {}) {
    std::string out;
    write_report(read_report_data(audit, limits), params, [&](std::string_view piece) { out += piece; });
    return out;
}

std::string table_of(memory_audit& audit) {
    std::string out;
    write_table_json(read_report_data(audit), [&](std::string_view piece) { out += piece; });
    return out;
}

bool has(std::string_view page, std::string_view text) {
    return page.find(text) != page.npos;
}

std::size_t count_of(std::string_view page, std::string_view text) {
    std::size_t out = 0;
    for (auto at = page.find(text); at != page.npos; at = page.find(text, at + 1))
        ++out;
    return out;
}

memory_audit::entry
row(std::uint64_t position, char const* sku, std::int32_t allotted, std::int32_t consumed) {
    auto value = sample_allotment(std::string("pool of ") + sku, consumed);
    value.sku_part_number = sku;
    value.allotted_units = allotted;
    return good_item(position, assignment_ref::admin("a" + std::to_string(position)), value);
}

/// The headline without its markup.
std::string headline_of(std::vector<memory_audit::entry> rows) {
    memory_audit audit;
    audit.rows = std::move(rows);
    html_writer out;
    append_headline(out, read_report_data(audit));
    auto const html = out.take();
    std::string words;
    bool inside = false;
    for (char const each : html.substr(0, html.find("</p>"))) {
        if (each == '<' || each == '>')
            inside = each == '<';
        else if (!inside)
            words += each;
    }
    return words;
}

memory_audit mixed_audit() {
    memory_audit out;
    out.rows.push_back(row(1, "E5", 3'380, 3'368));
    out.rows.push_back(row(2, "F3", 10, 1));
    out.rows.push_back(failed_item(
        3, sample_failure(errc::server_error, 503, end_reason::attempts), assignment_ref::user("u", "a3")));
    out.rows.push_back(
        failed_item(4, sample_failure(errc::no_allotment, 204), assignment_ref::group("g", "a4")));
    return out;
}

}

BOOST_AUTO_TEST_SUITE(report_headline)

BOOST_AUTO_TEST_CASE(says_which_sku_runs_out) {
    BOOST_TEST(headline_of({}) == "This audit has no results yet.");
    BOOST_TEST(
        headline_of({row(1, "E3", 10, 2), row(2, "E5", 3'380, 3'368)}) ==
        "E5 runs out first: 12 of 3,380 units left (99.6 % in use). No SKU is exhausted yet.");
    BOOST_TEST(
        headline_of({row(1, "E3", 10, 10), row(2, "E5", 10, 12), row(3, "F3", 10, 9)}) ==
        "2 of 3 SKUs are exhausted: E5 and E3. F3 runs out next: 1 of 10 units left (90.0 % in use).");
    BOOST_TEST(headline_of({row(1, "E3", 10, 10)}) == "The only SKU is exhausted: E3. ");
    BOOST_TEST(headline_of({row(1, "E3", 0, 0)}) == " No SKU is exhausted yet.");
}

BOOST_AUTO_TEST_CASE(names_a_few_of_many) {
    std::vector<memory_audit::entry> rows;
    for (auto const* const sku : {"A", "B", "C", "D", "E", "F", "G"})
        rows.push_back(row(rows.size() + 1, sku, 10, 10));
    BOOST_TEST(headline_of(std::move(rows)) == "All 7 SKUs are exhausted: A, B, C, D, E and 2 more. ");
}

BOOST_AUTO_TEST_CASE(says_what_is_not_known) {
    BOOST_TEST(
        headline_of(
            {failed_item(1, sample_failure(errc::timed_out, 0)),
             failed_item(2, sample_failure(errc::not_found, 404))}) ==
        "None of the 2 assignments shows an allotment.");
    allotment bare;
    bare.id = "p";
    BOOST_TEST(
        headline_of({good_item(1, assignment_ref::admin("a"), bare)}) ==
        "How full the allotments are is not known: the answers did not have their units.");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(report_page)

BOOST_AUTO_TEST_CASE(the_policy_names_the_blocks_of_the_page) {
    auto audit = mixed_audit();
    auto const page = page_of(audit);
    auto const between = [&](std::string_view begin, std::string_view end) {
        auto const from = page.find(begin) + begin.size();
        return page.substr(from, page.find(end, from) - from);
    };
    auto const style = between("<style>", "</style>");
    auto const script = between("</script>\n<script>", "</script>");
    BOOST_TEST(style == page_css);
    BOOST_TEST(script == table_js);
    BOOST_TEST(has(
        page, "default-src 'none'; style-src 'sha256-" + to_base64(sha256(style)) + "'; script-src 'sha256-" +
                  to_base64(sha256(script)) + "'; base-uri 'none'; form-action 'none'"));
    BOOST_TEST(!has(page, " style=\""));
    BOOST_TEST(!has(page, "unsafe"));
    BOOST_TEST(!has(page, "<link"));
    BOOST_TEST(!has(page_css, "url("));
    BOOST_TEST(!has(page_css, "</"));
    BOOST_TEST(!has(table_js, "</"));
    BOOST_TEST(!has(table_js, "innerHTML"));
}

BOOST_AUTO_TEST_CASE(the_same_audit_gives_the_same_bytes) {
    auto audit = mixed_audit();
    auto same = mixed_audit();
    BOOST_TEST((page_of(audit) == page_of(same)));
    std::reverse(same.rows.begin(), same.rows.begin() + 2);
    auto const section = [](std::string const& page) {
        return page.substr(0, page.find("id=\"findings\">"));
    };
    BOOST_TEST((section(page_of(audit)) == section(page_of(same))));
}

BOOST_AUTO_TEST_CASE(row_25_text_from_outside_is_never_markup) {
    std::string const hostile =
        "</script><script>alert(1)</script><img src=x onerror='a(\"b\")'>&\xe2\x80\xae";
    memory_audit audit;
    audit.is = audit_identity{hostile, {{hostile, hostile}}};
    audit.rows.push_back(row(1, hostile.c_str(), 10, 10));
    audit.rows.push_back(row(2, (hostile + "2").c_str(), 10, 9));
    auto why = sample_failure(errc::server_error, 503);
    why.message = hostile;
    why.exchange.request_id = hostile;
    audit.rows.push_back(failed_item(3, why, assignment_ref::user(hostile, hostile)));
    audit.rows.push_back(
        failed_item(4, sample_failure(errc::not_found, 404), assignment_ref::group(hostile, hostile)));
    stored_run run;
    run.number = 1;
    run.ended = run.started;
    run.end = hostile;
    audit.had_runs.push_back(run);
    auto params = sample_params();
    params.store_name = hostile;
    auto const page = page_of(audit, params, {3, 1'000'000});
    BOOST_TEST(count_of(page, "<script") == 2U);
    BOOST_TEST(count_of(page, "</script") == 2U);
    BOOST_TEST(count_of(page, "<style") == 1U);
    BOOST_TEST(!has(page, "<img"));
    BOOST_TEST(!has(page, "\xe2\x80\xae"));
    BOOST_TEST(has(page, "<bdi>&lt;/script&gt;"));
    BOOST_TEST(has(page, "\"\\u003c/script\\u003e"));
}

BOOST_AUTO_TEST_CASE(an_audit_without_rows_is_a_page_too) {
    memory_audit audit;
    audit.is.reset();
    audit.at = audit_phase::reading;
    auto const page = page_of(audit);
    BOOST_TEST(has(page, "This audit is not complete."));
    BOOST_TEST(has(page, "Its input was still being read"));
    BOOST_TEST(has(page, "No answer named a SKU."));
    BOOST_TEST(has(page, "The store tells of no run."));
    BOOST_TEST(has(page, "</html>\n"));
}

BOOST_AUTO_TEST_CASE(a_table_that_is_cut_says_so) {
    auto audit = mixed_audit();
    BOOST_TEST(!has(page_of(audit), "The table holds"));
    auto const page = page_of(audit, sample_params(), {2, 1'000});
    BOOST_TEST(has(page, "The table holds 2 of 4 assignments"));
    BOOST_TEST(has(page, "<code><bdi>allot export audit.db</bdi></code>"));
}

BOOST_AUTO_TEST_CASE(the_foot_says_what_it_was_made_from) {
    auto audit = mixed_audit();
    audit.is->options["select"] = "id,skuPartNumber";
    audit.digest = "0badc0de";
    auto const page = page_of(audit);
    auto const foot = page.substr(page.find("<footer>"));
    for (auto const* const text :
         {"ids.txt", "--select", "id,skuPartNumber", "0badc0de", "audit.db", "2026-03-09 12:00:00 UTC",
          "allot 1.2.3"})
        BOOST_TEST(has(foot, text), text);
}

BOOST_AUTO_TEST_CASE(errors_say_what_to_do) {
    auto audit = mixed_audit();
    auto const page = page_of(audit);
    BOOST_TEST(has(page, "it did not work"));
    BOOST_TEST(has(page, "Repeat with --retry-failed; if it stays, report the request ids."));
    BOOST_TEST(has(page, "users/<bdi>u</bdi>/<bdi>a3</bdi>"));
}

BOOST_AUTO_TEST_CASE(runs_say_how_they_ended) {
    memory_audit audit;
    auto const start = std::chrono::sys_days(std::chrono::year(2026) / 3 / 9);
    auto const add = [&](char const* end, bool ended) {
        stored_run run;
        run.number = audit.had_runs.size() + 1;
        run.started = start;
        if (ended)
            run.ended = start + 90s;
        run.end = end;
        run.requests = 1'500;
        run.held = 2s;
        audit.had_runs.push_back(run);
    };
    add("signal", true);
    add("parked", true);
    audit.had_runs.back().resume_at = start + 2h;
    add("", false);
    run_sample last;
    last.run = 3;
    last.at = start + 30s;
    audit.had_samples.push_back(last);
    auto const page = page_of(audit);
    BOOST_TEST(has(page, "stopped by a signal"));
    BOOST_TEST(has(page, "parked until 2026-03-09 02:00:00 UTC"));
    BOOST_TEST(has(page, "not ended: it runs, or was killed"));
    BOOST_TEST(has(page, "<dt>Time of all runs</dt><dd>3 min 30 s</dd>"));
    BOOST_TEST(has(page, "<dt>Requests</dt><dd>4,500</dd>"));
    BOOST_TEST(has(page, "<dt>Held by throttling</dt><dd>6.0 s</dd>"));
}

BOOST_AUTO_TEST_CASE(the_table_is_columns) {
    auto audit = mixed_audit();
    BOOST_TEST(
        table_of(audit) ==
        R"({"outcomes":[["failed",1],["none",1],["ok",2]],"position":[3,1,-3,1],"id":["a3","a4","a1","a2"],)"
        R"("principal":[0,1,-1,-1],"principals":["user u","group g"],"pool":[-1,-1,0,1],)"
        R"("pools":["pool of E5","pool of F3"],"pool_sku":[0,1],"skus":["E5","F3"],"sku_number":[0,1],)"
        R"("code":[0],"message":[0],"request":["r-1"],"codes":["server_error"],"messages":["it did not work"],)"
        R"("status":[503,204,200,200],"attempts":[1,1,1,1],"ms":[2,2,2,2]})");
}

BOOST_AUTO_TEST_SUITE_END()
