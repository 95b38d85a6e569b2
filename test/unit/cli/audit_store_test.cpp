#include "unit/cli/command_line.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <vector>

using namespace allot::test;

namespace {

/// Audits of entries that are all invalid: they need no server.
struct fixture {
    scratch_folder folder;
    std::string const ids = folder.write("ids", "a%b\nc?d\n");
    std::string const token = folder.write("token", "t");
    std::string const store = folder / "store.db";

    run_result audit(std::vector<std::string> const& more) const {
        std::vector<std::string> words{"audit", "--token-file", token, "--store", store};
        words.insert(words.end(), more.begin(), more.end());
        return run(words);
    }

    /// The audit of `ids`, finished.
    void finish(std::vector<std::string> more = {}) const {
        more.insert(more.begin(), ids);
        BOOST_TEST_REQUIRE(audit(more).code == 1);
    }

    void expect_refused(std::vector<std::string> const& words, std::string const& why) const {
        auto const result = audit(words);
        BOOST_TEST(result.code == 2);
        BOOST_TEST(has(result.err, why), result.err);
    }
};

}

BOOST_FIXTURE_TEST_SUITE(audit_store, fixture)

BOOST_AUTO_TEST_CASE(a_finished_store_gives_its_rows_again) {
    auto const first = audit({ids});
    BOOST_TEST(has(first.out, R"("position":2,)"), first.out);
    BOOST_TEST(has(first.err, "store.db is complete: 2 rows, 2 of them errors"), first.err);
    BOOST_TEST(audit({ids}).out == first.out);
    BOOST_TEST(audit({}).out == first.out);
    BOOST_TEST(audit({"--format", "csv", "-o", folder / "rows"}).code == 1);
    BOOST_TEST(text_of(folder / "rows").starts_with("position,"));
}

BOOST_AUTO_TEST_CASE(another_input_is_refused) {
    finish();
    auto const other = folder.write("other", "a%b\nc?e\n");
    expect_refused({other}, "other is another one than " + ids + " was (SHA-256 ");
    BOOST_TEST(audit({folder.write("copy", text_of(ids))}).code == 1);
}

BOOST_AUTO_TEST_CASE(other_options_are_refused_by_name) {
    finish({"--select", "id"});
    expect_refused(
        {ids, "--select", "id,consumedUnits"}, R"(--select was "id" and is now "consumedUnits,id")");
    expect_refused({ids}, R"(--select was "id" and is now nothing)");
    expect_refused(
        {ids, "--expand", "assignments", "--select", "id"},
        R"(--expand was nothing and is now "assignments")");
    expect_refused(
        {ids, "--input-format", "lines"}, R"(--input-format was "auto" and is now "lines"; --select)");
    expect_refused({ids, "--graph-url", "https://graph.example"}, R"(and is now "https://graph.example)");
    BOOST_TEST(audit({ids, "--select", "id", "--concurrency", "3"}).code == 1);
}

BOOST_AUTO_TEST_CASE(another_tenant_is_refused_where_both_are_known) {
    std::string const tenant = "2245bd5f-bb68-4f68-a2eb-92502318fa4e";
    std::string const other = "3356ce60-cc79-4a79-b3fc-a3613429ab5f";
    finish({"--tenant", tenant});
    expect_refused({ids, "--tenant", other}, "--tenant was \"" + tenant + "\" and is now \"" + other + '"');
    BOOST_TEST(audit({ids}).code == 1);
}

BOOST_AUTO_TEST_CASE(the_rows_do_not_take_the_place_of_the_store) {
    expect_refused({ids, "-o", store}, "would replace the store");
    expect_refused({ids, "-o", folder / "nowhere/../store.db"}, "would replace the store");
    BOOST_TEST(!std::filesystem::exists(store));
    finish();
    auto const before = text_of(store);
    expect_refused({ids, "-o", store}, "would replace the store");
    std::filesystem::create_symlink(store, folder / "link");
    std::filesystem::create_hard_link(store, folder / "rows.partial");
    expect_refused({ids, "-o", folder / "link"}, "would replace the store");
    expect_refused({ids, "-o", folder / "rows"}, "would replace the store");
    BOOST_TEST((text_of(store) == before));
}

BOOST_AUTO_TEST_CASE(the_rows_do_not_take_the_place_of_the_input) {
    auto const before = text_of(ids);
    expect_refused({ids, "-o", ids}, "is the input");
    finish();
    expect_refused({ids, "-o", ids}, "is the input");
    BOOST_TEST(text_of(ids) == before);
}

BOOST_AUTO_TEST_CASE(the_store_does_not_take_the_place_of_the_input) {
    auto const empty = folder.write("empty", "");
    auto const result = run({"audit", empty, "--token-file", token, "--store", empty});
    BOOST_TEST(result.code == 2);
    BOOST_TEST(has(result.err, "--store " + empty + " is the input"), result.err);
    BOOST_TEST(text_of(empty) == "");
    finish();
    expect_refused({store}, "is the input");
}

BOOST_AUTO_TEST_CASE(strictness_stops_before_the_store_holds_an_audit) {
    auto const strict = audit({ids, "--strict"});
    BOOST_TEST(strict.code == 2);
    BOOST_TEST(has(strict.err, "2 of 2 entries are invalid; line 1: "), strict.err);
    finish();
}

BOOST_AUTO_TEST_CASE(retrying_needs_a_store) {
    auto const result = run({"audit", ids, "--token-file", token, "--retry-failed"});
    BOOST_TEST(result.code == 2);
    BOOST_TEST(has(result.err, "--retry-failed needs --store"), result.err);
}

BOOST_AUTO_TEST_CASE(retrying_keeps_what_cannot_be_sent) {
    finish();
    auto const result = audit({ids, "--retry-failed"});
    BOOST_TEST(result.code == 1);
    BOOST_TEST(has(result.err, ": 0 rows that failed are asked again"), result.err);
}

BOOST_AUTO_TEST_SUITE_END()
