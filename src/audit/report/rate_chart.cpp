#include "audit/report/rate_chart.hpp"

#include "audit/report/decimal.hpp"
#include "audit/report/page_text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace allot {
namespace {

// The drawing is stretched to the width of the page; labels stand beside it as text, so that they are not.
constexpr double chart_width = 1'000;
constexpr double chart_height = 200;
constexpr std::int64_t time_marks = 4;

class chart_scale {
public:
    explicit chart_scale(rate_series const& series) :
        total_ms_(static_cast<double>(std::max(series.total_ms, std::int64_t{1}))),
        top_(round_top(series.top_rate())) {}

    double x(std::int64_t ms) const noexcept { return static_cast<double>(ms) / total_ms_ * chart_width; }
    double y(double rate) const noexcept { return chart_height - rate / top_ * chart_height; }
    double top() const noexcept { return top_; }

private:
    double total_ms_;
    double top_;
};

void append_held(html_writer& out, rate_series const& series, chart_scale const& scale) {
    double from = 0;
    double to = 0;
    auto const draw = [&] {
        if (to > from)
            out.markup("<rect class=\"held\" x=\"")
                .text(decimal(from))
                .markup("\" width=\"")
                .text(decimal(to - from))
                .markup("\" height=\"200\"/>");
    };
    for (auto const& point : series.points) {
        auto const start = scale.x(point.start_ms);
        auto const end = start + (scale.x(point.end_ms) - start) * point.held_share;
        if (end <= start)
            continue;
        // One hold is one shape: shapes side by side would show their edges.
        if (start > to + 0.001) {
            draw();
            from = start;
        }
        to = end;
    }
    draw();
}

void append_rate(html_writer& out, rate_series const& series, chart_scale const& scale) {
    std::string line;
    for (auto const& point : series.points) {
        auto const y = decimal(scale.y(point.rows_per_second));
        line += (line.empty() ? "M" : "L") + decimal(scale.x(point.start_ms)) + ' ' + y;
        line += 'H' + decimal(scale.x(point.end_ms));
    }
    auto const last = decimal(scale.x(series.points.back().end_ms));
    out.markup("<path class=\"area\" d=\"").text(line + 'L' + last + " 200H0Z").markup("\"/>");
    out.markup("<path class=\"line\" d=\"").text(line).markup("\"/>");
}

void append_run_starts(html_writer& out, rate_series const& series, chart_scale const& scale) {
    for (auto const start : series.run_starts) {
        auto const x = decimal(scale.x(start));
        if (start != 0)
            out.markup("<line class=\"run\" x1=\"")
                .text(x)
                .markup("\" x2=\"")
                .text(x)
                .markup("\" y1=\"0\" y2=\"200\"/>");
    }
}

std::string rate_text(double rate) {
    return rate < 10 ? decimal(rate) : with_separators_signed(static_cast<std::int64_t>(rate + 0.5));
}

void append_description(html_writer& out, rate_series const& series) {
    double held_ms = 0;
    for (auto const& point : series.points)
        held_ms += point.held_share * static_cast<double>(point.end_ms - point.start_ms);
    out.markup("<title id=\"rate-title\">Assignments read per second over the time the audit ran</title>"
               "<desc id=\"rate-text\">");
    out.text("At most ")
        .text(rate_text(series.top_rate()))
        .text(" a second in ")
        .text(time_span(series.total_ms));
    if (held_ms >= 1)
        out.text("; throttling held requests back for ").text(time_span(static_cast<std::int64_t>(held_ms)));
    out.markup(".</desc>");
}

void append_labels(html_writer& out, rate_series const& series, chart_scale const& scale) {
    out.markup("<div class=\"rates\" aria-hidden=\"true\">");
    for (auto const rate : {scale.top(), scale.top() / 2, 0.0})
        out.markup("<span>").text(rate_text(rate)).markup("</span>");
    out.markup("</div>\n<div class=\"times\" aria-hidden=\"true\">");
    for (std::int64_t mark = 0; mark <= time_marks; ++mark)
        out.markup("<span>").text(time_span(series.total_ms * mark / time_marks)).markup("</span>");
    out.markup("</div>\n");
}

}

double round_top(double value) noexcept {
    double unit = 1;
    while (unit * 10 < value && unit < 1e15)
        unit *= 10;
    for (auto const step : {1.0, 2.0, 4.0, 5.0})
        if (unit * step >= value)
            return unit * step;
    return unit * 10;
}

void append_rate_chart(html_writer& out, rate_series const& series) {
    if (series.points.empty())
        return;
    chart_scale const scale(series);
    out.markup("<figure class=\"chart\">\n<figcaption>Assignments per second over the time the audit ran "
               "<span class=\"legend\"><span class=\"key rate\"></span>assignments per second "
               "<span class=\"key held\"></span>held back by throttling");
    if (series.run_starts.size() > 1)
        out.markup(" <span class=\"key run\"></span>a new run begins");
    out.markup("</span></figcaption>\n<div class=\"plot\">\n"
               "<svg viewBox=\"0 0 1000 200\" preserveAspectRatio=\"none\" role=\"img\" "
               "aria-labelledby=\"rate-title rate-text\">");
    append_description(out, series);
    out.markup("<path class=\"grid\" d=\"M0 0H1000M0 100H1000M0 200H1000\"/>");
    append_held(out, series, scale);
    append_rate(out, series, scale);
    append_run_starts(out, series, scale);
    out.markup("</svg>\n");
    append_labels(out, series, scale);
    out.markup("</div>\n</figure>\n");
}

}
