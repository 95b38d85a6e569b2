#include "audit/store/sqlite_store.hpp"

#include "audit/row.hpp"
#include "audit/store/sqlite_schema.hpp"
#include "audit/store/store_error.hpp"
#include "base/fail_point.hpp"

#include <algorithm>
#include <sqlite3.h>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace allot {
namespace {

/// Checks the file and makes it the newest version.
std::shared_ptr<sqlite_database> prepared(std::shared_ptr<sqlite_database> made) {
    auto& database = *made;
    check_version(database);
    check_integrity(database);
    database.execute("PRAGMA synchronous = FULL");
    migrate_store(database);
    return made;
}

std::int64_t signed_of(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}

std::int64_t milliseconds_of(stored_run::time_point at) {
    return at.time_since_epoch().count();
}

stored_run::time_point now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

stored_row row_of(invalid_entry const& entry) {
    auto const row = make_row(entry);
    stored_row out;
    out.position = row.position;
    out.outcome = row.outcome;
    out.error_code = row.error->code;
    out.error_message = row.error->message;
    out.error_reason = row.error->reason;
    return out;
}

void bind_id(sqlite_statement& to, stored_id const& id) {
    if (auto const packed = id.packed())
        to.bind_bytes(*packed);
    else
        to.bind(id.text());
}

void bind_time(sqlite_statement& to, std::optional<stored_run::time_point> const& at) {
    if (at)
        to.bind(milliseconds_of(*at));
    else
        to.bind_null();
}

void may_repeat(sqlite3_context* context, int, sqlite3_value** values) {
    auto const* const filter = static_cast<repeat_filter const*>(sqlite3_user_data(context));
    auto const text = [](sqlite3_value* value) {
        auto const* const data = reinterpret_cast<char const*>(sqlite3_value_text(value));
        return data == nullptr ? std::string_view()
                               : std::string_view(data, static_cast<std::size_t>(sqlite3_value_bytes(value)));
    };
    auto const scope = static_cast<assignment_scope>(sqlite3_value_int(values[0]));
    sqlite3_result_int(context, filter->suspects(scope, text(values[1]), text(values[2])) ? 1 : 0);
}

}

sqlite_store::sqlite_store(std::string const& path) :
    lock_(path),
    database_(prepared(std::make_shared<sqlite_database>(path, sqlite_database::access::write))),
    reader_(database_),
    insert_input_(database_->prepare(
        "INSERT INTO input (position, scope, principal_id, assignment_id) VALUES (?1, ?2, ?3, ?4)")),
    insert_row_(database_->prepare("INSERT INTO row VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")),
    insert_allotment_(database_->prepare("INSERT INTO allotment (json) VALUES (?1) ON CONFLICT DO NOTHING")),
    find_allotment_(database_->prepare("SELECT key FROM allotment WHERE json = ?1")) {}

sqlite_store::~sqlite_store() {
    reading_.reset();
    group_.reset();
    // Leaves one plain file, which can be copied and read anywhere; not while somebody reads it.
    sqlite3_busy_timeout(database_->handle(), 0);
    try {
        insert_input_.reset();
        insert_row_.reset();
        database_->execute("PRAGMA journal_mode = DELETE");
    } catch (store_error const&) { // the log stays beside it, as after a kill
    }
}

void sqlite_store::keep_log() {
    if (auto const mode = database_->text("PRAGMA journal_mode = WAL"); mode != "wal")
        throw store_error(
            "the store " + database_->name() + ": SQLite cannot keep a write-ahead log there (journal mode " +
            mode + "); put the store on a local disk");
}

void sqlite_store::begin(audit_identity const& identity, input_kind kind) {
    keep_log();
    reading_.reset();
    reading_.emplace(*database_);
    database_->execute("DELETE FROM audit; DELETE FROM option; DELETE FROM input; DELETE FROM row");
    auto audit = database_->prepare("INSERT INTO audit VALUES (1, ?1, NULL, 0, ?2, NULL, NULL)");
    audit.bind(identity.input_name);
    if (kind == input_kind::list)
        audit.bind(std::string_view());
    else
        audit.bind_null();
    audit.run();
    auto option = database_->prepare("INSERT INTO option VALUES (?1, ?2)");
    for (auto const& [name, value] : identity.options)
        option.bind(name).bind(value).run();
    repeats_.emplace();
    entries_ = 0;
}

void sqlite_store::continue_list() {
    keep_log();
    repeats_.emplace();
    entries_ = 0;
    auto input = database_->prepare("SELECT scope, principal_id, assignment_id FROM input ORDER BY position");
    for (; input.step(); ++entries_)
        repeats_->add(static_cast<assignment_scope>(input.integer(0)), input.text(1), input.text(2));
    reading_.emplace(*database_);
}

