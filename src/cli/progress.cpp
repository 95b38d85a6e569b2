#include "cli/progress.hpp"

#include "audit/columns.hpp"
#include "audit/paint.hpp"
#include "audit/text.hpp"
#include "cli/duration.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace allot {
namespace {

constexpr std::size_t least_bar = 10;
constexpr std::size_t most_bar = 30;
constexpr std::size_t share_width = 4; // "100%"
constexpr std::string_view between = " | ";

struct part {
    std::string text;
    tone how = tone::plain;
    bool before_bar = false; ///< matters more than the bar
};

std::uint64_t percent(std::uint64_t done, std::uint64_t total) {
    return done >= total ? 100 : done * 100 / total;
}

std::string speed_text(double rows_per_second) {
    auto const tenths = std::llround(rows_per_second * 10);
    if (tenths >= 100 || tenths == 0)
        return with_separators(static_cast<std::uint64_t>(std::llround(rows_per_second))) + " rows/s";
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " rows/s";
}

part hold_part(std::chrono::milliseconds left) {
    return {"throttled, " + short_duration(left) + " left", tone::careful, true};
}

/// In the order of their weight.
std::vector<part> parts_of(progress_view const& view) {
    std::vector<part> parts;
    if (view.took) {
        auto const* const how = view.done >= view.total ? "in " : "stopped after ";
        parts.push_back({how + short_duration(*view.took), tone::plain, true});
    }
    if (view.held_for)
        parts.push_back(hold_part(*view.held_for));
    if (view.time_left)
        parts.push_back({"ETA " + short_duration(*view.time_left), tone::plain, true});
    if (view.errors != 0)
        parts.push_back(
            {with_separators(view.errors) + (view.errors == 1 ? " error" : " errors"), tone::bad, true});
    if (view.rows_per_second)
        parts.push_back({speed_text(*view.rows_per_second), tone::plain, false});
    if (view.in_flight != 0)
        parts.push_back({with_separators(view.in_flight) + " in flight", tone::quiet, false});
    if (view.retries != 0)
        parts.push_back(
            {with_separators(view.retries) + (view.retries == 1 ? " retry" : " retries"), tone::quiet,
             false});
    return parts;
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    while (times-- != 0)
        out += text;
    return out;
}

/// `width` columns, with the frame where the characters are ASCII.
std::string bar_of(progress_view const& view, std::size_t width, line_style const& style) {
    auto const cells = style.utf8 ? width : width - 2;
    auto const full = percent(view.done, view.total) * cells / 100;
    auto const* const done = style.utf8 ? "\u2588" : "#";
    auto const* const open = style.utf8 ? "\u2591" : "-";
    auto const bar = painted(repeated(done, full), tone::good, style.colours) +
                     painted(repeated(open, cells - full), tone::quiet, style.colours);
    return style.utf8 ? bar : '[' + bar + ']';
}

/// The columns for a bar beside `count` and what matters more; 0 when there are too few.
std::size_t bar_width(std::string const& count, std::vector<part> const& parts, line_style const& style) {
    auto taken = share_width + 1 + 1 + count.size();
    for (auto const& each : parts)
        if (each.before_bar)
            taken += between.size() + each.text.size();
    if (!style.bar || taken + least_bar > style.width)
        return 0;
    return std::min({style.width - taken, std::max(style.width / 4, least_bar), most_bar});
}

/// Adds the parts to `line`, which takes `taken` columns, up to the first that has no room.
void add_parts(
    std::string& line, std::size_t taken, std::vector<part> const& parts, line_style const& style) {
    for (auto const& each : parts) {
        taken += between.size() + each.text.size();
        if (taken > style.width)
            break;
        line += painted(between, tone::quiet, style.colours) + painted(each.text, each.how, style.colours);
    }
}

}

std::string progress_line(progress_view const& view, line_style const& style) {
    auto const share = std::to_string(percent(view.done, view.total)) + '%';
    auto const count = with_separators(view.done) + '/' + with_separators(view.total);
    auto const parts = parts_of(view);
    if (share.size() > style.width)
        return {};
    if (count.size() + 1 + share.size() > style.width)
        return share;
    auto const bar = bar_width(count, parts, style);
    if (bar == 0) {
        auto line = count + ' ' + share;
        add_parts(line, columns(line), parts, style);
        return line;
    }
    auto line = pad_left(share, share_width) + ' ' + bar_of(view, bar, style) + ' ' + count;
    add_parts(line, share_width + 1 + bar + 1 + count.size(), parts, style);
    return line;
}

std::string counting_line(counting_view const& view, line_style const& style) {
    auto const number = with_separators(view.seen);
    auto const what = std::string(view.what) + ": ";
    auto const unit = ' ' + std::string(view.unit);
    if (number.size() > style.width)
        return {};
    if (columns(what) + number.size() > style.width)
        return number;
    if (columns(what) + number.size() + columns(unit) > style.width)
        return what + number;
    auto line = what + number + unit;
    if (view.held_for)
        add_parts(line, columns(line), {hold_part(*view.held_for)}, style);
    return line;
}

}
