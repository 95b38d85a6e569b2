#include "audit/row_writers.hpp"
#include "audit/text.hpp"
#include "json/naming.hpp"
#include "json/scalars.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>

namespace allot {
namespace {

/// Line ends and tabs are a matter of quoting; other control characters would act on a terminal.
std::string cell_text(std::string_view value) {
    constexpr std::string_view kept = "\t\r\n";
    std::string out;
    while (!value.empty()) {
        auto const end = std::min(value.find_first_of(kept), value.size());
        out += terminal_safe(value.substr(0, end));
        value.remove_prefix(end);
        auto const next = std::min(value.find_first_not_of(kept), value.size());
        out += value.substr(0, next);
        value.remove_prefix(next);
    }
    return out;
}

bool begins_formula(std::string_view value) {
    return !value.empty() && std::string_view("=+-@\t\r").find(value.front()) != std::string_view::npos;
}

/// Whether a cell can hold the text as it is: so it is with nearly all.
bool is_plain(std::string_view value) {
    return !begins_formula(value) && std::all_of(value.begin(), value.end(), [](char each) {
        return each >= ' ' && each <= '~' && each != ',' && each != '"';
    });
}

/// Cells of one record, with commas between them.
class record {
public:
    explicit record(std::string& out) noexcept : out_(out) {}

    /// Text from outside.
    void text(std::string_view value) {
        separate();
        if (is_plain(value)) {
            out_ += value;
            return;
        }
        auto clean = cell_text(value);
        if (begins_formula(clean))
            clean.insert(0, 1, '\'');
        if (clean.find_first_of("\",\r\n") == std::string::npos) {
            out_ += clean;
            return;
        }
        out_ += '"';
        for (char const character : clean) {
            if (character == '"')
                out_ += '"';
            out_ += character;
        }
        out_ += '"';
    }

    void number(std::int64_t value) {
        separate();
        append_integer(out_, value);
    }

    void empty() { separate(); }

    /// Where a caller writes a cell that needs no quotes.
    std::string& cell() {
        separate();
        return out_;
    }

private:
    void separate() {
        if (!first_)
            out_ += ',';
        first_ = false;
    }

    std::string& out_;
    bool first_ = true;
};

std::string names_of(assignee_types const& value) {
    std::string out;
    auto const add = [&out](std::string_view name) {
        if (!out.empty())
            out += ',';
        out += name;
    };
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<assignee_type>>([&]<class D>(D) {
        if (value.has(D::value))
            add(wire_name<D>);
    });
    for (auto const& name : value.unknown)
        add(name);
    return out.empty() ? "none" : out;
}

void add_allotment(record& cells, allotment const& value) {
    cells.text(value.id ? std::string_view(*value.id) : std::string_view());
    for (auto const& units : {value.allotted_units, value.consumed_units})
        if (units)
            cells.number(*units);
        else
            cells.empty();
    cells.text(value.assignable_to ? names_of(*value.assignable_to) : std::string());
    if (value.sku_id)
        append_guid(cells.cell(), *value.sku_id);
    else
        cells.empty();
    cells.text(value.sku_part_number ? std::string_view(*value.sku_part_number) : std::string_view());
}

}

std::string csv_header() {
    return "position,scope,principalId,assignmentId,outcome,"
           "allotment.id,allotment.allottedUnits,allotment.consumedUnits,allotment.assignableTo,allotment."
           "skuId,"
           "allotment.skuPartNumber,"
           "error.code,error.message,error.reason,httpStatus,attempts,requestId,clientRequestId,"
           "durationMs\r\n";
}

void append_csv(std::string& out, audit_row const& row) {
    record cells(out);
    append_integer(cells.cell(), row.position);
    cells.text(to_string(row.scope));
    cells.text(row.principal_id);
    cells.text(row.assignment_id);
    cells.text(to_string(row.outcome));
    if (row.allotment != nullptr)
        add_allotment(cells, *row.allotment);
    else
        for (int column = 0; column != 6; ++column)
            cells.empty();
    cells.text(row.error ? row.error->code : std::string_view());
    cells.text(row.error ? std::string_view(row.error->message) : std::string_view());
    cells.text(row.error ? row.error->reason : std::string_view());
    cells.number(row.http_status);
    cells.number(row.attempts);
    cells.text(row.request_id);
    cells.text(row.client_request_id);
    append_milliseconds(cells.cell(), row.duration);
    out += "\r\n";
}

}