std::uint64_t sqlite_store::add(input_entry const& entry) {
    ++entries_;
    insert_input_.bind(signed_of(entries_));
    if (auto const* const reference = std::get_if<assignment_ref>(&entry)) {
        repeats_->add(reference->scope(), reference->principal_id(), reference->assignment_id());
        insert_input_.bind(static_cast<std::int64_t>(reference->scope()))
            .bind_optional(reference->principal_id())
            .bind(reference->assignment_id())
            .run();
    } else {
        auto const& invalid = std::get<invalid_entry>(entry);
        insert_input_.bind(static_cast<std::int64_t>(invalid.scope))
            .bind_optional(invalid.principal_id)
            .bind(invalid.assignment_id)
            .run();
        insert(row_of(invalid));
    }
    return entries_;
}

void sqlite_store::commit_input(std::string_view next_link) {
    if (!next_link.empty()) {
        auto audit = database_->prepare("UPDATE audit SET next_link = ?1");
        audit.bind(next_link).run();
    }
    lock_.check();
    keep_reading();
    fail_point("after-input");
}

void sqlite_store::keep_reading() {
    reading_->commit();
    reading_.emplace(*database_);
}

void sqlite_store::end_input(std::string_view digest) {
    if (repeats_->suspects_any()) {
        if (reader_.walk())
            drop_repeats();
        else
            mark_repeats();
    }
    auto audit = database_->prepare(
        "UPDATE audit SET input_ended = 1, input_digest = ?1, inputs = (SELECT count(*) FROM input), "
        "distinct_inputs = (SELECT count(*) - count(first_position) FROM input)");
    audit.bind_optional(digest).run();
    reading_->commit();
    reading_.reset();
    repeats_.reset();
}

void sqlite_store::find_repeats(std::function<void(std::int64_t, std::int64_t)> const& use) {
    if (sqlite3_create_function_v2(
            database_->handle(), "may_repeat", 3, SQLITE_UTF8 | SQLITE_DIRECTONLY, &*repeats_, may_repeat,
            nullptr, nullptr, nullptr) != SQLITE_OK)
        throw store_error("the store " + database_->name() + ": out of memory");
    auto suspect = database_->prepare(
        "SELECT position, scope, principal_id, assignment_id FROM input i "
        "WHERE may_repeat(scope, principal_id, assignment_id) AND NOT EXISTS "
        "(SELECT 1 FROM row r WHERE r.position = i.position AND r.outcome = " +
        std::to_string(static_cast<int>(audit_outcome::invalid_input)) +
        ") ORDER BY assignment_id, principal_id, scope, position");
    std::int64_t first = 0;
    std::int64_t scope = 0;
    std::string principal;
    std::string assignment;
    while (suspect.step()) {
        if (first != 0 && suspect.integer(1) == scope && suspect.text(2) == principal &&
            suspect.text(3) == assignment) {
            use(first, suspect.integer(0));
            continue;
        }
        first = suspect.integer(0);
        scope = suspect.integer(1);
        principal = suspect.text(2);
        assignment = suspect.text(3);
    }
}

void sqlite_store::mark_repeats() {
    auto mark = database_->prepare("UPDATE input SET first_position = ?1 WHERE position = ?2");
    auto count =
        database_->prepare("UPDATE input SET repeats = coalesce(repeats, 0) + 1 WHERE position = ?1");
    find_repeats([&](std::int64_t first, std::int64_t position) {
        mark.bind(first).bind(position).run();
        count.bind(first).run();
    });
}

void sqlite_store::drop_repeats() {
    std::vector<std::int64_t> dropped;
    find_repeats([&](std::int64_t, std::int64_t position) { dropped.push_back(position); });
    std::sort(dropped.begin(), dropped.end());
    for (std::string const table : {"input", "row"}) {
        auto drop = database_->prepare("DELETE FROM " + table + " WHERE position = ?1");
        for (auto const position : dropped)
            drop.bind(position).run();
        // Positions have no gaps: what stands between two that were dropped moves up.
        auto move = database_->prepare(
            "UPDATE " + table + " SET position = position - ?1 WHERE position > ?2 AND position < ?3");
        for (std::size_t at = 0; at != dropped.size(); ++at) {
            auto const next = at + 1 == dropped.size() ? signed_of(entries_) + 1 : dropped[at + 1];
            move.bind(static_cast<std::int64_t>(at) + 1).bind(dropped[at]).bind(next).run();
        }
    }
}

