#include "audit/summary.hpp"
#include "audit/text.hpp"
#include "json/encode.hpp"
#include "json/scalars.hpp"

#include <algorithm>

namespace allot {
namespace {

constexpr std::size_t most_skus = 20;
constexpr std::size_t name_width = 36;
constexpr std::size_t number_width = 14;

constexpr std::array<audit_outcome, 7> outcomes{
    audit_outcome::ok,        audit_outcome::none,          audit_outcome::not_found,
    audit_outcome::forbidden, audit_outcome::invalid_input, audit_outcome::bad_body,
    audit_outcome::failed,
};

std::string left(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size()), ' ');
    return text;
}

std::string right(std::string text, std::size_t width) {
    return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string number(std::int64_t value) {
    auto const text = with_separators(
        value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
    return value < 0 ? "-" + text : text;
}

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

void add_line(std::string& out, char const* name, std::string const& value) {
    out += left(name, name_width) + right(value, number_width) + '\n';
}

void add_skus(std::string& out, std::vector<sku_summary> const& skus) {
    out += '\n' + left("SKU", name_width) + right("allotments", number_width) +
           right("consumed", number_width) + right("allotted", number_width) + '\n';
    auto const shown = std::min(skus.size(), most_skus);
    for (std::size_t at = 0; at != shown; ++at) {
        auto const& sku = skus[at];
        out += left(shorten(terminal_safe(sku.name), name_width - 2), name_width) +
               right(with_separators(sku.allotments), number_width) +
               right(number(sku.consumed), number_width) + right(number(sku.allotted), number_width) + '\n';
    }
    if (shown != skus.size())
        out += "and " + with_separators(skus.size() - shown) + " more\n";
}

}

std::string summary_table(
    audit_summary const& summary, std::uint64_t inputs, client_stats const& stats,
    std::chrono::nanoseconds elapsed) {
    std::string out;
    for (auto const outcome : outcomes)
        if (summary.count(outcome) != 0 || outcome == audit_outcome::ok)
            add_line(out, to_string(outcome), with_separators(summary.count(outcome)));
    add_line(out, "rows", with_separators(summary.rows()));
    if (summary.rows() != inputs)
        add_line(out, "inputs", with_separators(inputs));
    add_line(out, "rows/s", tenths(per_second(summary.rows(), elapsed)));
    add_line(out, "time", tenths(seconds(elapsed)) + " s");
    if (summary.latency().count() != 0) {
        add_line(out, "latency p50", milliseconds(summary.latency().quantile(0.5)));
        add_line(out, "latency p99", milliseconds(summary.latency().quantile(0.99)));
    }
    add_line(out, "requests", with_separators(stats.requests));
    add_line(out, "retries", with_separators(stats.retries));
    add_line(out, "throttled", with_separators(stats.throttled));
    add_line(out, "time held", tenths(seconds(stats.held)) + " s");
    if (summary.allotments() != 0)
        add_skus(out, summary.skus());
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
