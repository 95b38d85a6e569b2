#include "audit/columns.hpp"
#include "audit/paint.hpp"
#include "audit/summary.hpp"
#include "audit/text.hpp"
#include "json/encode.hpp"
#include "json/scalars.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace allot {
namespace {

constexpr std::size_t most_skus = 20;
constexpr std::size_t name_width = 36;
constexpr std::size_t least_name_width = 12;
constexpr std::size_t number_width = 14;

constexpr std::array<audit_outcome, 7> outcomes{
    audit_outcome::ok,        audit_outcome::none,          audit_outcome::not_found,
    audit_outcome::forbidden, audit_outcome::invalid_input, audit_outcome::bad_body,
    audit_outcome::failed,
};

double seconds(std::chrono::nanoseconds value) {
    return std::chrono::duration<double>(value).count();
}

std::string tenths(double value) {
    auto const scaled = static_cast<long long>(value * 10 + 0.5);
    return std::to_string(scaled / 10) + '.' + std::to_string(scaled % 10);
}

std::string milliseconds(std::chrono::microseconds value) {
    return tenths(std::chrono::duration<double, std::milli>(value).count()) + " ms";
}

double per_second(std::uint64_t rows, std::chrono::nanoseconds elapsed) {
    return elapsed.count() > 0 ? static_cast<double>(rows) / seconds(elapsed) : 0;
}

/// One line with a name and numbers.
struct table_row {
    std::string name;
    std::vector<std::string> numbers;
    std::string mark = {}; ///< behind the numbers, where there is room
    tone how = tone::plain;
};

std::size_t longest_name(std::vector<table_row> const& rows) {
    std::size_t longest = 0;
    for (auto const& row : rows)
        longest = std::max(longest, columns(row.name));
    return longest;
}

bool is_header(table_row const& row) {
    return row.how == tone::strong;
}

using column_widths = std::vector<std::size_t>;

/// Of each column of numbers, with `gap` blanks before it.
column_widths number_widths(std::vector<table_row> const& rows, std::size_t gap, std::size_t least = 0) {
    column_widths widths(rows.front().numbers.size(), least);
    for (auto const& row : rows)
        for (std::size_t at = 0; at != widths.size(); ++at)
            widths[at] = std::max(widths[at], row.numbers[at].size() + gap);
    return widths;
}

std::size_t sum(column_widths const& values) {
    return std::accumulate(values.begin(), values.end(), std::size_t{0});
}

/// Where it is narrow the columns move together; in the end only the numbers count, not what stands above.
column_widths fitting_number_widths(std::vector<table_row> const& rows, std::size_t width) {
    auto widths = number_widths(rows, 1, number_width);
    if (name_width + sum(widths) > width)
        widths = number_widths(rows, 2);
    if (least_name_width + sum(widths) > width)
        widths = number_widths(rows, 1);
    if (sum(widths) > width) {
        auto without_header = rows;
        std::erase_if(without_header, is_header);
        widths = number_widths(without_header, 1, width / widths.size());
    }
    return widths;
}

std::string numbers_text(table_row const& row, column_widths const& widths) {
    std::string out;
    for (std::size_t at = 0; at != widths.size(); ++at)
        out += pad_left(
            is_header(row) ? cut_to_columns(row.numbers[at], widths[at] - 1) : row.numbers[at], widths[at]);
    return out;
}

/// Draws rows with as many numbers each. Where too little is left for the names, they get lines of their own.
void add_table(std::string& out, std::vector<table_row> const& rows, table_style const& style) {
    auto const widths = fitting_number_widths(rows, style.width);
    auto const taken = sum(widths);
    auto const room = style.width - std::min(style.width, taken);
    auto const longest = longest_name(rows);
    bool const own_lines = room < std::min(longest, least_name_width);
    auto const names = std::min(room, std::max(name_width, longest + 2));
    for (auto const& row : rows) {
        auto line = own_lines ? cut_to_columns(row.name, style.width) + '\n'
                              : pad_right(cut_to_columns(row.name, names), names);
        line += numbers_text(row, widths);
        if (!row.mark.empty() && (own_lines ? 0 : names) + taken + 2 + row.mark.size() <= style.width)
            line += "  " + row.mark;
        out += painted(line, row.how, style.colours) + '\n';
    }
}

std::vector<table_row> outcome_rows(audit_summary const& summary) {
    std::vector<table_row> rows;
    for (auto const outcome : outcomes) {
        auto const count = summary.count(outcome);
        if (count == 0 && outcome != audit_outcome::ok)
            continue;
        rows.push_back({to_string(outcome), {with_separators(count)}});
        if (!is_good(outcome)) {
            rows.back().mark = count == 1 ? "error" : "errors";
            rows.back().how = tone::bad;
        }
    }
    return rows;
}

std::vector<table_row> sku_rows(std::vector<sku_summary> const& skus) {
    std::vector<table_row> rows{{"SKU", {"allotments", "consumed", "allotted"}, {}, tone::strong}};
    for (std::size_t at = 0; at != std::min(skus.size(), most_skus); ++at) {
        auto const& sku = skus[at];
        rows.push_back(
            {terminal_safe(sku.name),
             {with_separators(sku.allotments), signed_number(sku.consumed), signed_number(sku.allotted)}});
    }
    return rows;
}

}

