#include "audit/report/page_text.hpp"
#include "audit/report/sections.hpp"
#include "audit/text.hpp"

#include <array>

namespace allot {
namespace {

struct table_column {
    char const* title;
    char const* kind; ///< the class of its cells
};

// The script knows them by this order.
constexpr std::array<table_column, 9> table_columns{{
    {"Outcome", ""},
    {"Position", "n"},
    {"Assignment", "id"},
    {"Principal", "id"},
    {"SKU", "name"},
    {"Allotment, or why not", "id"},
    {"HTTP", "n"},
    {"Tries", "n"},
    {"ms", "n"},
}};

void append_heads(html_writer& out) {
    out.markup("<thead><tr>");
    for (auto const& column : table_columns) {
        out.markup("<th scope=\"col\" class=\"").markup(column.kind);
        out.markup("\"><button type=\"button\">").markup(column.title);
        out.markup("<span class=\"arrow\" aria-hidden=\"true\"></span></button></th>");
    }
    out.markup("</tr></thead>\n");
}

void append_pager(html_writer& out) {
    out.markup("<nav class=\"pager\" aria-label=\"Pages of the table\">\n"
               "<button type=\"button\" data-go=\"first\">First</button>\n"
               "<button type=\"button\" data-go=\"previous\">Previous</button>\n"
               "<span id=\"page-number\"></span>\n"
               "<button type=\"button\" data-go=\"next\">Next</button>\n"
               "<button type=\"button\" data-go=\"last\">Last</button>\n</nav>\n");
}

void append_controls(html_writer& out) {
    out.markup("<div class=\"filters\" role=\"search\" aria-label=\"Filter the assignments\">\n"
               "<p><label for=\"text-filter\">Text</label>\n"
               "<input type=\"search\" id=\"text-filter\" autocomplete=\"off\" spellcheck=\"false\" "
               "placeholder=\"id, user, SKU, error\"></p>\n"
               "<p><label for=\"outcome-filter\">Outcome</label>\n"
               "<select id=\"outcome-filter\"><option value=\"\">all</option></select></p>\n"
               "<p><label for=\"sku-filter\">SKU</label>\n"
               "<select id=\"sku-filter\"><option value=\"\">all</option></select></p>\n"
               "<p><button type=\"button\" id=\"clear-filters\">Clear filters</button></p>\n</div>\n");
}

std::string export_command(report_params const& params) {
    return "allot export " + page_text(params.store_name, most_id_bytes);
}

void append_table_notes(html_writer& out, report_data const& data, report_params const& params) {
    if (!data.table_is_complete) {
        out.markup("<p class=\"notice\">The table holds ")
            .number(data.table.size())
            .text(" of ")
            .number(data.rows);
        out.text(" assignments, those that ask for attention first. All of them: ").markup("<code>");
        out.foreign(export_command(params)).markup("</code></p>\n");
    }
    out.markup("<noscript><p class=\"notice\">Scripts are off: the table of assignments needs them, the rest "
               "of this "
               "page does not. The rows as a file: <code>");
    out.foreign(export_command(params)).markup("</code></p></noscript>\n");
}

}

void append_table(html_writer& out, report_data const& data, report_params const& params) {
    out.markup("<section aria-labelledby=\"assignments\">\n"
               "<h2 id=\"assignments\" tabindex=\"-1\">Assignments</h2>\n");
    append_table_notes(out, data, params);
    out.markup("<div id=\"table\" hidden>\n");
    append_controls(out);
    out.markup("<p id=\"matches\" role=\"status\"></p>\n"
               "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Table of assignments\">\n"
               "<table class=\"rows\"><caption class=\"quiet\">Assignments; the buttons in the heads "
               "sort</caption>\n");
    append_heads(out);
    out.markup("<tbody id=\"rows\"></tbody></table></div>\n");
    append_pager(out);
    out.markup("</div>\n</section>\n");
}

}
