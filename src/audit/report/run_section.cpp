#include "audit/report/format_utc.hpp"
#include "audit/report/page_text.hpp"
#include "audit/report/rate_chart.hpp"
#include "audit/report/sections.hpp"
#include "audit/text.hpp"

#include <algorithm>
#include <cstddef>

namespace allot {
namespace {

constexpr std::size_t most_listed_runs = 100;

struct run_totals {
    std::int64_t length_ms = 0;
    std::int64_t held_ms = 0;
    std::uint64_t requests = 0;
    std::uint64_t retries = 0;
    std::uint64_t throttled = 0;
};

run_totals totals_of(report_data const& data) {
    run_totals out;
    for (auto const& each : data.runs) {
        out.length_ms += each.length_ms;
        out.held_ms += each.run.held.count();
        out.requests += each.run.requests;
        out.retries += each.run.retries;
        out.throttled += each.run.throttled;
    }
    return out;
}

void append_fact(html_writer& out, char const* name, std::string const& value) {
    out.markup("<div><dt>").text(name).markup("</dt><dd>").text(value).markup("</dd></div>\n");
}

std::string rate_of(std::uint64_t rows, std::int64_t length_ms) {
    if (length_ms <= 0)
        return "–";
    auto const rate = static_cast<double>(rows) * 1'000 / static_cast<double>(length_ms);
    return with_separators(static_cast<unsigned long long>(rate + 0.5)) + " per second";
}

std::string latency_text(latency_histogram const& latency, double quantile) {
    auto const microseconds = latency.quantile(quantile).count();
    return latency.count() == 0 ? "–"
           : microseconds < 10'000'000
               ? with_separators(static_cast<unsigned long long>((microseconds + 999) / 1'000)) + " ms"
               : time_span(microseconds / 1'000);
}

void append_facts(html_writer& out, report_data const& data) {
    auto const totals = totals_of(data);
    out.markup("<dl class=\"facts\">\n");
    append_fact(out, "Time of all runs", time_span(totals.length_ms));
    append_fact(out, "Assignments", rate_of(data.rows, totals.length_ms));
    append_fact(out, "Requests", with_separators(totals.requests));
    append_fact(out, "Retries", with_separators(totals.retries));
    append_fact(out, "Throttled answers", with_separators(totals.throttled));
    append_fact(out, "Held by throttling", time_span(totals.held_ms));
    append_fact(out, "Half answered within", latency_text(data.latency, 0.5));
    append_fact(out, "99 % answered within", latency_text(data.latency, 0.99));
    out.markup("</dl>\n");
}

std::string ending_of(stored_run const& run) {
    if (!run.ended)
        return "not ended: it runs, or was killed or failed";
    if (run.end == "signal")
        return "stopped by a signal";
    if (run.end == "parked" && run.resume_at)
        return "parked until " + format_utc(std::chrono::floor<std::chrono::seconds>(*run.resume_at));
    return page_text(run.end, most_name_bytes);
}

void append_count(html_writer& out, std::uint64_t value) {
    out.markup("<td class=\"n\">").number(value).markup("</td>");
}

void append_run_row(html_writer& out, report_run const& value) {
    auto const& run = value.run;
    out.markup("<tr><th scope=\"row\" class=\"n\">").number(run.number).markup("</th><td>");
    out.text(format_utc(std::chrono::floor<std::chrono::seconds>(run.started))).markup("</td><td>");
    out.foreign(ending_of(run))
        .markup("</td><td class=\"n\">")
        .text(time_span(value.length_ms))
        .markup("</td>");
    append_count(out, run.requests);
    append_count(out, run.retries);
    append_count(out, run.throttled);
    out.markup("<td class=\"n\">").text(time_span(run.held.count())).markup("</td></tr>\n");
}

}

void append_runs(html_writer& out, report_data const& data) {
    out.markup("<section aria-labelledby=\"run\">\n<h2 id=\"run\">How the run went</h2>\n");
    if (data.runs.empty()) {
        out.markup("<p>The store tells of no run.</p>\n</section>\n");
        return;
    }
    append_facts(out, data);
    append_rate_chart(out, data.rate);
    out.markup("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Runs of the command\">\n"
               "<table><caption class=\"quiet\">Runs of the command over this audit</caption>\n<thead><tr>"
               "<th scope=\"col\" class=\"n\">Run</th><th scope=\"col\">Started</th><th scope=\"col\">How it "
               "ended</th>"
               "<th scope=\"col\" class=\"n\">Time</th><th scope=\"col\" class=\"n\">Requests</th>"
               "<th scope=\"col\" class=\"n\">Retries</th><th scope=\"col\" class=\"n\">Throttled</th>"
               "<th scope=\"col\" class=\"n\">Held</th></tr></thead>\n<tbody>\n");
    auto const first = data.runs.size() - std::min(data.runs.size(), most_listed_runs);
    for (auto at = first; at != data.runs.size(); ++at)
        append_run_row(out, data.runs[at]);
    out.markup("</tbody></table></div>\n");
    if (first != 0)
        out.markup("<p class=\"rule\">The last ")
            .number(most_listed_runs)
            .text(" of ")
            .number(data.runs.size())
            .markup(" runs are listed.</p>\n");
    out.markup("</section>\n");
}

}
