#include "audit/store/sqlite_reader.hpp"

#include "audit/store/store_error.hpp"

#include <utility>

namespace allot {
namespace {

using milliseconds = std::chrono::milliseconds;

stored_run::time_point time_of(sqlite_statement const& row, int column) {
    return stored_run::time_point(milliseconds(row.integer(column)));
}

std::uint64_t count_of(sqlite_statement const& row, int column) {
    return static_cast<std::uint64_t>(row.integer(column));
}

/// A value of an enumeration with `size` values, from 0. A store may be damaged where SQLite does not see it.
template <class E>
E enumerator(sqlite_statement const& row, int column, std::int64_t size) {
    auto const value = row.integer(column);
    if (value < 0 || value >= size)
        throw store_error("the store is damaged: " + std::to_string(value) + " is no scope or outcome");
    return static_cast<E>(value);
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

constexpr std::int64_t scopes = 3;
constexpr std::int64_t outcomes = 7;

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
        out.outcomes[enumerator<std::size_t>(rows, 0, outcomes)] = count_of(rows, 1);
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
        run.held = milliseconds(row.integer(8));
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
        sample.held = milliseconds(row.integer(6));
        sample.in_flight = count_of(row, 7);
        out.push_back(sample);
    }
    return out;
}

std::vector<pending_reference> sqlite_reader::pending(std::uint64_t after, std::size_t most) {
    if (!pending_)
        pending_ =
            database_->prepare("SELECT position, repeats, scope, principal_id, assignment_id FROM input i "
                               "WHERE position > ?1 AND first_position IS NULL "
                               "AND NOT EXISTS (SELECT 1 FROM row r WHERE r.position = i.position) "
                               "ORDER BY position LIMIT ?2");
    auto& row = *pending_;
    row.bind(static_cast<std::int64_t>(after)).bind(static_cast<std::int64_t>(most));
    std::vector<pending_reference> out;
    while (row.step())
        out.push_back(
            {count_of(row, 0), count_of(row, 1),
             reference(enumerator<assignment_scope>(row, 2, scopes), row.text(3), row.text(4))});
    return out;
}

stored_allotment const& sqlite_reader::allotment_of(std::int64_t key) {
    if (auto const* const known = allotments_.find(key))
        return *known;
    if (!allotment_)
        allotment_ = database_->prepare("SELECT json FROM allotment WHERE key = ?1");
    allotment_->bind(key);
    if (!allotment_->step())
        throw store_error("the store is damaged: it has no allotment " + std::to_string(key));
    auto const& kept = allotments_.keep(key, allotment_->text(0));
    allotment_->reset();
    return kept;
}

void sqlite_reader::for_each_row(row_order order, std::function<void(audit_row const&)> const& use) {
    auto row = database_->prepare(
        std::string(
            "SELECT i.position, i.scope, i.principal_id, i.assignment_id, r.outcome, r.allotment_key, "
            "r.error_code, r.error_message, r.error_reason, r.http_status, r.attempts, r.request_id, "
            "r.client_request_id, r.duration_us "
            "FROM input i JOIN row r ON r.position = coalesce(i.first_position, i.position) ORDER BY ") +
        (order == row_order::input ? "i.position" : "i.scope, i.principal_id, i.assignment_id, i.position"));
    audit_row out;
    while (row.step()) {
        out.position = count_of(row, 0);
        out.scope = enumerator<assignment_scope>(row, 1, scopes);
        out.principal_id = row.text(2);
        out.assignment_id = row.text(3);
        out.outcome = enumerator<audit_outcome>(row, 4, outcomes);
        out.allotment = nullptr;
        out.allotment_json = {};
        if (!row.is_null(5)) {
            auto const& known = allotment_of(row.integer(5));
            out.allotment = &known.value;
            out.allotment_json = known.json;
        }
        out.error.reset();
        if (!row.is_null(6))
            out.error = row_error{row.text(6), std::string(row.text(7)), row.text(8)};
        out.http_status = static_cast<int>(row.integer(9));
        out.attempts = static_cast<std::uint32_t>(row.integer(10));
        out.request_id = row.text(11);
        out.client_request_id = row.text(12);
        out.duration = std::chrono::microseconds(row.integer(13));
        use(out);
    }
}

}
