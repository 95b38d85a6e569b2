#pragma once

#include "audit/store/sqlite_database.hpp"

#include <span>
#include <string>

namespace allot {

/// One step from a version of the schema to the next.
struct sqlite_migration {
    std::string sql;
};

/// All of them: the first one makes the tables of version 1 in an empty database.
std::span<sqlite_migration const> store_migrations();

/// Checks that the database is a store, or empty, and of a version that is known.
/// Errors: `store_error` for a database of another program and a store of a newer version.
void check_version(sqlite_database& database, std::span<sqlite_migration const> steps = store_migrations());

/// Reads the whole database. Errors: `store_error` when it is damaged.
void check_integrity(sqlite_database& database);

/// Takes the database to the newest version, each step in a transaction of its own; an empty database
/// becomes a store. Preconditions: nobody else writes to it. Errors: `store_error`; then it is as after the
/// last step that was done.
void migrate_store(sqlite_database& database, std::span<sqlite_migration const> steps = store_migrations());

}
