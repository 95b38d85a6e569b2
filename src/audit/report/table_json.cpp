#include "audit/report/table_json.hpp"

#include "audit/report/page_text.hpp"
#include "json/scalars.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace allot {
namespace {

constexpr std::size_t json_piece_bytes = 65'536;

/// Numbers things in the order in which they are first seen.
template <class T>
class numbering {
public:
    std::size_t number(T const& value) {
        auto const [found, is_new] = numbers_.try_emplace(value, seen_.size());
        if (is_new)
            seen_.push_back(value);
        return found->second;
    }
    std::vector<T> const& seen() const noexcept { return seen_; }

private:
    std::unordered_map<T, std::size_t> numbers_;
    std::vector<T> seen_;
};

class json_columns {
public:
    explicit json_columns(std::function<void(std::string_view)> const& write) : write_(write) {}

    /// An array member of the object; `append(value)` writes one element.
    template <class Range, class Append>
    void column(char const* name, Range const& values, Append append) {
        out_ += out_.empty() && !begun_ ? "{\"" : ",\"";
        begun_ = true;
        out_ += name;
        out_ += "\":[";
        bool first = true;
        for (auto const& value : values) {
            if (!std::exchange(first, false))
                out_ += ',';
            append(out_, value);
            if (out_.size() >= json_piece_bytes)
                flush();
        }
        out_ += ']';
    }

    void finish() {
        out_ += '}';
        flush();
    }

private:
    void flush() {
        write_(out_);
        out_.clear();
    }

    std::function<void(std::string_view)> const& write_;
    std::string out_;
    bool begun_ = false;
};

using row_range = std::vector<kept_row>;

void append_text(std::string& out, std::string_view text) {
    append_script_string(out, text);
}

void append_number(std::string& out, std::size_t value) {
    append_integer(out, static_cast<std::uint64_t>(value));
}

void append_index(std::string& out, std::optional<std::size_t> value) {
    if (value)
        append_number(out, *value);
    else
        out += "-1";
}

/// Outcomes in the order of the rows, and how many rows each has: the rows are sorted by it.
std::vector<std::pair<audit_outcome, std::size_t>> outcome_lengths(row_range const& rows) {
    std::vector<std::pair<audit_outcome, std::size_t>> out;
    for (auto const& row : rows) {
        if (out.empty() || out.back().first != row.outcome)
            out.emplace_back(row.outcome, 0);
        ++out.back().second;
    }
    return out;
}

void write_references(json_columns& json, row_range const& rows) {
    std::uint64_t last = 0;
    // What counts is the step from row to row; it is short, and goes back where the next outcome begins.
    json.column("position", rows, [&](std::string& out, kept_row const& row) {
        append_integer(out, static_cast<std::int64_t>(row.position - std::exchange(last, row.position)));
    });
    json.column(
        "id", rows, [](std::string& out, kept_row const& row) { append_text(out, row.assignment_id); });
    numbering<std::string> principals;
    json.column("principal", rows, [&](std::string& out, kept_row const& row) {
        bool const tenant = row.scope == assignment_scope::admin;
        append_index(
            out, tenant
                     ? std::nullopt
                     : std::optional(principals.number(
                           (row.scope == assignment_scope::user ? "user " : "group ") + row.principal_id)));
    });
    json.column("principals", principals.seen(), append_text);
}

void write_allotments(json_columns& json, report_data const& data) {
    numbering<std::size_t> pools;
    json.column("pool", data.table, [&](std::string& out, kept_row const& row) {
        append_index(
            out, row.pool == kept_row::no_pool ? std::nullopt : std::optional(pools.number(row.pool)));
    });
    numbering<std::size_t> skus;
    json.column("pools", pools.seen(), [&](std::string& out, std::size_t pool) {
        append_text(out, data.pools[pool].id);
    });
    json.column("pool_sku", pools.seen(), [&](std::string& out, std::size_t pool) {
        append_number(out, skus.number(data.pools[pool].sku));
    });
    json.column("skus", skus.seen(), [&](std::string& out, std::size_t sku) {
        append_text(out, data.skus[sku].name);
    });
    // What the links of the SKU table name.
    json.column("sku_number", skus.seen(), append_number);
}

/// Of the rows in front of the good ones, which have no errors.
void write_errors(json_columns& json, row_range const& rows) {
    auto const end = std::find_if(rows.begin(), rows.end(), [](auto const& row) {
        return row.outcome == audit_outcome::none || row.outcome == audit_outcome::ok;
    });
    std::span const with_error(rows.begin(), end);
    numbering<std::string> codes;
    numbering<std::string> messages;
    json.column("code", with_error, [&](std::string& out, kept_row const& row) {
        append_number(out, codes.number(row.error_code));
    });
    json.column("message", with_error, [&](std::string& out, kept_row const& row) {
        append_number(out, messages.number(row.message));
    });
    json.column("request", with_error, [](std::string& out, kept_row const& row) {
        append_text(out, row.request_id);
    });
    json.column("codes", codes.seen(), append_text);
    json.column("messages", messages.seen(), append_text);
}

}

void write_table_json(report_data const& data, std::function<void(std::string_view)> const& write) {
    json_columns json(write);
    auto const& rows = data.table;
    json.column("outcomes", outcome_lengths(rows), [](std::string& out, auto const& each) {
        out += "[\"" + std::string(to_string(each.first)) + "\"," + std::to_string(each.second) + ']';
    });
    write_references(json, rows);
    write_allotments(json, data);
    write_errors(json, rows);
    json.column("status", rows, [](std::string& out, kept_row const& row) {
        append_integer(out, std::int64_t{row.http_status});
    });
    json.column("attempts", rows, [](std::string& out, kept_row const& row) {
        append_integer(out, std::uint64_t{row.attempts});
    });
    json.column(
        "ms", rows, [](std::string& out, kept_row const& row) { append_integer(out, row.milliseconds); });
    json.finish();
}

}
