#include "audit/store/sqlite_schema.hpp"

#include "audit/store/store_error.hpp"
#include "audit/text.hpp"
#include "base/fail_point.hpp"

#include <array>
#include <cstdint>

namespace allot {
namespace {

/// "allt"; SQLite keeps it in the file's header, where file(1) finds it.
constexpr std::int64_t application_id = 0x616c6c74;

/// `scope` and `outcome` are the values of the enumerations of those names; times are milliseconds since
/// 1970.
constexpr char const* version_1 = R"sql(
CREATE TABLE audit (
    only_one      INTEGER PRIMARY KEY CHECK (only_one = 1),
    input_name    TEXT NOT NULL,
    input_digest  TEXT,              -- SHA-256 of the input's bytes; null while it is read
    input_ended   INTEGER NOT NULL,
    next_link     TEXT,              -- of a walk through the tenant's assignments: the page to read next
    inputs        INTEGER,           -- how many, and without repeats; null while the input is read
    distinct_inputs INTEGER
);
CREATE TABLE option (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE input (
    position       INTEGER PRIMARY KEY,
    scope          INTEGER NOT NULL,
    principal_id   TEXT,
    assignment_id  TEXT NOT NULL,
    first_position INTEGER,          -- of an equal reference earlier in the input, whose row counts here too
    repeats        INTEGER           -- how often it comes again; null for never
);
CREATE TABLE allotment (
    key  INTEGER PRIMARY KEY,
    json TEXT NOT NULL UNIQUE
);
CREATE TABLE row (
    position          INTEGER PRIMARY KEY,
    outcome           INTEGER NOT NULL,
    allotment_key     INTEGER,
    error_code        TEXT,
    error_message     TEXT,
    error_reason      TEXT,
    http_status       INTEGER NOT NULL,
    attempts          INTEGER NOT NULL,
    request_id        NOT NULL,      -- a GUID as its 16 bytes, another id as text
    client_request_id NOT NULL,
    duration_us       INTEGER NOT NULL
);
CREATE TABLE run (
    number    INTEGER PRIMARY KEY,
    started   INTEGER NOT NULL,
    ended     INTEGER,
    end       TEXT NOT NULL,
    resume_at INTEGER,
    requests  INTEGER NOT NULL,
    retries   INTEGER NOT NULL,
    throttled INTEGER NOT NULL,
    held_ms   INTEGER NOT NULL
);
CREATE TABLE sample (
    at        INTEGER NOT NULL,
    run       INTEGER NOT NULL,
    rows      INTEGER NOT NULL,
    requests  INTEGER NOT NULL,
    retries   INTEGER NOT NULL,
    throttled INTEGER NOT NULL,
    held_ms   INTEGER NOT NULL,
    in_flight INTEGER NOT NULL
);
)sql";

/// A store that somebody else made might run what it likes, without an end, when a row is read or written.
void check_passive(sqlite_database& database) {
    auto const found = database.text("SELECT type || ' ' || name FROM sqlite_schema WHERE type = 'trigger' "
                                     "OR (type = 'view' AND lower(name) "
                                     "IN ('audit', 'option', 'input', 'allotment', 'row', 'run', 'sample'))");
    if (!found.empty())
        throw store_error(
            "the store " + database.name() + ": it has the " + terminal_safe(found) +
            ", which allot did not make, and was not changed; drop it, or begin another store");
}

}

std::span<sqlite_migration const> store_migrations() {
    static std::array const steps{sqlite_migration{version_1}};
    return steps;
}

void check_version(sqlite_database& database, std::span<sqlite_migration const> steps) {
    auto const version = database.number("PRAGMA user_version");
    if (database.number("PRAGMA application_id") != application_id) {
        // What was killed before its first step leaves a file without tables.
        if (version == 0 && database.number("SELECT count(*) FROM sqlite_schema") == 0)
            return;
        throw store_error(
            "the store " + database.name() +
            ": it is the database of another program, and was not changed; give another name");
    }
    if (version > static_cast<std::int64_t>(steps.size()))
        throw store_error(
            "the store " + database.name() + ": it was written by a newer allot (version " +
            std::to_string(version) + " of the store, this one knows " + std::to_string(steps.size()) +
            "), and was not changed; use that version of allot");
    check_passive(database);
}

void check_integrity(sqlite_database& database) {
    if (auto const problem = database.text("PRAGMA quick_check(1)"); problem != "ok")
        throw store_error(
            "the store " + database.name() + ": it is damaged (" + problem +
            "), and was not changed; `sqlite3 STORE .recover` may save its rows, or begin another store");
}

void migrate_store(sqlite_database& database, std::span<sqlite_migration const> steps) {
    for (auto version = static_cast<std::size_t>(database.number("PRAGMA user_version"));
         version < steps.size(); ++version) {
        sqlite_transaction step(database);
        database.execute("PRAGMA application_id = " + std::to_string(application_id));
        database.execute(steps[version].sql);
        fail_point("mid-migration");
        database.execute("PRAGMA user_version = " + std::to_string(version + 1));
        step.commit();
    }
}

}
