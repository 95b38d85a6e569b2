#include "audit/report/page_text.hpp"
#include "audit/report/sections.hpp"
#include "audit/text.hpp"

#include <algorithm>
#include <vector>

namespace allot {
namespace {

constexpr std::size_t most_headline_names = 5;
constexpr std::size_t most_headline_name_bytes = 48;

struct sku_standing {
    std::vector<report_sku const*> exhausted;
    report_sku const* next = nullptr; ///< the one that runs out first of those that have units left
    bool any_units = false;
};

sku_standing standing_of(report_data const& data) {
    sku_standing out;
    for (auto const& sku : data.skus) {
        if (!sku.units)
            continue;
        out.any_units = true;
        auto const status = status_of(*sku.units);
        if (status == usage_status::exhausted)
            out.exhausted.push_back(&sku);
        else if (status != usage_status::empty && out.next == nullptr)
            out.next = &sku;
    }
    return out;
}

void append_names(html_writer& out, std::vector<report_sku const*> const& skus) {
    auto const shown = std::min(skus.size(), most_headline_names);
    for (std::size_t at = 0; at != shown; ++at) {
        bool const last = at + 1 == skus.size();
        out.markup(at == 0 ? "" : last ? " and " : ", ");
        out.markup("<b>").foreign(shorten(skus[at]->name, most_headline_name_bytes)).markup("</b>");
    }
    if (skus.size() > shown)
        out.text(" and ").number(skus.size() - shown).text(" more");
}

void append_next(html_writer& out, report_sku const& sku, char const* when) {
    out.markup("<span><b>").foreign(shorten(sku.name, most_headline_name_bytes)).markup("</b>");
    out.text(" runs out ").text(when).text(": ");
    out.text(with_separators_signed(sku.units->left())).text(" of ");
    out.text(with_separators_signed(sku.units->allotted)).text(" units left (");
    out.text(percent(used_share(*sku.units))).text(" in use).").markup("</span>");
}

void append_state(html_writer& out, report_data const& data) {
    if (data.rows == 0) {
        out.text("This audit has no results yet.");
        return;
    }
    if (data.skus.empty()) {
        out.text(
            data.rows == 1
                ? "The one assignment shows no allotment."
                : "None of the " + with_separators(data.rows) + " assignments shows an allotment.");
        return;
    }
    auto const standing = standing_of(data);
    if (!standing.any_units) {
        out.text("How full the allotments are is not known: the answers did not have their units.");
        return;
    }
    if (standing.exhausted.empty()) {
        if (standing.next != nullptr)
            append_next(out, *standing.next, "first");
        out.text(" No SKU is exhausted yet.");
        return;
    }
    out.text(headline_text(data)).text(": ");
    append_names(out, standing.exhausted);
    out.text(". ");
    if (standing.next != nullptr)
        append_next(out, *standing.next, "next");
}

void append_part(html_writer& out, std::uint64_t rows, char const* one, char const* many, char const* id) {
    if (rows == 0)
        return;
    out.markup("; <a href=\"#").markup(id).markup("\">").number(rows).markup("</a> ");
    out.text(rows == 1 ? one : many);
}

void append_coverage(html_writer& out, report_data const& data) {
    out.markup("<p class=\"coverage\">Of ").text(counted(data.rows, "assignment")).text(", ");
    out.number(data.of(audit_outcome::ok)).text(data.of(audit_outcome::ok) == 1 ? " draws" : " draw");
    auto const pools = data.named_pools();
    out.text(pools == 0 ? " from an allotment" : " from " + counted(pools, "allotment"));
    append_part(out, data.of(audit_outcome::none), "has no allotment", "have no allotment", "findings");
    append_part(out, data.of(audit_outcome::not_found), "was not found", "were not found", "findings");
    append_part(out, data.error_rows(), "could not be read", "could not be read", "errors");
    out.markup(".</p>\n");
}

void append_progress(html_writer& out, report_data const& data) {
    if (data.phase == audit_phase::complete)
        return;
    out.markup("<p class=\"notice\"><strong>This audit is not complete.</strong> ");
    if (data.phase == audit_phase::reading)
        out.text("Its input was still being read when this page was made: ");
    out.number(data.rows)
        .text(" of ")
        .text(counted(data.inputs, "assignment"))
        .text(data.inputs == 1 ? " has" : " have");
    out.text(" an answer. The numbers below are of those only.").markup("</p>\n");
}

std::string
tile(char const* id, std::string const& value, char const* label, std::string const& note, char const* kind) {
    html_writer out;
    out.markup("<li><a href=\"#")
        .markup(id)
        .markup("\" class=\"")
        .markup(kind)
        .markup("\"><span class=\"value\">");
    out.text(value)
        .markup("</span> <span class=\"label\">")
        .text(label)
        .markup("</span> <span class=\"note\">");
    out.text(note).markup("</span></a></li>\n");
    return out.take();
}

std::uint64_t count_status(report_data const& data, usage_status status) {
    return static_cast<std::uint64_t>(std::count_if(data.skus.begin(), data.skus.end(), [&](auto const& sku) {
        return sku.units && status_of(*sku.units) == status;
    }));
}

std::uint64_t count_pools(report_data const& data, usage_status status) {
    return static_cast<std::uint64_t>(
        std::count_if(data.pools.begin(), data.pools.end(), [&](auto const& pool) {
            return pool.units && status_of(*pool.units) == status;
        }));
}

std::string of_allotments(report_data const& data, usage_status status) {
    auto const all = data.named_pools();
    return with_separators(count_pools(data, status)) + " of " + counted(all, "allotment");
}

}

std::string headline_text(report_data const& data) {
    auto const exhausted = count_status(data, usage_status::exhausted);
    if (exhausted == 0)
        return "No SKU is exhausted";
    if (exhausted == data.skus.size())
        return exhausted == 1 ? "The only SKU is exhausted"
                              : "All " + with_separators(exhausted) + " SKUs are exhausted";
    return with_separators(exhausted) + " of " + with_separators(data.skus.size()) +
           (exhausted == 1 ? " SKUs is exhausted" : " SKUs are exhausted");
}

void append_headline(html_writer& out, report_data const& data) {
    out.markup("<p class=\"headline\">");
    append_state(out, data);
    out.markup("</p>\n");
    append_progress(out, data);
    if (data.rows != 0)
        append_coverage(out, data);
}

void append_tiles(html_writer& out, report_data const& data) {
    auto const exhausted = count_status(data, usage_status::exhausted);
    auto const nearly = count_status(data, usage_status::nearly);
    auto const hardly = count_pools(data, usage_status::hardly);
    auto const errors = data.error_rows();
    out.markup("<ul class=\"tiles\">\n");
    out.markup(tile(
        "assignments", with_separators(data.rows), data.rows == 1 ? "assignment" : "assignments", "audited",
        "plain"));
    out.markup(tile(
        "skus", with_separators(exhausted), exhausted == 1 ? "SKU exhausted" : "SKUs exhausted",
        of_allotments(data, usage_status::exhausted), exhausted == 0 ? "plain" : "exhausted"));
    out.markup(tile(
        "skus", with_separators(nearly), nearly == 1 ? "SKU nearly exhausted" : "SKUs nearly exhausted",
        of_allotments(data, usage_status::nearly), nearly == 0 ? "plain" : "nearly"));
    out.markup(tile(
        "hardly-used", with_separators(hardly),
        hardly == 1 ? "allotment hardly used" : "allotments hardly used", "under 10 % in use",
        hardly == 0 ? "plain" : "hardly"));
    out.markup(tile(
        "findings", with_separators(data.of(audit_outcome::none)), "without an allotment", "assignments",
        "plain"));
    out.markup(tile(
        "findings", with_separators(data.of(audit_outcome::not_found)), "not found", "assignments", "plain"));
    out.markup(tile(
        "errors", with_separators(errors), errors == 1 ? "error" : "errors", "could not be read",
        errors == 0 ? "plain" : "exhausted"));
    out.markup("</ul>\n");
}

}