std::int64_t sqlite_store::store_allotment(std::string_view json) {
    if (!group_ && !reading_)
        group_.emplace(*database_);
    insert_allotment_.bind(json).run();
    find_allotment_.bind(json);
    find_allotment_.step();
    auto const key = find_allotment_.integer(0);
    find_allotment_.reset();
    return key;
}

void sqlite_store::insert(stored_row const& row) {
    auto& to = insert_row_;
    to.bind(signed_of(row.position)).bind(static_cast<std::int64_t>(row.outcome));
    if (row.allotment_key)
        to.bind(*row.allotment_key);
    else
        to.bind_null();
    to.bind_optional(row.error_code).bind_optional(row.error_message).bind_optional(row.error_reason);
    to.bind(std::int64_t{row.http_status}).bind(std::int64_t{row.attempts});
    bind_id(to, row.request_id);
    bind_id(to, row.client_request_id);
    to.bind(std::int64_t{row.duration.count()}).run();
}

void sqlite_store::write(std::span<stored_row const> rows) {
    lock_.check();
    if (!group_)
        group_.emplace(*database_);
    try {
        for (auto const& row : rows)
            insert(row);
        fail_point("before-commit");
        group_->commit();
    } catch (...) {
        group_.reset();
        throw;
    }
    group_.reset();
    fail_point("after-commit");
}

std::uint64_t sqlite_store::drop_error_rows() {
    sqlite_transaction transaction(*database_);
    auto const condition = "WHERE outcome NOT IN (" + std::to_string(static_cast<int>(audit_outcome::ok)) +
                           ',' + std::to_string(static_cast<int>(audit_outcome::none)) + ',' +
                           std::to_string(static_cast<int>(audit_outcome::not_found)) + ',' +
                           std::to_string(static_cast<int>(audit_outcome::invalid_input)) + ')';
    auto const positions = database_->number(
        "SELECT count(*) + total(repeats) FROM input WHERE position IN (SELECT position FROM row " +
        condition + ')');
    database_->execute("DELETE FROM row " + condition);
    transaction.commit();
    return static_cast<std::uint64_t>(positions);
}

void sqlite_store::drop_rows_with(std::string_view error_code) {
    auto drop = database_->prepare("DELETE FROM row WHERE error_code = ?1");
    drop.bind(error_code).run();
}

std::uint64_t sqlite_store::begin_run() {
    keep_log();
    auto run = database_->prepare(
        "INSERT INTO run (started, end, requests, retries, throttled, held_ms) VALUES (?1, '', 0, 0, 0, 0)");
    run.bind(milliseconds_of(now())).run();
    auto const number = static_cast<std::uint64_t>(sqlite3_last_insert_rowid(database_->handle()));
    if (reading_) // of a list: what comes of that shall not take the run with it
        keep_reading();
    return number;
}

void sqlite_store::add_sample(run_sample const& sample) {
    lock_.check();
    std::optional<sqlite_transaction> own;
    if (!reading_)
        own.emplace(*database_);
    auto insert_sample = database_->prepare("INSERT INTO sample VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    insert_sample.bind(milliseconds_of(sample.at)).bind(signed_of(sample.run)).bind(signed_of(sample.rows));
    insert_sample.bind(signed_of(sample.requests)).bind(signed_of(sample.retries));
    insert_sample.bind(signed_of(sample.throttled)).bind(std::int64_t{sample.held.count()});
    insert_sample.bind(signed_of(sample.in_flight)).run();
    auto run = database_->prepare("UPDATE run SET requests = ?1, retries = ?2, throttled = ?3, held_ms = ?4, "
                                  "resume_at = coalesce(?5, resume_at) WHERE number = ?6");
    run.bind(signed_of(sample.requests)).bind(signed_of(sample.retries)).bind(signed_of(sample.throttled));
    run.bind(std::int64_t{sample.held.count()});
    bind_time(run, sample.held_until);
    run.bind(signed_of(sample.run)).run();
    if (own)
        own->commit();
    else
        keep_reading();
}

void sqlite_store::end_run(
    std::uint64_t run, std::string_view how, std::optional<stored_run::time_point> resume_at) {
    if (reading_)
        reading_->commit();
    reading_.reset();
    lock_.check();
    auto update = database_->prepare(
        "UPDATE run SET ended = ?1, end = ?2, resume_at = coalesce(?3, resume_at) WHERE number = ?4");
    update.bind(milliseconds_of(now())).bind(how);
    bind_time(update, resume_at);
    update.bind(signed_of(run)).run();
}

}