std::string summary_table(
    audit_summary const& summary, std::uint64_t inputs, client_stats const& stats,
    std::chrono::nanoseconds elapsed, table_style const& style) {
    auto rows = outcome_rows(summary);
    auto const add = [&rows](char const* name, std::string value) {
        rows.push_back({name, {std::move(value)}});
    };
    add("rows", with_separators(summary.rows()));
    if (summary.rows() != inputs)
        add("inputs", with_separators(inputs));
    add("rows/s", tenths(per_second(summary.rows(), elapsed)));
    add("time", tenths(seconds(elapsed)) + " s");
    if (summary.latency().count() != 0) {
        add("latency p50", milliseconds(summary.latency().quantile(0.5)));
        add("latency p99", milliseconds(summary.latency().quantile(0.99)));
    }
    add("requests", with_separators(stats.requests));
    add("retries", with_separators(stats.retries));
    add("throttled", with_separators(stats.throttled));
    add("time held", tenths(seconds(stats.held)) + " s");
    std::string out;
    add_table(out, rows, style);
    if (summary.allotments() == 0)
        return out;
    auto const skus = summary.skus();
    out += '\n';
    add_table(out, sku_rows(skus), style);
    if (skus.size() > most_skus)
        out += "and " + with_separators(skus.size() - most_skus) + " more\n";
    return out;
}

std::string summary_json(
    audit_summary const& summary, std::uint64_t inputs, client_stats const& stats,
    std::chrono::nanoseconds elapsed) {
    std::string out = R"({"inputs":)";
    append_integer(out, inputs);
    auto const add = [&out](std::string_view name, std::uint64_t value) {
        out += ',';
        append_json_string(out, name);
        out += ':';
        append_integer(out, value);
    };
    auto const add_duration = [&out](std::string_view name, std::chrono::nanoseconds value) {
        out += ',';
        append_json_string(out, name);
        out += ':';
        append_milliseconds(out, value);
    };
    add("rows", summary.rows());
    for (auto const outcome : outcomes)
        add(to_string(outcome), summary.count(outcome));
    add_duration("elapsedMs", elapsed);
    add_duration("latencyP50Ms", summary.latency().quantile(0.5));
    add_duration("latencyP99Ms", summary.latency().quantile(0.99));
    add("requests", stats.requests);
    add("retries", stats.retries);
    add("throttled", stats.throttled);
    add_duration("heldMs", stats.held);
    add("allotments", summary.allotments());
    out += R"(,"skus":[)";
    bool first = true;
    for (auto const& sku : summary.skus()) {
        out += first ? R"({"sku":)" : R"(,{"sku":)";
        first = false;
        append_json_string(out, sku.name);
        add("allotments", sku.allotments);
        out += R"(,"consumed":)";
        append_integer(out, sku.consumed);
        out += R"(,"allotted":)";
        append_integer(out, sku.allotted);
        out += '}';
    }
    out += "]}";
    return out;
}

}
