#include "audit/store/sqlite_database.hpp"
#include "unit/audit/store_helpers.hpp"

#include <filesystem>
#include <sqlite3.h>
#include <string>
#include <unistd.h>

using namespace allot;
using namespace allot::test;
using open_for = sqlite_database::access;

namespace {

struct fixture {
    scratch_folder folder;
    std::string const path = folder / "a.db";
    sqlite_database database{path, open_for::write};

    fixture() { database.execute("CREATE TABLE t (a TEXT UNIQUE)"); }

    std::int64_t rows() { return database.number("SELECT count(*) FROM t"); }
};

/// The folder relative names start from, for one test.
class working_folder {
public:
    explicit working_folder(std::string const& path) : before_(std::filesystem::current_path()) {
        std::filesystem::current_path(path);
    }
    working_folder(working_folder const&) = delete;
    working_folder& operator=(working_folder const&) = delete;
    ~working_folder() { std::filesystem::current_path(before_); }

private:
    std::filesystem::path before_;
};

}

BOOST_FIXTURE_TEST_SUITE(store_database, fixture)

BOOST_AUTO_TEST_CASE(texts_come_back_byte_by_byte) {
    database.execute("CREATE TABLE texts (key INTEGER PRIMARY KEY, value TEXT)");
    std::vector<std::string> const texts{
        "",
        "a",
        std::string("a\0b", 3),
        std::string("\0", 1),
        "\xff\xc3(\xed\xa0\x80",
        "\xef\xbb\xbf",
        "'; DROP TABLE texts; --",
        "\xe2\x80\xae\xf0\x9f\x92\xa3",
        std::string(100'000, 'x')};
    auto insert = database.prepare("INSERT INTO texts (value) VALUES (?1)");
    for (auto const& text : texts)
        insert.bind(text).run();
    auto select = database.prepare("SELECT value FROM texts ORDER BY key");
    for (auto const& text : texts) {
        BOOST_TEST_REQUIRE(select.step());
        BOOST_TEST((select.text(0) == text));
        BOOST_TEST(!select.is_null(0));
    }
    BOOST_TEST(!select.step());
}

BOOST_AUTO_TEST_CASE(nothing_is_null_only_where_asked) {
    auto select = database.prepare("SELECT ?1, ?2, ?3, ?4");
    select.bind_null().bind_optional("").bind(std::string_view()).bind_optional("x");
    BOOST_TEST_REQUIRE(select.step());
    BOOST_TEST(select.is_null(0));
    BOOST_TEST(select.is_null(1));
    BOOST_TEST(!select.is_null(2));
    BOOST_TEST(select.text(0) == "");
    BOOST_TEST(select.text(3) == "x");
}

BOOST_AUTO_TEST_CASE(a_statement_works_again_after_an_error) {
    auto insert = database.prepare("INSERT INTO t VALUES (?1)");
    insert.bind("a").run();
    insert.bind("a");
    BOOST_CHECK_EXCEPTION(insert.run(), store_error, says("UNIQUE constraint failed: t.a"));
    insert.bind("b");
    BOOST_CHECK_EXCEPTION(insert.bind("c"), store_error, says(path));
    insert.bind("d").run();
    BOOST_TEST(rows() == 2);
    BOOST_TEST(database.text("SELECT max(a) FROM t") == "d");
}

BOOST_AUTO_TEST_CASE(a_transaction_that_is_not_committed_did_not_happen) {
    {
        sqlite_transaction const transaction(database);
        database.execute("INSERT INTO t VALUES ('a')");
    }
    BOOST_TEST(rows() == 0);
    sqlite_transaction transaction(database);
    database.execute("INSERT INTO t VALUES ('b')");
    transaction.commit();
    BOOST_TEST(rows() == 1);
}

BOOST_AUTO_TEST_CASE(nothing_found_is_zero_and_empty) {
    BOOST_TEST(database.number("SELECT 7 WHERE 0") == 0);
    BOOST_TEST(database.text("SELECT 'a' WHERE 0") == "");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database) {
    sqlite_database other(folder.write("b.db", std::string(5'000, 'x')), open_for::write);
    BOOST_CHECK_EXCEPTION(other.number("PRAGMA user_version"), store_error, says("no store of allot"));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there) {
    BOOST_CHECK_EXCEPTION(
        sqlite_database(folder / "none/b.db", open_for::write), store_error, says("it cannot be opened"));
    BOOST_CHECK_EXCEPTION(
        sqlite_database(folder / "b.db", open_for::read), store_error, says("it cannot be opened"));
}

BOOST_AUTO_TEST_CASE(reading_is_not_writing) {
    sqlite_database reading(path, open_for::read);
    BOOST_CHECK_EXCEPTION(
        reading.execute("INSERT INTO t VALUES ('a')"), store_error, says("it may not be written"));
}

BOOST_AUTO_TEST_CASE(another_program_that_writes) {
    sqlite_database other(path, open_for::write);
    sqlite3_busy_timeout(other.handle(), 0);
    sqlite_transaction const transaction(database);
    BOOST_CHECK_EXCEPTION(
        sqlite_transaction{other}, store_error, says("another program keeps it locked; run the same"));
}

BOOST_AUTO_TEST_CASE(no_room) {
    database.execute("PRAGMA max_page_count = 4");
    auto insert = database.prepare("INSERT INTO t VALUES (?1)");
    std::string const long_text(50'000, 'x');
    insert.bind(long_text);
    BOOST_CHECK_EXCEPTION(insert.run(), store_error, says("there is no room left for it"));
    insert.bind("a").run();
    BOOST_TEST(rows() == 1);
}

BOOST_AUTO_TEST_CASE(damage) {
    database.execute("WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT 300) "
                     "INSERT INTO t SELECT hex(zeroblob(30)) || n FROM n");
    auto bytes = text_of(path);
    bytes.replace(4'096, 8'192, 8'192, 'x');
    sqlite_database damaged(folder.write("b.db", bytes), open_for::write);
    BOOST_CHECK_EXCEPTION(damaged.text("SELECT max(a || a) FROM t"), store_error, says("it is damaged"));
}

BOOST_AUTO_TEST_CASE(a_path_is_nothing_but_a_path) {
    working_folder const here(folder / "");
    for (std::string const name : {"file:b.db?mode=memory", ":memory:", "a b%20c?d#e.db"}) {
        sqlite_database(name, open_for::write).execute("CREATE TABLE u (a)");
        BOOST_TEST(std::filesystem::file_size(name) > 0U, name);
        BOOST_TEST(
            sqlite_database(folder / name, open_for::read).number("SELECT count(*) FROM u") == 0, name);
    }
}

BOOST_AUTO_TEST_CASE(a_name_is_shown_without_control_characters) {
    sqlite_database const other(folder / "\x1b[1m.db", open_for::write);
    BOOST_TEST(other.name().ends_with(R"(/\x1b[1m.db)"));
}

BOOST_AUTO_TEST_SUITE_END()
