#include "audit/diff/compare.hpp"

#include "audit/diff/allotment_units.hpp"
#include "audit/sku_name.hpp"
#include "audit/text.hpp"

#include <compare>
#include <memory>
#include <optional>
#include <tuple>

namespace allot {
namespace {

std::strong_ordering order(audit_row const& left, audit_row const& right) {
    return std::tie(left.scope, left.principal_id, left.assignment_id) <=>
           std::tie(right.scope, right.principal_id, right.assignment_id);
}

/// Walks through the references of an audit, each once.
class reference_walk {
public:
    explicit reference_walk(audit_reader& reader) :
        rows_(reader.read_rows(row_order::reference)),
        finished_(reader.phase() == audit_phase::complete),
        row_(rows_->next()) {}

    /// Null behind the last.
    audit_row const* row() const noexcept { return row_; }

    bool is_finished() const noexcept { return finished_; }

    void advance() {
        scope_ = row_->scope;
        principal_ = row_->principal_id;
        assignment_ = row_->assignment_id;
        do
            row_ = rows_->next();
        while (row_ != nullptr && row_->scope == scope_ && row_->principal_id == principal_ &&
               row_->assignment_id == assignment_);
    }

private:
    std::unique_ptr<row_cursor> rows_;
    bool finished_;
    audit_row const* row_;
    assignment_scope scope_ = assignment_scope::admin;
    std::string principal_;
    std::string assignment_;
};

bool has_allotment_id(audit_row const& row) {
    return row.allotment != nullptr && row.allotment->id.has_value();
}

/// What a row says of its assignment; nothing where that cannot be compared.
std::optional<known_outcome> outcome_of(audit_row const& row) {
    switch (row.outcome) {
    case audit_outcome::ok:
        if (has_allotment_id(row))
            return known_outcome::ok;
        break;
    case audit_outcome::none:
        return known_outcome::none;
    case audit_outcome::not_found:
        return known_outcome::not_found;
    case audit_outcome::forbidden:
    case audit_outcome::invalid_input:
    case audit_outcome::bad_body:
    case audit_outcome::failed:
        break;
    }
    return std::nullopt;
}

std::optional<known_outcome> outcome_of(audit_row const* row, bool finished) {
    if (row != nullptr)
        return outcome_of(*row);
    if (finished)
        return known_outcome::not_in_input;
    return std::nullopt;
}

assignment_side side_of(audit_row const* row, known_outcome outcome) {
    assignment_side side;
    side.outcome = outcome;
    if (outcome == known_outcome::ok) {
        side.allotment_id = *row->allotment->id;
        side.sku = sku_name(*row->allotment);
    }
    return side;
}

bool is_there(known_outcome value) {
    return value == known_outcome::ok || value == known_outcome::none;
}

class comparison {
public:
    comparison(change_sink& sink, bool before_finished, bool after_finished) :
        sink_(sink),
        before_finished_(before_finished),
        after_finished_(after_finished) {}

    /// One reference; at least one of the audits has it.
    void add(audit_row const* before, audit_row const* after) {
        auto const was = outcome_of(before, before_finished_);
        auto const is = outcome_of(after, after_finished_);
        bool const comparable = was && is;
        if (before != nullptr && has_allotment_id(*before))
            units_.add(audit_side::before, *before, comparable);
        if (after != nullptr && has_allotment_id(*after))
            units_.add(audit_side::after, *after, comparable);
        if (comparable)
            compare(before, *was, after, *is);
        else
            ++totals_.of_assignments.not_comparable;
    }

    diff_totals finish() {
        units_.compare(sink_, totals_);
        return totals_;
    }

private:
    void compare(audit_row const* before, known_outcome was, audit_row const* after, known_outcome is) {
        auto& counts = totals_.of_assignments;
        bool const moved = is_there(was) && is_there(is) && !same_allotment(before, was, after, is);
        if (is_there(was) == is_there(is) && !moved) {
            ++counts.same;
            return;
        }
        auto const& named = after != nullptr ? *after : *before;
        assignment_change change;
        change.kind = moved          ? assignment_change::what::moved
                      : is_there(is) ? assignment_change::what::added
                                     : assignment_change::what::gone;
        ++(moved ? counts.moved : is_there(is) ? counts.added : counts.gone);
        change.scope = named.scope;
        change.principal_id = named.principal_id;
        change.assignment_id = named.assignment_id;
        change.before = side_of(before, was);
        change.after = side_of(after, is);
        sink_.add(change);
    }

    static bool
    same_allotment(audit_row const* before, known_outcome was, audit_row const* after, known_outcome is) {
        return was == is && (was == known_outcome::none || before->allotment->id == after->allotment->id);
    }

    change_sink& sink_;
    bool before_finished_;
    bool after_finished_;
    allotment_units units_;
    diff_totals totals_;
};

std::string option_of(audit_identity const& identity, std::string const& name) {
    auto const found = identity.options.find(name);
    return found == identity.options.end() ? std::string() : found->second;
}

std::string quoted(std::string const& value) {
    return value.empty() ? "nothing" : '"' + terminal_safe(value) + '"';
}

void add_unfinished(std::vector<std::string>& out, audit_reader& reader, std::string const& name) {
    if (reader.phase() != audit_phase::complete)
        out.push_back(
            terminal_safe(name) +
            " is not finished: what has no row in it is not compared; `allot status` says how to go on");
}

}

char const* to_string(known_outcome value) noexcept {
    switch (value) {
    case known_outcome::ok:
        return "ok";
    case known_outcome::none:
        return "none";
    case known_outcome::not_found:
        return "not_found";
    case known_outcome::not_in_input:
        return "not_in_input";
    }
    return "unknown";
}

bool diff_totals::different() const noexcept {
    auto const& a = of_assignments;
    auto const& b = of_allotments;
    return a.added + a.gone + a.moved + b.changed + b.appeared + b.disappeared + of_skus.changed != 0;
}

diff_totals compare_audits(audit_reader& before, audit_reader& after, change_sink& sink) {
    reference_walk was(before);
    reference_walk is(after);
    comparison out(sink, was.is_finished(), is.is_finished());
    while (was.row() != nullptr || is.row() != nullptr) {
        auto const which = was.row() == nullptr  ? std::strong_ordering::greater
                           : is.row() == nullptr ? std::strong_ordering::less
                                                 : order(*was.row(), *is.row());
        out.add(which > 0 ? nullptr : was.row(), which < 0 ? nullptr : is.row());
        if (which <= 0)
            was.advance();
        if (which >= 0)
            is.advance();
    }
    return out.finish();
}

std::vector<std::string> doubts(
    audit_reader& before, std::string const& name_before, audit_reader& after,
    std::string const& name_after) {
    std::vector<std::string> out;
    auto const was = before.identity().value_or(audit_identity());
    auto const is = after.identity().value_or(audit_identity());
    for (auto const* const name : {"graph-url", "tenant", "select", "expand"}) {
        auto const old_value = option_of(was, name);
        auto const new_value = option_of(is, name);
        // A token alone does not say of which tenant it is.
        bool const unknown = std::string_view(name) == "tenant" && (old_value.empty() || new_value.empty());
        if (old_value != new_value && !unknown)
            out.push_back(
                std::string("the audits were made with other options: --") + name + " was " +
                quoted(old_value) + " and is " + quoted(new_value));
    }
    add_unfinished(out, before, name_before);
    add_unfinished(out, after, name_after);
    return out;
}

}
