#include "audit/report/page_text.hpp"
#include "audit/report/sections.hpp"
#include "audit/report/usage_bar.hpp"
#include "audit/text.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace allot {
namespace {

constexpr std::size_t most_usage_rows = 200;

/// What the tables of SKUs and of allotments have in common.
void append_usage_heads(html_writer& out) {
    out.markup(
        "<th scope=\"col\">Status</th><th scope=\"col\">In use</th><th scope=\"col\" class=\"n\">Left</th>"
        "<th scope=\"col\" class=\"n\">Consumed</th><th scope=\"col\" class=\"n\">Allotted</th>");
}

void append_amount(html_writer& out, std::int64_t value) {
    out.markup(value < 0 ? "<td class=\"n below\">" : "<td class=\"n\">").text(with_separators_signed(value));
    out.markup("</td>");
}

void append_usage_cells(html_writer& out, std::optional<unit_count> const& units, double scale) {
    auto const status = units ? status_of(*units) : usage_status::unknown;
    out.markup("<td>");
    append_status(out, status);
    out.markup("</td>");
    if (!units) {
        out.markup("<td>not known</td><td class=\"n\">–</td><td class=\"n\">–</td><td class=\"n\">–</td>");
        return;
    }
    out.markup("<td class=\"use\">");
    if (status != usage_status::empty) {
        append_usage_bar(out, *units, scale);
        out.markup("<span class=\"share\">").text(percent(used_share(*units))).markup("</span>");
    }
    out.markup("</td>");
    append_amount(out, units->left());
    append_amount(out, units->consumed);
    append_amount(out, units->allotted);
}

void append_rows_link(html_writer& out, std::uint64_t rows, std::size_t sku, std::string const& name) {
    out.markup("<td class=\"n\"><a href=\"#assignments\" data-sku=\"")
        .text(std::to_string(sku))
        .markup("\">");
    out.number(rows)
        .markup("<span class=\"quiet\"> assignments of ")
        .foreign(name)
        .markup("</span></a></td>");
}

void append_cut_note(html_writer& out, std::size_t all, char const* what) {
    if (all > most_usage_rows)
        out.markup("<p class=\"rule\">The ")
            .number(most_usage_rows)
            .text(" nearest to exhaustion of ")
            .number(all)
            .text(" ")
            .text(what)
            .markup(" are shown.</p>\n");
}

void append_rule(html_writer& out) {
    out.markup("<p class=\"rule\">Ordered by the share in use: the one that runs out first is on top. "
               "<b>Exhausted</b>: no unit is left. "
               "<b>Nearly exhausted</b>: 90&nbsp;% or more in use. <b>Hardly used</b>: under 10&nbsp;% in "
               "use, of 10 units or "
               "more. The line in a bar marks 100&nbsp;% of the allotted units.</p>\n");
}

void begin_table(html_writer& out, char const* kind, char const* caption) {
    out.markup("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"").text(caption);
    out.markup("\">\n<table class=\"")
        .text(kind)
        .markup("\"><caption class=\"quiet\">")
        .text(caption)
        .markup("</caption>\n<thead><tr>");
}

/// The allotments that have a name, in the order of the data.
std::vector<report_pool const*> named_pools(report_data const& data) {
    std::vector<report_pool const*> out;
    for (auto const& pool : data.pools)
        if (!pool.id.empty())
            out.push_back(&pool);
    return out;
}

template <class T>
double scale_of(std::vector<T> const& values) {
    double top = 1;
    for (auto const& value : values)
        if (value.units)
            top = std::max(top, used_share(*value.units));
    return bar_scale(top);
}

void append_pool_rows(
    html_writer& out, report_data const& data, std::vector<report_pool const*> const& pools) {
    auto const scale = scale_of(data.pools);
    out.markup("<th scope=\"col\">SKU</th><th scope=\"col\">Allotment</th>");
    append_usage_heads(out);
    out.markup("<th scope=\"col\" class=\"n\">Assignments</th></tr></thead>\n<tbody>\n");
    for (std::size_t at = 0; at != std::min(pools.size(), most_usage_rows); ++at) {
        auto const& pool = *pools[at];
        out.markup("<tr><td class=\"name\">").foreign(data.skus[pool.sku].name);
        out.markup("</td><th scope=\"row\" class=\"id\">").foreign(pool.id).markup("</th>");
        append_usage_cells(out, pool.units, scale);
        out.markup("<td class=\"n\">").number(pool.rows).markup("</td></tr>\n");
    }
    out.markup("</tbody></table></div>\n");
}

}

void append_skus(html_writer& out, report_data const& data) {
    out.markup("<section aria-labelledby=\"skus\">\n<h2 id=\"skus\">SKUs</h2>\n");
    if (data.skus.empty()) {
        out.markup("<p>No answer named a SKU.</p>\n</section>\n");
        return;
    }
    append_rule(out);
    begin_table(out, "usage", "SKUs, the one that runs out first on top");
    out.markup("<th scope=\"col\">SKU</th>");
    append_usage_heads(out);
    out.markup("<th scope=\"col\" class=\"n\">Allotments</th><th scope=\"col\" class=\"n\">Assignments</th>"
               "</tr></thead>\n<tbody>\n");
    auto const scale = scale_of(data.skus);
    std::uint64_t without_units = 0;
    for (std::size_t at = 0; at != std::min(data.skus.size(), most_usage_rows); ++at) {
        auto const& sku = data.skus[at];
        out.markup("<tr><th scope=\"row\" class=\"name\">").foreign(sku.name).markup("</th>");
        append_usage_cells(out, sku.units, scale);
        out.markup("<td class=\"n\">").number(sku.pools).markup("</td>");
        append_rows_link(out, sku.rows, at, sku.name);
        out.markup("</tr>\n");
        without_units += sku.pools_without_units;
    }
    out.markup("</tbody></table></div>\n");
    append_cut_note(out, data.skus.size(), "SKUs");
    if (without_units != 0)
        out.markup("<p class=\"rule\">")
            .text(counted(without_units, "allotment came", "allotments came"))
            .text(" without units and is not part of the sums.")
            .markup("</p>\n");
    out.markup("</section>\n");
}

void append_pools(html_writer& out, report_data const& data) {
    out.markup("<section aria-labelledby=\"allotments\">\n<h2 id=\"allotments\">Allotments</h2>\n");
    auto const pools = named_pools(data);
    if (pools.empty()) {
        out.markup("<p>No answer named an allotment.</p>\n</section>\n");
        return;
    }
    auto const changed = static_cast<std::uint64_t>(
        std::count_if(pools.begin(), pools.end(), [](auto const* pool) { return pool->changed; }));
    out.markup("<p class=\"rule\">An allotment is a pool of licenses of one SKU. Each counts once, with the "
               "units it was "
               "seen with last");
    if (changed != 0)
        out.text("; the units of ").number(changed).text(" changed while the audit ran");
    out.markup(".</p>\n");
    begin_table(out, "usage pools", "Allotments, the one that runs out first on top");
    append_pool_rows(out, data, pools);
    append_cut_note(out, pools.size(), "allotments");
    out.markup("</section>\n");
}

void append_hardly_used(html_writer& out, report_data const& data) {
    out.markup("<section aria-labelledby=\"hardly-used\">\n<h2 id=\"hardly-used\">Hardly used</h2>\n");
    auto pools = named_pools(data);
    std::erase_if(pools, [](auto const* pool) {
        return !pool->units || status_of(*pool->units) != usage_status::hardly;
    });
    std::stable_sort(pools.begin(), pools.end(), [](auto const* left, auto const* right) {
        return left->units->left() > right->units->left();
    });
    if (pools.empty()) {
        out.markup(
            "<p>No allotment of 10 units or more has under 10&nbsp;% of them in use.</p>\n</section>\n");
        return;
    }
    std::int64_t idle = 0;
    for (auto const* const pool : pools)
        idle += pool->units->left();
    out.markup("<p class=\"rule\">Allotments of 10 units or more with under 10&nbsp;% of them in use, the "
               "most idle units "
               "on top: together ")
        .text(with_separators_signed(idle))
        .markup(" idle units.</p>\n");
    begin_table(out, "usage pools", "Allotments that are hardly used, the most idle units on top");
    append_pool_rows(out, data, pools);
    out.markup("</section>\n");
}

}
