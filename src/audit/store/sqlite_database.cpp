#include "audit/store/sqlite_database.hpp"

#include "audit/store/store_error.hpp"
#include "audit/text.hpp"

#include <cstring>
#include <sqlite3.h>

namespace allot {
namespace {

constexpr int busy_timeout_ms = 10'000;

/// What the error means for somebody who runs an audit.
std::string explain(sqlite3* handle, int code) {
    auto const system = [handle] {
        auto const number = sqlite3_system_errno(handle);
        return number == 0 ? std::string() : std::string(" (") + std::strerror(number) + ")";
    };
    switch (code & 0xff) {
    case SQLITE_FULL:
        return "there is no room left for it" + system() +
               ". What is committed is kept: make room and run the same command again";
    case SQLITE_IOERR:
        return "it cannot be read or written" + system() +
               ". What is committed is kept: see that its disk has room and allows files of that size, and "
               "run "
               "the same command again";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return std::string("it is damaged or no store of allot (") + sqlite3_errmsg(handle) +
               "). It was not changed; `sqlite3 STORE .recover` may save its rows, or begin another store";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "another program keeps it locked; run the same command again when that has ended";
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return "it may not be written" + system() + "; see to the permissions of the file and its folder";
    case SQLITE_CANTOPEN:
        return "it cannot be opened" + system() + "; see to the permissions of the file and its folder";
    default:
        return sqlite3_errmsg(handle) + system();
    }
}

[[noreturn]] void fail(sqlite3* handle, std::string const& name, int code) {
    throw store_error("the store " + name + ": " + explain(handle, code));
}

/// The path as SQLite takes for nothing but a path: "file:..." may be a URI to it, ":memory:" is no file.
std::string plain_path(std::string const& path) {
    return path.starts_with('/') ? path : "./" + path;
}

}

sqlite_statement::sqlite_statement(sqlite3_stmt* handle, std::string const& name) noexcept :
    handle_(handle),
    name_(&name) {}

void sqlite_statement::finalize::operator()(sqlite3_stmt* handle) const noexcept {
    sqlite3_finalize(handle);
}

void sqlite_statement::fail() {
    auto* const database = sqlite3_db_handle(handle_.get());
    auto const code = sqlite3_extended_errcode(database);
    auto const text = explain(database, code);
    reset();
    throw store_error("the store " + *name_ + ": " + text);
}

sqlite_statement& sqlite_statement::bind(std::int64_t value) {
    if (sqlite3_bind_int64(handle_.get(), ++bound_, value) != SQLITE_OK)
        fail();
    return *this;
}

sqlite_statement& sqlite_statement::bind(std::string_view value) {
    auto const* const data = value.data() == nullptr ? "" : value.data();
    if (sqlite3_bind_text64(handle_.get(), ++bound_, data, value.size(), SQLITE_STATIC, SQLITE_UTF8) !=
        SQLITE_OK)
        fail();
    return *this;
}

sqlite_statement& sqlite_statement::bind_bytes(std::string_view value) {
    if (sqlite3_bind_blob64(handle_.get(), ++bound_, value.data(), value.size(), SQLITE_STATIC) != SQLITE_OK)
        fail();
    return *this;
}

sqlite_statement& sqlite_statement::bind_null() {
    if (sqlite3_bind_null(handle_.get(), ++bound_) != SQLITE_OK)
        fail();
    return *this;
}

sqlite_statement& sqlite_statement::bind_optional(std::string_view value) {
    return value.empty() ? bind_null() : bind(value);
}

bool sqlite_statement::step() {
    auto const code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        fail();
    reset();
    return false;
}

void sqlite_statement::run() {
    while (step()) {
    }
}

void sqlite_statement::reset() noexcept {
    sqlite3_reset(handle_.get());
    bound_ = 0;
}

std::int64_t sqlite_statement::integer(int column) const {
    return sqlite3_column_int64(handle_.get(), column);
}

bool sqlite_statement::is_bytes(int column) const {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_BLOB;
}

std::string_view sqlite_statement::bytes(int column) const {
    auto const* const data = static_cast<char const*>(sqlite3_column_blob(handle_.get(), column));
    return data == nullptr ? std::string_view()
                           : std::string_view(
                                 data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column)));
}

std::string_view sqlite_statement::text(int column) const {
    auto const* const data = reinterpret_cast<char const*>(sqlite3_column_text(handle_.get(), column));
    if (data == nullptr)
        return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

bool sqlite_statement::is_null(int column) const {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

sqlite_database::sqlite_database(std::string const& path, access how) : name_(terminal_safe(path)) {
    auto const flags =
        how == access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* opened = nullptr;
    auto const code =
        sqlite3_open_v2(plain_path(path).c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    handle_.reset(opened);
    if (code != SQLITE_OK)
        fail(opened, name_, code);
    sqlite3_extended_result_codes(opened, 1);
    sqlite3_busy_timeout(opened, busy_timeout_ms);
    // A store may come from somebody else.
    sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
}

void sqlite_database::close::operator()(sqlite3* handle) const noexcept {
    sqlite3_close(handle);
}

sqlite_statement sqlite_database::prepare(std::string const& sql) {
    sqlite3_stmt* made = nullptr;
    auto const code = sqlite3_prepare_v3(
        handle(), sql.c_str(), static_cast<int>(sql.size()) + 1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK)
        fail(handle(), name_, code);
    return {made, name_};
}

void sqlite_database::execute(std::string const& sql) {
    auto const code = sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        fail(handle(), name_, sqlite3_extended_errcode(handle()));
}

void sqlite_database::begin() {
    if (!begin_)
        begin_ = prepare("BEGIN IMMEDIATE");
    begin_->run();
}

void sqlite_database::commit() {
    if (!commit_)
        commit_ = prepare("COMMIT");
    commit_->run();
}

std::int64_t sqlite_database::number(std::string const& sql) {
    auto statement = prepare(sql);
    return statement.step() ? statement.integer(0) : 0;
}

std::string sqlite_database::text(std::string const& sql) {
    auto statement = prepare(sql);
    return statement.step() ? std::string(statement.text(0)) : std::string();
}

sqlite_transaction::sqlite_transaction(sqlite_database& database) : database_(database) {
    database_.begin();
}

sqlite_transaction::~sqlite_transaction() {
    // Where SQLite has rolled back by itself, this is refused, which is as well.
    if (open_)
        sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void sqlite_transaction::commit() {
    database_.commit();
    open_ = false;
}

}
