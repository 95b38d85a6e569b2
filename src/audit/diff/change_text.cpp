#include "audit/diff/change_text.hpp"

#include "audit/columns.hpp"
#include "audit/text.hpp"

#include <algorithm>
#include <utility>

namespace allot {
namespace {

constexpr std::size_t most_lines = 20;
constexpr std::size_t sku_width = 24;

std::string with_sign(std::int64_t value) {
    return value > 0 ? "+" + signed_number(value) : signed_number(value);
}

std::string reference_text(assignment_change const& change) {
    auto const id = terminal_safe(change.assignment_id);
    switch (change.scope) {
    case assignment_scope::admin:
        break;
    case assignment_scope::user:
        return "users/" + terminal_safe(change.principal_id) + '/' + id;
    case assignment_scope::group:
        return "groups/" + terminal_safe(change.principal_id) + '/' + id;
    }
    return id;
}

std::string side_text(assignment_side const& side) {
    switch (side.outcome) {
    case known_outcome::ok:
        return terminal_safe(side.sku) + " (" + terminal_safe(side.allotment_id) + ')';
    case known_outcome::none:
        return "no allotment";
    case known_outcome::not_found:
        return "not found";
    case known_outcome::not_in_input:
        return "not in the input";
    }
    return "unknown";
}

std::string units_text(char const* name, std::int64_t before, std::int64_t after) {
    auto out = std::string(name) + ' ' + signed_number(after);
    return before == after ? out : out + " (" + with_sign(after - before) + ')';
}

std::string units_text(allotment_change const& change) {
    if (change.before && change.after)
        return units_text("allotted", change.before->allotted, change.after->allotted) + ", " +
               units_text("consumed", change.before->consumed, change.after->consumed);
    auto const& units = change.after ? change.after : change.before;
    if (!units)
        return "units not asked for";
    return "allotted " + signed_number(units->allotted) + ", consumed " + signed_number(units->consumed);
}

std::string sku_line(
    std::string const& name, std::string const& allotted, std::string const& allotted_change,
    std::string const& consumed, std::string const& consumed_change) {
    return pad_right(cut_to_columns(name, sku_width - 1), sku_width) + pad_left(allotted, 13) +
           pad_left(allotted_change, 12) + pad_left(consumed, 14) + pad_left(consumed_change, 12);
}

std::string sku_line(sku_change const& change) {
    auto const before = change.before.value_or(sku_units());
    auto const after = change.after.value_or(sku_units());
    return sku_line(
        terminal_safe(change.sku), signed_number(after.units.allotted),
        with_sign(after.units.allotted - before.units.allotted), signed_number(after.units.consumed),
        with_sign(after.units.consumed - before.units.consumed));
}

std::string crossing_line(sku_change const& change) {
    auto const name = terminal_safe(change.sku);
    auto const& units = change.after->units;
    auto const state = change.became_exhausted() ? " is exhausted now: " : " is available again: ";
    return name + state + signed_number(units.consumed) + " of " + signed_number(units.allotted) +
           " consumed, before " + signed_number(change.before->units.consumed) + " of " +
           signed_number(change.before->units.allotted);
}

void add_count(std::string& out, char const* name, std::uint64_t value) {
    out += "  " + pad_right(name, 16) + pad_left(with_separators(value), 12) + '\n';
}

void add_totals(std::string& out, diff_totals const& totals) {
    auto const& a = totals.of_assignments;
    out += "Assignments\n";
    add_count(out, "same", a.same);
    add_count(out, "added", a.added);
    add_count(out, "gone", a.gone);
    add_count(out, "moved", a.moved);
    if (a.not_comparable != 0)
        add_count(out, "not comparable", a.not_comparable);
    auto const& b = totals.of_allotments;
    out += "Allotments\n";
    add_count(out, "same", b.same);
    add_count(out, "changed", b.changed);
    add_count(out, "appeared", b.appeared);
    add_count(out, "disappeared", b.disappeared);
    if (b.not_comparable != 0)
        add_count(out, "not comparable", b.not_comparable);
    auto const& c = totals.of_skus;
    out += "SKUs\n";
    add_count(out, "same", c.same);
    add_count(out, "changed", c.changed);
    add_count(out, "exhausted now", c.became_exhausted);
    add_count(out, "available again", c.became_available);
    if (c.not_comparable != 0)
        add_count(out, "not comparable", c.not_comparable);
}

}

void change_text::section::add(std::string line) {
    if (++count <= most_lines)
        lines.push_back(std::move(line));
}

void change_text::add(assignment_change const& change) {
    auto const line = [&] {
        auto const before = side_text(change.before);
        auto const after = side_text(change.after);
        auto out = reference_text(change) + ": ";
        switch (change.kind) {
        case assignment_change::what::added:
            return out + after + ", was " + before;
        case assignment_change::what::gone:
            return out + after + ", was " + before;
        case assignment_change::what::moved:
            break;
        }
        return out + before + " -> " + after;
    };
    switch (change.kind) {
    case assignment_change::what::added:
        return sections_[added].add(line());
    case assignment_change::what::gone:
        return sections_[gone].add(line());
    case assignment_change::what::moved:
        return sections_[moved].add(line());
    }
}

void change_text::add(allotment_change const& change) {
    auto line = terminal_safe(change.sku) + " (" + terminal_safe(change.id) + "): " + units_text(change);
    switch (change.kind) {
    case allotment_change::what::changed:
        return sections_[changed].add(std::move(line));
    case allotment_change::what::appeared:
        return sections_[appeared].add(std::move(line));
    case allotment_change::what::disappeared:
        return sections_[disappeared].add(std::move(line));
    }
}

void change_text::add(sku_change const& change) {
    sections_[skus].add(sku_line(change));
    if (change.became_exhausted() || change.became_available())
        sections_[crossing].add(crossing_line(change));
}

std::string change_text::text(diff_totals const& totals) const {
    constexpr std::array<char const*, places> titles{
        "SKUs that crossed exhaustion",
        "SKUs whose units changed",
        "Allotments whose units changed",
        "Allotments that appeared",
        "Allotments that disappeared",
        "Assignments added",
        "Assignments gone",
        "Assignments moved to another allotment",
    };
    std::string out;
    add_totals(out, totals);
    for (std::size_t at = 0; at != sections_.size(); ++at) {
        auto const& each = sections_[at];
        if (each.count == 0)
            continue;
        out += '\n' + std::string(titles[at]) + " (" + with_separators(each.count) + ")\n";
        if (at == skus)
            out += "  " + sku_line("SKU", "allotted", "change", "consumed", "change") + '\n';
        for (auto const& line : each.lines)
            out += "  " + line + '\n';
        if (each.count != each.lines.size())
            out += "  ... and " + with_separators(each.count - each.lines.size()) +
                   " more (--format ndjson has all)\n";
    }
    return out;
}

}
