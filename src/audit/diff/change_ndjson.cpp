#include "audit/diff/change_ndjson.hpp"

#include "json/encode.hpp"
#include "json/scalars.hpp"

namespace allot {
namespace {

char const* name_of(assignment_change::what kind) {
    switch (kind) {
    case assignment_change::what::added:
        return "assignment_added";
    case assignment_change::what::gone:
        return "assignment_gone";
    case assignment_change::what::moved:
        return "assignment_moved";
    }
    return "unknown";
}

char const* name_of(allotment_change::what kind) {
    switch (kind) {
    case allotment_change::what::changed:
        return "allotment_changed";
    case allotment_change::what::appeared:
        return "allotment_appeared";
    case allotment_change::what::disappeared:
        return "allotment_disappeared";
    }
    return "unknown";
}

void add_name(std::string& out, std::string_view name) {
    out += ",\"";
    out += name;
    out += "\":";
}

void add_text(std::string& out, std::string_view name, std::string_view value, bool is_null = false) {
    add_name(out, name);
    if (is_null)
        out += "null";
    else
        append_json_string(out, value);
}

void add_number(std::string& out, std::string_view name, std::int64_t value) {
    add_name(out, name);
    append_integer(out, value);
}

void add_side(std::string& out, std::string_view name, assignment_side const& side) {
    bool const none = side.outcome != known_outcome::ok;
    add_name(out, name);
    out += R"({"outcome":)";
    append_json_string(out, to_string(side.outcome));
    add_text(out, "allotmentId", side.allotment_id, none);
    add_text(out, "sku", side.sku, none);
    out += '}';
}

void add_units(std::string& out, std::string_view name, std::optional<unit_count> const& units) {
    add_name(out, name);
    if (!units) {
        out += "null";
        return;
    }
    out += R"({"allotted":)";
    append_integer(out, units->allotted);
    add_number(out, "consumed", units->consumed);
    out += '}';
}

void add_units(std::string& out, std::string_view name, std::optional<sku_units> const& units) {
    add_name(out, name);
    if (!units) {
        out += "null";
        return;
    }
    out += R"({"allotments":)";
    append_integer(out, units->allotments);
    add_number(out, "allotted", units->units.allotted);
    add_number(out, "consumed", units->units.consumed);
    out += '}';
}

void add_sku(std::string& out, std::string_view kind, sku_change const& change) {
    out += R"({"kind":)";
    append_json_string(out, kind);
    add_text(out, "sku", change.sku);
    add_units(out, "before", change.before);
    add_units(out, "after", change.after);
    out += "}\n";
}

}

void change_ndjson::add(assignment_change const& change) {
    line_ = R"({"kind":)";
    append_json_string(line_, name_of(change.kind));
    add_text(line_, "scope", to_string(change.scope));
    add_text(line_, "principalId", change.principal_id, change.scope == assignment_scope::admin);
    add_text(line_, "assignmentId", change.assignment_id);
    add_side(line_, "before", change.before);
    add_side(line_, "after", change.after);
    line_ += "}\n";
    write_line();
}

void change_ndjson::add(allotment_change const& change) {
    line_ = R"({"kind":)";
    append_json_string(line_, name_of(change.kind));
    add_text(line_, "allotmentId", change.id);
    add_text(line_, "sku", change.sku);
    add_units(line_, "before", change.before);
    add_units(line_, "after", change.after);
    line_ += "}\n";
    write_line();
}

void change_ndjson::add(sku_change const& change) {
    line_.clear();
    add_sku(line_, "sku_changed", change);
    if (change.became_exhausted())
        add_sku(line_, "sku_exhausted", change);
    if (change.became_available())
        add_sku(line_, "sku_available", change);
    write_line();
}

void change_ndjson::write_line() {
    output_.append(line_);
    if (!output_.has_room())
        output_.write_out();
}

}
