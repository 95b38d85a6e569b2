#include "audit/report/write_report.hpp"

#include "audit/report/assets.hpp"
#include "audit/report/format_utc.hpp"
#include "audit/report/page_text.hpp"
#include "audit/report/sections.hpp"
#include "audit/report/table_json.hpp"
#include "audit/text.hpp"
#include "base/sha256.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace allot {
namespace {

constexpr std::size_t most_title_bytes = 80;

std::string input_of(report_data const& data, std::size_t max_bytes) {
    return page_text(data.identity ? data.identity->input_name : "no audit", max_bytes);
}

// Nothing may be loaded, sent or run but the two blocks that stand in the page, named by their digests.
std::string security_policy() {
    return "default-src 'none'; style-src 'sha256-" + to_base64(sha256(page_css)) + "'; script-src 'sha256-" +
           to_base64(sha256(table_js)) + "'; base-uri 'none'; form-action 'none'";
}

void append_head(html_writer& out, report_data const& data) {
    out.markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"");
    out.markup(security_policy());
    out.markup("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"color-scheme\" content=\"light dark\">\n"
               "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    out.text(headline_text(data)).text(" - license allotments of ").text(input_of(data, most_title_bytes));
    out.markup("</title>\n<style>").markup(page_css).markup("</style>\n</head>\n");
}

void append_navigation(html_writer& out) {
    constexpr std::array<std::pair<char const*, char const*>, 8> entries{{
        {"skus", "SKUs"},
        {"allotments", "Allotments"},
        {"hardly-used", "Hardly used"},
        {"findings", "Findings"},
        {"errors", "Errors"},
        {"assignments", "Assignments"},
        {"run", "How the run went"},
        {"origin", "About this report"},
    }};
    out.markup("<nav class=\"contents\" aria-label=\"Sections\"><ul>\n");
    for (auto const& [id, title] : entries)
        out.markup("<li><a href=\"#").markup(id).markup("\">").markup(title).markup("</a></li>\n");
    out.markup("</ul></nav>\n");
}

void append_page_header(html_writer& out, report_data const& data, report_params const& params) {
    out.markup("<body>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n<header>\n"
               "<h1>License allotments <span class=\"of\">of ");
    out.foreign(input_of(data, most_id_bytes)).text(", ").text(format_utc(params.generated_at));
    out.markup("</span></h1>\n");
    append_headline(out, data);
    out.markup("</header>\n");
    append_navigation(out);
}

std::string static_part(report_data const& data, report_params const& params) {
    html_writer out;
    append_head(out, data);
    append_page_header(out, data, params);
    out.markup("<main id=\"content\" tabindex=\"-1\">\n");
    append_tiles(out, data);
    append_skus(out, data);
    append_pools(out, data);
    append_hardly_used(out, data);
    append_findings(out, data);
    append_errors(out, data);
    append_table(out, data, params);
    append_runs(out, data);
    out.markup("</main>\n");
    append_origin(out, data, params);
    return out.take();
}

}

void append_origin(html_writer& out, report_data const& data, report_params const& params) {
    auto const fact = [&](std::string const& name, std::string const& value) {
        out.markup("<div><dt>").foreign(name).markup("</dt><dd>").foreign(value).markup("</dd></div>\n");
    };
    out.markup("<footer>\n<h2 id=\"origin\">About this report</h2>\n<dl class=\"origin\">\n");
    fact("Input", input_of(data, most_id_bytes));
    auto const repeats = data.inputs - std::min(data.distinct, data.inputs);
    fact(
        "Assignments in it",
        with_separators(data.inputs) + (repeats == 0 ? "" : ", " + with_separators(repeats) + " repeated"));
    if (!data.input_digest.empty())
        out.markup("<div><dt>SHA-256 of the input</dt><dd class=\"digest\">")
            .foreign(page_text(data.input_digest, most_name_bytes))
            .markup("</dd></div>\n");
    if (data.identity)
        for (auto const& [name, value] : data.identity->options)
            if (!value.empty())
                fact("--" + page_text(name, most_name_bytes), page_text(value, most_message_bytes));
    fact("Store", page_text(params.store_name, most_id_bytes));
    fact("Made", format_utc(params.generated_at));
    fact("By", "allot " + params.version);
    out.markup(
        "</dl>\n<p class=\"rule\">This page is complete in itself: it loads nothing and sends nothing.</p>\n"
        "</footer>\n");
}

void write_report(
    report_data const& data, report_params const& params,
    std::function<void(std::string_view)> const& write) {
    write(static_part(data, params));
    write("<script type=\"application/json\" id=\"data\">");
    write_table_json(data, write);
    write("</script>\n<script>");
    write(table_js);
    write("</script>\n</body>\n</html>\n");
}

}
