#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace allot {

/// A prepared statement. Parameters are bound from left to right, columns read from left to right, both
/// from 0. Texts are bound without a copy: they live until the statement is reset.
/// Errors of all members: `store_error`. Thread safety: shared: unsafe, with its database.
class sqlite_statement {
public:
    sqlite_statement(sqlite3_stmt* handle, std::string const& name) noexcept;

    sqlite_statement& bind(std::int64_t value);
    sqlite_statement& bind(std::string_view value);
    sqlite_statement& bind_bytes(std::string_view value);
    sqlite_statement& bind_null();

    /// Binds null for an empty text.
    sqlite_statement& bind_optional(std::string_view value);

    /// Moves to the next row; false behind the last one. Then, and on an error, the statement is reset.
    bool step();

    /// Runs a statement that gives no rows.
    void run();

    void reset() noexcept;

    /// Its name, for messages.
    std::string const& store() const noexcept { return *name_; }

    std::int64_t integer(int column) const;
    bool is_bytes(int column) const;
    std::string_view bytes(int column) const; ///< valid until the next step
    std::string_view text(int column) const;  ///< empty for null; valid until the next step
    bool is_null(int column) const;

private:
    struct finalize {
        void operator()(sqlite3_stmt* handle) const noexcept;
    };

    [[noreturn]] void fail();

    std::unique_ptr<sqlite3_stmt, finalize> handle_;
    std::string const* name_; // of the store, for messages
    int bound_ = 0;
};

/// One connection to an SQLite database.
/// Lifetimes: outlives its statements. Errors of all members: `store_error`, in words a user can act on.
/// Thread safety: distinct objects: safe; shared: unsafe.
class sqlite_database {
public:
    enum class access {
        read,
        write, ///< creates the file where there is none
    };

    sqlite_database(std::string const& path, access how);
    sqlite_database(sqlite_database&&) = delete;

    /// For messages.
    std::string const& name() const noexcept { return name_; }

    sqlite_statement prepare(std::string const& sql);

    /// Runs one or more statements without parameters.
    void execute(std::string const& sql);

    /// Takes no other writer in until `commit`; each is parsed once.
    void begin();
    void commit();

    /// The first column of the first row that `sql` gives; 0 where there is none.
    std::int64_t number(std::string const& sql);
    std::string text(std::string const& sql);

    sqlite3* handle() const noexcept { return handle_.get(); }

private:
    struct close {
        void operator()(sqlite3* handle) const noexcept;
    };

    std::string name_;
    std::unique_ptr<sqlite3, close> handle_;
    std::optional<sqlite_statement> begin_;
    std::optional<sqlite_statement> commit_;
};

/// Rolled back unless committed. Lifetimes: within those of the database.
class sqlite_transaction {
public:
    explicit sqlite_transaction(sqlite_database& database);
    ~sqlite_transaction();
    sqlite_transaction(sqlite_transaction const&) = delete;
    sqlite_transaction& operator=(sqlite_transaction const&) = delete;

    void commit();

private:
    sqlite_database& database_;
    bool open_ = true;
};

}
