#include "unit/audit/store_helpers.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

using namespace allot;
using namespace allot::test;

using texts = std::vector<std::string>;

BOOST_FIXTURE_TEST_SUITE(store_input, store_fixture)

BOOST_AUTO_TEST_CASE(a_new_store_has_no_audit) {
    BOOST_TEST(!reader().identity());
    BOOST_TEST((reader().phase() == audit_phase::reading));
    BOOST_TEST(reader().input_digest() == "");
    BOOST_TEST(reader().counts().inputs == 0U);
    BOOST_TEST(pending().empty());
    BOOST_TEST(reader().runs().empty());
}

BOOST_AUTO_TEST_CASE(an_input_is_there_once_it_has_ended) {
    store->begin({"ids.csv", {{"select", "id"}, {"tenant", ""}}}, input_kind::file);
    store->add(assignment_ref::admin("a"));
    BOOST_TEST((reader().phase() == audit_phase::reading));
    store->end_input("d1");
    reopen();
    BOOST_TEST_REQUIRE(reader().identity().has_value());
    BOOST_TEST(reader().identity()->input_name == "ids.csv");
    std::map<std::string, std::string> const options{{"select", "id"}, {"tenant", ""}};
    BOOST_TEST((reader().identity()->options == options));
    BOOST_TEST((reader().phase() == audit_phase::fetching));
    BOOST_TEST(reader().input_digest() == "d1");
    BOOST_TEST(pending() == texts{"1 admin a"});
}

BOOST_AUTO_TEST_CASE(an_input_may_have_no_digest) {
    read({assignment_ref::admin("a")}, "");
    BOOST_TEST(reader().input_digest() == "");
    BOOST_TEST((reader().phase() == audit_phase::fetching));
}

BOOST_AUTO_TEST_CASE(what_was_read_of_an_input_that_did_not_end_is_dropped) {
    store->begin({"long", {{"select", "id"}}}, input_kind::file);
    store->add(sample_invalid(1, "a"));
    for (int entry = 0; entry != 20'000; ++entry)
        store->add(assignment_ref::admin("a" + std::to_string(entry)));
    store->commit_input({});
    store->add(assignment_ref::admin("not committed"));
    reopen();
    BOOST_TEST((reader().phase() == audit_phase::reading));
    BOOST_TEST(reader().counts().inputs == 20'001U);
    BOOST_TEST(reader().identity()->input_name == "long");
    store->begin({"short", {}}, input_kind::file);
    store->add(assignment_ref::admin("b"));
    store->add(assignment_ref::admin("b"));
    store->end_input("d2");
    BOOST_TEST(reader().identity()->input_name == "short");
    BOOST_TEST(reader().identity()->options.empty());
    BOOST_TEST(reader().counts().rows() == 0U);
    BOOST_TEST(pending() == texts{"1 admin b +1"});
}

BOOST_AUTO_TEST_CASE(repeats_are_found_by_scope_principal_and_id) {
    std::vector<input_entry> const different{
        assignment_ref::admin("a"),     assignment_ref::user("u", "a"),   assignment_ref::group("u", "a"),
        assignment_ref::user("U", "a"), assignment_ref::user("v", "a"),   assignment_ref::user("u", "b"),
        assignment_ref::admin("A"),     assignment_ref::user("v@x", "a"), assignment_ref::group("a", "u")};
    auto entries = different;
    entries.emplace_back(assignment_ref::admin("c"));
    // All again, so that each is compared with those beside it.
    entries.insert(entries.end(), different.rbegin(), different.rend());
    entries.emplace_back(assignment_ref::user("u", "a"));
    read(entries);
    texts const expected{"1 admin a +1",   "2 user u a +2", "3 group u a +1", "4 user U a +1",
                         "5 user v a +1",  "6 user u b +1", "7 admin A +1",   "8 user v@x a +1",
                         "9 group a u +1", "10 admin c"};
    BOOST_TEST(pending() == expected, boost::test_tools::per_element());
    BOOST_TEST(reader().counts().inputs == 20U);
    BOOST_TEST(reader().counts().distinct == 10U);
}

BOOST_AUTO_TEST_CASE(repeats_are_found_across_commits) {
    store->begin({"ids", {}}, input_kind::file);
    for (int entry = 0; entry != 45'000; ++entry)
        store->add(assignment_ref::admin(std::to_string(entry % 22'500)));
    store->end_input({});
    BOOST_TEST(reader().counts().inputs == 45'000U);
    BOOST_TEST(reader().counts().distinct == 22'500U);
    BOOST_TEST(pending(22'499, 5) == texts{"22500 admin 22499 +1"});
}

BOOST_AUTO_TEST_CASE(invalid_entries_have_their_row_at_once) {
    read(
        {sample_invalid(1, "a"), assignment_ref::admin("a"), sample_invalid(3, "a"),
         assignment_ref::admin("a"), sample_invalid(5, "", assignment_scope::user)});
    BOOST_TEST(pending() == texts{"2 admin a +1"});
    BOOST_TEST(reader().counts().of(audit_outcome::invalid_input) == 3U);
    BOOST_TEST(reader().counts().rows() == 3U);
    BOOST_TEST(reader().counts().error_rows() == 3U);
    BOOST_TEST(reader().counts().distinct == 4U);
}

BOOST_AUTO_TEST_CASE(an_input_of_invalid_entries_is_complete) {
    read({sample_invalid(1, "a"), sample_invalid(2, "a")});
    BOOST_TEST((reader().phase() == audit_phase::complete));
    BOOST_TEST(reader().counts().of(audit_outcome::invalid_input) == 2U);
}

BOOST_AUTO_TEST_CASE(what_is_pending_comes_in_pages) {
    std::vector<input_entry> entries;
    for (int entry = 1; entry <= 2'500; ++entry)
        entries.emplace_back(assignment_ref::admin(std::to_string(entry)));
    read(entries);
    std::uint64_t last = 0;
    std::vector<std::size_t> sizes;
    for (auto page = reader().pending(last, 1'000); !page.empty(); page = reader().pending(last, 1'000)) {
        sizes.push_back(page.size());
        for (auto const& each : page)
            BOOST_TEST_REQUIRE(each.position == ++last);
    }
    BOOST_TEST(sizes == (std::vector<std::size_t>{1'000, 1'000, 500}));
    std::vector<stored_row> rows;
    for (std::uint64_t position = 2; position != 2'500; ++position)
        if (position != 1'700)
            rows.push_back(sample_row(position));
    store->write(rows);
    BOOST_TEST(pending() == (texts{"1 admin 1", "1700 admin 1700", "2500 admin 2500"}));
    BOOST_TEST(pending(1, 1) == texts{"1700 admin 1700"});
}

BOOST_AUTO_TEST_CASE(a_store_at_rest_is_one_file) {
    read({assignment_ref::admin("a")});
    BOOST_TEST(std::filesystem::exists(path + "-wal"));
    store.reset();
    BOOST_TEST(!std::filesystem::exists(path + "-wal"));
    BOOST_TEST(!std::filesystem::exists(path + "-journal"));
    folder.write("copy", text_of(path));
    BOOST_TEST(open_stored_audit(folder / "copy")->counts().inputs == 1U);
}

BOOST_AUTO_TEST_CASE(a_second_audit_is_refused) {
    BOOST_CHECK_EXCEPTION(open_store(path), store_error, says("another allot is working on it"));
    reopen();
}

BOOST_AUTO_TEST_SUITE_END()
