#include "audit/report/advice.hpp"
#include "audit/report/page_text.hpp"
#include "audit/report/sections.hpp"
#include "audit/text.hpp"

#include <algorithm>
#include <cstddef>

namespace allot {
namespace {

constexpr std::size_t most_error_groups = 100;

void append_example(html_writer& out, row_example const& example) {
    out.markup("<span class=\"id\">");
    if (example.scope != assignment_scope::admin)
        out.text(example.scope == assignment_scope::user ? "users/" : "groups/")
            .foreign(example.principal_id)
            .text("/");
    if (example.assignment_id.empty())
        out.text("(no id)");
    else
        out.foreign(example.assignment_id);
    out.markup("</span> <span class=\"note\">(position ").number(example.position).markup(")</span>");
}

void append_finding(
    html_writer& out, audit_outcome outcome, char const* title, char const* meaning, std::uint64_t rows,
    std::vector<row_example> const& examples) {
    out.markup("<h3>")
        .text(title)
        .text(": ")
        .number(rows)
        .markup("</h3>\n<p>")
        .text(meaning)
        .markup("</p>\n");
    if (rows == 0)
        return;
    out.markup("<ul class=\"examples\">\n");
    for (auto const& example : examples) {
        out.markup("<li>");
        append_example(out, example);
        out.markup("</li>\n");
    }
    out.markup("</ul>\n");
    out.markup("<p><a href=\"#assignments\" data-outcome=\"").text(to_string(outcome)).markup("\">");
    out.text(rows == 1 ? "Show it in the table" : "Show all " + with_separators(rows) + " in the table");
    out.markup("<span class=\"quiet\">: ").text(title).markup("</span></a></p>\n");
}

std::string_view meaning_of(std::string_view reason) noexcept {
    if (reason == "permanent")
        return "trying again cannot help";
    if (reason == "attempts")
        return "all attempts failed";
    if (reason == "deadline")
        return "the time was up";
    if (reason == "parked")
        return "the wait was too long";
    return {};
}

void append_status_number(html_writer& out, int http_status) {
    out.markup("<td class=\"n\">")
        .text(http_status == 0 ? "no answer" : std::to_string(http_status))
        .markup("</td>");
}

void append_error_row(html_writer& out, error_group const& group) {
    auto const code = page_text(group.code, most_name_bytes);
    out.markup("<tr><th scope=\"row\"><code>").foreign(code).markup("</code>");
    if (code != to_string(group.outcome))
        out.markup("<span class=\"note\">").text(to_string(group.outcome)).markup("</span>");
    out.markup("</th>");
    out.markup("<td class=\"n\"><a href=\"#assignments\" data-outcome=\"").text(to_string(group.outcome));
    out.markup("\" data-text=\"").text(code).markup("\">").number(group.rows);
    out.markup("<span class=\"quiet\"> rows that ended with ").foreign(code).markup("</span></a></td>");
    out.markup("<td class=\"why\">").text(advice_for(group.code)).markup("</td><td class=\"reason\"><code>");
    out.foreign(page_text(group.reason, most_name_bytes)).markup("</code><span class=\"note\">");
    out.text(meaning_of(group.reason)).markup("</span></td>");
    append_status_number(out, group.http_status);
    out.markup("<td class=\"why\">").foreign(group.message).markup("<span class=\"note\">first: ");
    append_example(out, group.example);
    out.markup("</span></td></tr>\n");
}

}

void append_findings(html_writer& out, report_data const& data) {
    out.markup("<section aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings</h2>\n<div "
               "class=\"pair\">\n<div>\n");
    append_finding(
        out, audit_outcome::none, "Without an allotment",
        "The assignment exists, and draws its license from no allotment.", data.of(audit_outcome::none),
        data.none);
    out.markup("</div>\n<div>\n");
    append_finding(
        out, audit_outcome::not_found, "Not found",
        "Graph knows no such assignment, user or group: the input is out of date.",
        data.of(audit_outcome::not_found), data.not_found);
    out.markup("</div>\n</div>\n</section>\n");
}

void append_errors(html_writer& out, report_data const& data) {
    out.markup("<section aria-labelledby=\"errors\">\n<h2 id=\"errors\">Errors and why</h2>\n");
    if (data.errors.empty()) {
        out.markup("<p>Every assignment that was asked for has an answer.</p>\n</section>\n");
        return;
    }
    out.markup("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Errors by kind\">\n"
               "<table class=\"errors\"><caption class=\"quiet\">Errors by kind, the most frequent on "
               "top</caption>\n"
               "<thead><tr><th scope=\"col\">Error</th><th scope=\"col\" class=\"n\">Assignments</th>"
               "<th scope=\"col\">What to do</th><th scope=\"col\">Why it ended</th>"
               "<th scope=\"col\" class=\"n\">HTTP status</th><th "
               "scope=\"col\">Example</th></tr></thead>\n<tbody>\n");
    for (std::size_t at = 0; at != std::min(data.errors.size(), most_error_groups); ++at)
        append_error_row(out, data.errors[at]);
    out.markup("</tbody></table></div>\n");
    if (data.errors.size() > most_error_groups)
        out.markup("<p class=\"rule\">The ")
            .number(most_error_groups)
            .text(" most frequent of ")
            .number(data.errors.size())
            .markup(" kinds are shown.</p>\n");
    out.markup("</section>\n");
}

}
