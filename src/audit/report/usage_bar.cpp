#include "audit/report/usage_bar.hpp"

#include "audit/report/decimal.hpp"

#include <algorithm>

namespace allot {
namespace {

constexpr double bar_width = 100;
constexpr double most_scale = 1.5;

struct status_look {
    char const* kind; ///< the class
    char const* symbol;
    char const* word;
};

status_look look_of(usage_status status) noexcept {
    switch (status) {
    case usage_status::exhausted:
        return {"exhausted", "■", "Exhausted"};
    case usage_status::nearly:
        return {"nearly", "▲", "Nearly exhausted"};
    case usage_status::in_use:
        return {"in-use", "●", "Available"};
    case usage_status::hardly:
        return {"hardly", "○", "Hardly used"};
    case usage_status::empty:
        return {"empty", "–", "No units"};
    case usage_status::unknown:
        break;
    }
    return {"empty", "?", "Not known"};
}

void append_bar_part(html_writer& out, std::string const& kind, double from, double to) {
    out.markup("<rect class=\"").text(kind).markup("\" x=\"").text(decimal(from)).markup("\" width=\"");
    out.text(decimal(std::max(to - from, 0.0))).markup("\" height=\"12\"/>");
}

}

void append_status(html_writer& out, usage_status status) {
    auto const look = look_of(status);
    out.markup("<span class=\"status ")
        .markup(look.kind)
        .markup("\"><span aria-hidden=\"true\">")
        .markup(look.symbol);
    out.markup("</span> ").markup(look.word).markup("</span>");
}

double bar_scale(double top) noexcept {
    return std::clamp(top * 1.02, 1.0, most_scale);
}

void append_usage_bar(html_writer& out, unit_count units, double scale) {
    auto const all = bar_width / scale;
    auto const used = std::min(used_share(units) * all, bar_width);
    out.markup("<svg class=\"bar\" viewBox=\"0 0 100 12\" preserveAspectRatio=\"none\" aria-hidden=\"true\" "
               "focusable=\"false\">");
    append_bar_part(out, "track", 0, all);
    append_bar_part(out, std::string("fill ") + look_of(status_of(units)).kind, 0, std::min(used, all));
    if (used > all)
        append_bar_part(out, "over", all, used);
    out.markup("<line class=\"mark\" x1=\"").text(decimal(all)).markup("\" x2=\"").text(decimal(all));
    out.markup("\" y1=\"0\" y2=\"12\"/></svg>");
}

}
