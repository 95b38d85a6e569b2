#include "audit/store/sqlite_schema.hpp"
#include "unit/audit/store_helpers.hpp"

#include <array>
#include <filesystem>
#include <span>
#include <string>

using namespace allot;
using namespace allot::test;
using open_for = sqlite_database::access;

namespace {

std::array const steps{
    sqlite_migration{"CREATE TABLE a (x); INSERT INTO a VALUES (1)"},
    sqlite_migration{"CREATE TABLE b (y); INSERT INTO b SELECT x + 1 FROM a"}};
std::span<sqlite_migration const> const both(steps);
std::span<sqlite_migration const> const first = both.first(1);

struct fixture {
    scratch_folder folder;
    std::string const path = folder / "a.db";

    std::int64_t number(std::string const& sql) const {
        return sqlite_database(path, open_for::write).number(sql);
    }
    std::int64_t version() const { return number("PRAGMA user_version"); }
    std::int64_t tables() const { return number("SELECT count(*) FROM sqlite_schema"); }

    void migrate(std::span<sqlite_migration const> to) const {
        sqlite_database database(path, open_for::write);
        check_version(database, to);
        migrate_store(database, to);
    }

    /// Opening it as a store of these versions is refused, and leaves the file as it is.
    void expect_refused(std::span<sqlite_migration const> known, std::string const& why) const {
        auto const before = text_of(path);
        BOOST_CHECK_EXCEPTION(migrate(known), store_error, says(why));
        BOOST_TEST((text_of(path) == before));
    }

    /// The same of a whole store, in both ways of opening it.
    void expect_no_store(std::string const& why) const {
        auto const before = text_of(path);
        BOOST_CHECK_EXCEPTION(open_store(path), store_error, says(why));
        BOOST_CHECK_EXCEPTION(open_stored_audit(path), store_error, says(why));
        BOOST_TEST((text_of(path) == before));
        BOOST_TEST(!std::filesystem::exists(path + "-wal"));
    }
};

}

BOOST_FIXTURE_TEST_SUITE(store_schema, fixture)

BOOST_AUTO_TEST_CASE(an_empty_database_gets_every_version) {
    migrate(both);
    BOOST_TEST(version() == 2);
    BOOST_TEST(number("SELECT y FROM b") == 2);
    migrate(both);
    BOOST_TEST(number("SELECT count(*) FROM a") == 1);
}

BOOST_AUTO_TEST_CASE(an_older_version_gets_what_it_misses) {
    migrate(first);
    BOOST_TEST(version() == 1);
    sqlite_database(path, open_for::write).execute("UPDATE a SET x = 6");
    migrate(both);
    BOOST_TEST(version() == 2);
    BOOST_TEST(number("SELECT y FROM b") == 7);
}

BOOST_AUTO_TEST_CASE(a_newer_version_is_left_alone) {
    migrate(both);
    expect_refused(first, "it was written by a newer allot (version 2 of the store, this one knows 1)");
}

BOOST_AUTO_TEST_CASE(a_step_that_fails_leaves_the_version_before) {
    std::array broken = steps;
    broken[1].sql = "CREATE TABLE b (y); INSERT INTO c VALUES (1)";
    BOOST_CHECK_EXCEPTION(migrate(broken), store_error, says("no such table: c"));
    BOOST_TEST(version() == 1);
    BOOST_TEST(tables() == 1);
    migrate(both);
    BOOST_TEST(number("SELECT y FROM b") == 2);
}

BOOST_AUTO_TEST_CASE(a_first_step_that_fails_leaves_an_empty_database) {
    std::array broken = steps;
    broken[0].sql = "CREATE TABLE a (x); INSERT INTO c VALUES (1)";
    BOOST_CHECK_EXCEPTION(migrate(broken), store_error, says("no such table: c"));
    BOOST_TEST(version() == 0);
    BOOST_TEST(tables() == 0);
    migrate(both);
    BOOST_TEST(version() == 2);
}

BOOST_AUTO_TEST_CASE(the_database_of_another_program_is_left_alone) {
    sqlite_database(path, open_for::write).execute("CREATE TABLE a (x)");
    expect_refused(both, "it is the database of another program, and was not changed");
    sqlite_database(path, open_for::write).execute("PRAGMA user_version = 1; PRAGMA application_id = 7");
    expect_refused(both, "it is the database of another program");
    expect_no_store("it is the database of another program");
}

BOOST_AUTO_TEST_CASE(an_empty_file_becomes_a_store) {
    folder.write("a.db", "");
    open_store(path);
    BOOST_TEST(version() == static_cast<std::int64_t>(store_migrations().size()));
}

BOOST_AUTO_TEST_CASE(a_store_of_a_newer_allot_is_left_alone) {
    open_store(path);
    sqlite_database(path, open_for::write).execute("PRAGMA user_version = 99");
    expect_no_store("newer allot (version 99 of the store");
}

BOOST_AUTO_TEST_CASE(a_store_that_does_more_than_to_keep_is_left_alone) {
    open_store(path)->begin({"ids", {}}, input_kind::file);
    auto const change = [&](std::string const& sql) { sqlite_database(path, open_for::write).execute(sql); };
    change("CREATE VIEW of_mine AS SELECT * FROM row");
    BOOST_CHECK_NO_THROW(open_store(path));
    change("CREATE TRIGGER endless AFTER INSERT ON run BEGIN SELECT 1; END");
    expect_no_store("it has the trigger endless, which allot did not make");
    change("DROP TRIGGER endless; DROP TABLE row; CREATE VIEW Row AS SELECT 1 AS position");
    expect_no_store("it has the view Row, which allot did not make");
}

BOOST_AUTO_TEST_CASE(text_is_left_alone) {
    folder.write("a.db", "assignmentId\nabc\n");
    expect_no_store("it is damaged or no store of allot");
}

BOOST_AUTO_TEST_CASE(a_damaged_store_is_left_alone) {
    {
        auto const store = open_store(path);
        store->begin({"ids", {}}, input_kind::file);
        for (int entry = 0; entry != 2'000; ++entry)
            store->add(assignment_ref::admin("a" + std::to_string(entry)));
        store->end_input({});
    }
    auto bytes = text_of(path);
    bytes.replace(bytes.size() - 8'192, 4'096, 4'096, 'x'); // a page
    folder.write("a.db", bytes);
    BOOST_CHECK_EXCEPTION(open_store(path), store_error, says("it is damaged"));
    BOOST_TEST((text_of(path) == bytes));
}

BOOST_AUTO_TEST_CASE(a_store_that_is_not_there_cannot_be_read) {
    BOOST_CHECK_EXCEPTION(open_stored_audit(path), store_error, says("there is no such file"));
    BOOST_CHECK_EXCEPTION(open_stored_audit(folder / ""), store_error, says("there is no such file"));
    BOOST_TEST(!std::filesystem::exists(path));
    folder.write("a.db", "");
    BOOST_CHECK_EXCEPTION(open_stored_audit(path), store_error, says("no audit was begun in it"));
}

BOOST_AUTO_TEST_SUITE_END()
