#include "audit/store/sqlite_reader.hpp"

#include "audit/store/sqlite_rows.hpp"
#include "audit/store/sqlite_values.hpp"

#include <utility>

namespace allot {
namespace {

stored_run::time_point time_of(sqlite_statement const& row, int column) {
    return stored_run::time_point(std::chrono::milliseconds(number_within(row, column, last_moment, "time")));
}

assignment_ref reference(assignment_scope scope, std::string_view principal, std::string_view assignment) {
    switch (scope) {
    case assignment_scope::admin:
        break;
    case assignment_scope::user:
        return assignment_ref::user(std::string(principal), std::string(assignment));
    case assignment_scope::group:
        return assignment_ref::group(std::string(principal), std::string(assignment));
    }
    return assignment_ref::admin(std::string(assignment));
}

}

std::optional<audit_identity> sqlite_reader::identity() {
    auto audit = database_->prepare("SELECT input_name FROM audit");
    if (!audit.step())
        return std::nullopt;
    audit_identity out;
    out.input_name = audit.text(0);
    auto option = database_->prepare("SELECT name, value FROM option");
    while (option.step())
        out.options.emplace(option.text(0), option.text(1));
    return out;
}

audit_phase sqlite_reader::phase() {
    if (database_->number("SELECT input_ended FROM audit") == 0)
        return audit_phase::reading;
    // A repeat has no row of its own.
    return database_->number("SELECT (SELECT count(*) FROM row) = distinct_inputs FROM audit") != 0
               ? audit_phase::complete
               : audit_phase::fetching;
}

std::optional<std::string> sqlite_reader::walk() {
    auto audit = database_->prepare("SELECT next_link FROM audit WHERE next_link IS NOT NULL");
    return audit.step() ? std::optional(std::string(audit.text(0))) : std::nullopt;
}

std::string sqlite_reader::input_digest() {
    return database_->text("SELECT input_digest FROM audit");
}

audit_counts sqlite_reader::counts() {
    audit_counts out;
    auto inputs = database_->prepare(
        "SELECT coalesce(inputs, (SELECT count(*) FROM input)), "
        "coalesce(distinct_inputs, (SELECT count(*) - count(first_position) FROM input)) FROM audit");
    if (!inputs.step())
        return out;
    out.inputs = count_of(inputs, 0);
    out.distinct = count_of(inputs, 1);
    // Looking at each input costs as much as the rest; without repeats it says nothing.
    auto rows = database_->prepare(
        out.inputs == out.distinct ? "SELECT outcome, count(*) FROM row GROUP BY outcome"
                                   : "SELECT r.outcome, count(*) + total(i.repeats) FROM row r "
                                     "JOIN input i ON i.position = r.position GROUP BY r.outcome");
    while (rows.step())
        out.outcomes[enumerator<std::size_t>(rows, 0, outcomes_in_store)] = count_of(rows, 1);
    return out;
}

std::vector<stored_run> sqlite_reader::runs() {
    auto row = database_->prepare(
        "SELECT number, started, ended, end, resume_at, requests, retries, throttled, held_ms FROM run "
        "ORDER BY number");
    std::vector<stored_run> out;
    while (row.step()) {
        stored_run run;
        run.number = count_of(row, 0);
        run.started = time_of(row, 1);
        if (!row.is_null(2))
            run.ended = time_of(row, 2);
        run.end = row.text(3);
        if (!row.is_null(4))
            run.resume_at = time_of(row, 4);
        run.requests = count_of(row, 5);
        run.retries = count_of(row, 6);
        run.throttled = count_of(row, 7);
        run.held = duration_of<std::chrono::milliseconds>(row, 8);
        out.push_back(std::move(run));
    }
    return out;
}

std::vector<run_sample> sqlite_reader::samples() {
    auto row = database_->prepare("SELECT run, at, rows, requests, retries, throttled, held_ms, in_flight "
                                  "FROM sample ORDER BY at, run");
    std::vector<run_sample> out;
    while (row.step()) {
        run_sample sample;
        sample.run = count_of(row, 0);
        sample.at = time_of(row, 1);
        sample.rows = count_of(row, 2);
        sample.requests = count_of(row, 3);
        sample.retries = count_of(row, 4);
        sample.throttled = count_of(row, 5);
        sample.held = duration_of<std::chrono::milliseconds>(row, 6);
        sample.in_flight = count_of(row, 7);
        out.push_back(sample);
    }
    return out;
}

std::vector<pending_reference> sqlite_reader::pending(std::uint64_t after, std::size_t most) {
    if (!pending_) {
        std::string const from = "SELECT position, repeats, scope, principal_id, assignment_id FROM input i "
                                 "WHERE position > ?1 AND first_position IS NULL ";
        std::string const in_order = "ORDER BY position LIMIT ?2";
        pending_ = database_->prepare(
            from + "AND NOT EXISTS (SELECT 1 FROM row r WHERE r.position = i.position) " + in_order);
        untouched_ = database_->prepare(from + in_order);
    }
    // Behind the last row there is none to look for.
    auto const last = database_->number("SELECT max(position) FROM row");
    auto& row = static_cast<std::int64_t>(after) >= last ? *untouched_ : *pending_;
    row.bind(static_cast<std::int64_t>(after)).bind(static_cast<std::int64_t>(most));
    std::vector<pending_reference> out;
    while (row.step())
        out.push_back(
            {count_of(row, 0), count_of(row, 1),
             reference(enumerator<assignment_scope>(row, 2, scopes_in_store), row.text(3), row.text(4))});
    return out;
}

std::unique_ptr<row_cursor> sqlite_reader::read_rows(row_order order) {
    return std::make_unique<sqlite_rows>(database_, order);
}

}
