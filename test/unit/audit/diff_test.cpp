#include "audit/diff/change_ndjson.hpp"
#include "audit/diff/change_text.hpp"
#include "audit/diff/compare.hpp"
#include "support/memory_audit.hpp"
#include "unit/audit/samples.hpp"
#include "unit/audit/scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace allot;
using namespace allot::test;

namespace {

allotment pool(std::string id, std::int32_t allotted, std::int32_t consumed, std::string sku = "E3") {
    allotment value;
    value.id = std::move(id);
    value.allotted_units = allotted;
    value.consumed_units = consumed;
    value.sku_part_number = std::move(sku);
    return value;
}

/// A row of assignment "a" by a word: an outcome, or the id of the allotment that it has.
memory_audit::entry row(std::string const& word) {
    auto const reference = assignment_ref::admin("a");
    if (word == "none")
        return failed_item(1, sample_failure(errc::no_allotment, 204), reference);
    if (word == "not_found")
        return failed_item(1, sample_failure(errc::not_found, 404), reference);
    if (word == "forbidden")
        return failed_item(1, sample_failure(errc::forbidden, 403), reference);
    if (word == "failed")
        return failed_item(1, sample_failure(errc::server_error, 503), reference);
    if (word == "bad_body")
        return failed_item(1, sample_failure(errc::bad_body, 200), reference);
    if (word == "invalid_input")
        return invalid_entry{1, 1, assignment_scope::admin, "", "a", "line 1: no"};
    auto value = pool(word, 10, 5);
    if (word == "no id")
        value.id.reset();
    return good_item(1, reference, value);
}

memory_audit audit_of(std::vector<memory_audit::entry> rows) {
    memory_audit out;
    out.rows = std::move(rows);
    return out;
}

memory_audit one_row(std::string const& word) {
    if (word == "absent" || word == "unfinished") {
        auto out = audit_of({});
        if (word == "unfinished")
            out.at = audit_phase::fetching;
        return out;
    }
    return audit_of({row(word)});
}

/// What compare_audits gives, as NDJSON.
struct outcome {
    diff_totals totals;
    std::string lines;
};

outcome compare(memory_audit before, memory_audit after) {
    scratch_folder const folder;
    row_output output(folder / "changes");
    change_ndjson sink(output);
    outcome out;
    out.totals = compare_audits(before, after, sink);
    output.finish();
    out.lines = text_of(folder / "changes");
    return out;
}

std::string what_is_counted(diff_totals const& totals) {
    auto const& a = totals.of_assignments;
    return a.same != 0    ? "same"
           : a.added != 0 ? "added"
           : a.gone != 0  ? "gone"
           : a.moved != 0 ? "moved"
                          : "not comparable";
}

bool has(std::string const& where, std::string const& part) {
    return where.find(part) != std::string::npos;
}

std::size_t count(std::string const& where, std::string const& part) {
    std::size_t out = 0;
    for (auto at = where.find(part); at != std::string::npos; at = where.find(part, at + 1))
        ++out;
    return out;
}

}

BOOST_AUTO_TEST_SUITE(diff)

BOOST_AUTO_TEST_CASE(what_becomes_of_an_assignment) {
    struct step {
        char const* before;
        char const* after;
        char const* expected;
    };
    for (auto const& [before, after, expected] : std::vector<step>{
             {"p", "p", "same"},
             {"none", "none", "same"},
             {"not_found", "not_found", "same"},
             {"not_found", "absent", "same"},
             {"absent", "not_found", "same"},
             {"p", "q", "moved"},
             {"p", "none", "moved"},
             {"none", "p", "moved"},
             {"p", "not_found", "gone"},
             {"none", "not_found", "gone"},
             {"p", "absent", "gone"},
             {"none", "absent", "gone"},
             {"not_found", "p", "added"},
             {"not_found", "none", "added"},
             {"absent", "p", "added"},
             {"absent", "none", "added"},
             {"p", "forbidden", "not comparable"},
             {"p", "failed", "not comparable"},
             {"p", "bad_body", "not comparable"},
             {"none", "invalid_input", "not comparable"},
             {"failed", "p", "not comparable"},
             {"failed", "absent", "not comparable"},
             {"absent", "forbidden", "not comparable"},
             {"failed", "failed", "not comparable"},
             {"no id", "p", "not comparable"},
             {"no id", "no id", "not comparable"},
             {"p", "no id", "not comparable"},
             {"p", "unfinished", "not comparable"},
             {"unfinished", "p", "not comparable"},
         }) {
        auto const found = compare(one_row(before), one_row(after));
        BOOST_TEST(what_is_counted(found.totals) == expected, before << " then " << after);
        auto const& a = found.totals.of_assignments;
        BOOST_TEST(a.same + a.added + a.gone + a.moved + a.not_comparable == 1U);
        bool const reported = std::string_view(expected) == "added" || std::string_view(expected) == "gone" ||
                              std::string_view(expected) == "moved";
        BOOST_TEST(count(found.lines, R"({"kind":"assignment_)") == (reported ? 1U : 0U), found.lines);
        if (reported)
            BOOST_TEST(found.totals.different());
    }
}

BOOST_AUTO_TEST_CASE(assignments_meet_by_scope_principal_and_id) {
    auto const item = [](std::uint64_t position, assignment_ref reference) {
        return good_item(position, std::move(reference), pool("p", 10, 5));
    };
    auto const found = compare(
        audit_of(
            {item(4, assignment_ref::admin("a")), item(1, assignment_ref::admin("b")),
             item(5, assignment_ref::admin("b")), item(2, assignment_ref::user("u", "b")),
             item(3, assignment_ref::group("g", "a"))}),
        audit_of(
            {item(9, assignment_ref::admin("b")), item(1, assignment_ref::user("u", "a")),
             item(2, assignment_ref::user("u", "b")), item(3, assignment_ref::group("g", "a")),
             item(5, assignment_ref::group("g", "a")), item(6, assignment_ref::group("h", "a"))}));
    auto const& a = found.totals.of_assignments;
    BOOST_TEST(a.same == 3U);
    BOOST_TEST(a.gone == 1U);
    BOOST_TEST(a.added == 2U);
    auto const gone = R"({"kind":"assignment_gone","scope":"admin","principalId":null,"assignmentId":"a",)"
                      R"("before":{"outcome":"ok","allotmentId":"p","sku":"E3"},)"
                      R"("after":{"outcome":"not_in_input","allotmentId":null,"sku":null}})";
    auto const added = R"({"kind":"assignment_added","scope":"user","principalId":"u","assignmentId":"a",)"
                       R"("before":{"outcome":"not_in_input","allotmentId":null,"sku":null},)"
                       R"("after":{"outcome":"ok","allotmentId":"p","sku":"E3"}})";
    BOOST_TEST(has(found.lines, std::string(gone) + '\n' + added + '\n'), found.lines);
    BOOST_TEST(has(found.lines, R"("scope":"group","principalId":"h","assignmentId":"a")"));
}

BOOST_AUTO_TEST_CASE(units_are_those_of_the_last_row) {
    auto const rows = [](std::int32_t first, std::int32_t second) {
        return audit_of(
            {good_item(2, assignment_ref::admin("a"), pool("p", 10, second)),
             good_item(1, assignment_ref::admin("b"), pool("p", 10, first))});
    };
    BOOST_TEST(compare(rows(3, 5), rows(4, 5)).lines == "");
    BOOST_TEST(
        compare(rows(3, 5), rows(3, 6)).lines ==
        R"({"kind":"allotment_changed","allotmentId":"p","sku":"E3","before":{"allotted":10,"consumed":5},)"
        R"("after":{"allotted":10,"consumed":6}})"
        "\n"
        R"({"kind":"sku_changed","sku":"E3","before":{"allotments":1,"allotted":10,"consumed":5},)"
        R"("after":{"allotments":1,"allotted":10,"consumed":6}})"
        "\n");
}

BOOST_AUTO_TEST_CASE(skus_cross_exhaustion_in_both_directions) {
    struct step {
        std::int32_t allotted_before, consumed_before, allotted_after, consumed_after;
        char const* expected;
    };
    for (auto const& each : std::vector<step>{
             {10, 5, 10, 9, ""},
             {10, 9, 10, 10, "sku_exhausted"},
             {10, 9, 10, 12, "sku_exhausted"},
             {10, 9, 9, 9, "sku_exhausted"},
             {10, 10, 10, 9, "sku_available"},
             {10, 12, 20, 12, "sku_available"},
             {10, 10, 10, 12, ""},
             {10, 10, 20, 20, ""},
         }) {
        auto const side = [](std::int32_t allotted, std::int32_t consumed) {
            // Two allotments of one SKU; the second has room for what the first lacks.
            return audit_of(
                {good_item(1, assignment_ref::admin("a"), pool("p", allotted + 3, consumed + 1)),
                 good_item(2, assignment_ref::admin("b"), pool("q", 100, 102))});
        };
        auto const found = compare(
            side(each.allotted_before, each.consumed_before), side(each.allotted_after, each.consumed_after));
        std::string const expected(each.expected);
        BOOST_TEST(
            count(found.lines, "sku_exhausted") == (expected == "sku_exhausted" ? 1U : 0U), found.lines);
        BOOST_TEST(
            count(found.lines, "sku_available") == (expected == "sku_available" ? 1U : 0U), found.lines);
        BOOST_TEST(found.totals.of_skus.became_exhausted == (expected == "sku_exhausted" ? 1U : 0U));
        BOOST_TEST(found.totals.of_skus.became_available == (expected == "sku_available" ? 1U : 0U));
    }
}

BOOST_AUTO_TEST_CASE(allotments_that_one_audit_saw) {
    auto const p = good_item(1, assignment_ref::admin("a"), pool("p", 10, 5));
    auto const q = good_item(2, assignment_ref::admin("b"), pool("q", 8, 8, "E5"));
    auto const found = compare(audit_of({p}), audit_of({p, q}));
    BOOST_TEST(found.totals.of_allotments.appeared == 1U);
    BOOST_TEST(
        has(found.lines, R"({"kind":"allotment_appeared","allotmentId":"q","sku":"E5","before":null,)"
                         R"("after":{"allotted":8,"consumed":8}})"),
        found.lines);
    BOOST_TEST(
        has(found.lines, R"({"kind":"sku_changed","sku":"E5","before":null,"after":{"allotments":1,)"));
    BOOST_TEST(!has(found.lines, "sku_exhausted"));
    auto const back = compare(audit_of({p, q}), audit_of({p}));
    BOOST_TEST(back.totals.of_allotments.disappeared == 1U);
    BOOST_TEST(
        has(back.lines, R"("sku":"E5","before":{"allotments":1,"allotted":8,"consumed":8},"after":null})"));
    // Whether it is still drawn from is not known.
    auto const lost = failed_item(2, sample_failure(errc::server_error, 503), assignment_ref::admin("b"));
    auto const unknown = compare(audit_of({p, q}), audit_of({p, lost}));
    BOOST_TEST(unknown.lines == "");
    BOOST_TEST(!unknown.totals.different());
    BOOST_TEST(unknown.totals.of_allotments.not_comparable == 1U);
    BOOST_TEST(unknown.totals.of_assignments.not_comparable == 1U);
    // Seen in both, it is compared even so.
    auto const r = good_item(3, assignment_ref::admin("c"), pool("q", 8, 7, "E5"));
    BOOST_TEST(compare(audit_of({p, q}), audit_of({p, lost, r})).totals.of_allotments.changed == 1U);
}

BOOST_AUTO_TEST_CASE(units_that_were_not_asked_for) {
    auto without = pool("p", 10, 10);
    without.allotted_units.reset();
    auto const found = compare(
        audit_of({good_item(1, assignment_ref::admin("a"), pool("p", 10, 5))}),
        audit_of({good_item(1, assignment_ref::admin("a"), without)}));
    BOOST_TEST(found.lines == "");
    BOOST_TEST(found.totals.of_allotments.not_comparable == 1U);
    BOOST_TEST(found.totals.of_skus.not_comparable == 1U);
    auto const appeared =
        compare(audit_of({}), audit_of({good_item(1, assignment_ref::admin("a"), without)}));
    BOOST_TEST(
        has(appeared.lines,
            R"("kind":"allotment_appeared","allotmentId":"p","sku":"E3","before":null,"after":null})"));
}

BOOST_AUTO_TEST_CASE(empty_audits_are_the_same) {
    auto const found = compare(audit_of({}), audit_of({}));
    BOOST_TEST(found.lines == "");
    BOOST_TEST(!found.totals.different());
}

BOOST_AUTO_TEST_CASE(doubts_name_options_and_unfinished_audits) {
    auto before = audit_of({});
    auto after = audit_of({});
    auto const found = [&] { return doubts(before, "old.db", after, "new.db"); };
    BOOST_TEST(found().empty());
    before.is->options = {
        {"select", ""}, {"tenant", "one"}, {"input-format", "csv"}, {"graph-url", "https://a"}};
    after.is->options = {
        {"select", "id"}, {"tenant", ""}, {"input-format", "auto"}, {"graph-url", "https://a"}};
    BOOST_REQUIRE_EQUAL(found().size(), 1U);
    BOOST_TEST(has(found()[0], R"(--select was nothing and is "id")"), found()[0]);
    after.is->options = {{"select", ""}, {"tenant", "t\x1bwo"}, {"graph-url", "https://b"}, {"expand", "x"}};
    BOOST_REQUIRE_EQUAL(found().size(), 3U);
    BOOST_TEST(has(found()[1], R"(--tenant was "one" and is "t\x1bwo")"), found()[1]);
    after.is->options = before.is->options;
    after.at = audit_phase::fetching;
    BOOST_REQUIRE_EQUAL(found().size(), 1U);
    BOOST_TEST(has(found()[0], "new.db is not finished"), found()[0]);
}

BOOST_AUTO_TEST_CASE(text_shows_totals_and_the_first_of_each_section) {
    memory_audit before;
    memory_audit after;
    for (std::uint64_t number = 1; number != 26; ++number) {
        auto const id = (number < 10 ? "a0" : "a") + std::to_string(number);
        before.rows.push_back(
            good_item(number, assignment_ref::user("u\x1b", id), pool("p\n", 10, 9, "=E\x07")));
        after.rows.push_back(
            number == 1
                ? good_item(1, assignment_ref::user("u\x1b", id), pool("p\n", 10, 1'234, "=E\x07"))
                : failed_item(
                      number, sample_failure(errc::not_found, 404), assignment_ref::user("u\x1b", id)));
    }
    change_text changes;
    auto const totals = compare_audits(before, after, changes);
    auto const text = changes.text(totals);
    BOOST_TEST(
        text.starts_with("Assignments\n"
                         "  same                       1\n"
                         "  added                      0\n"
                         "  gone                      24\n"
                         "  moved                      0\n"
                         "Allotments\n"),
        text);
    BOOST_TEST(text.find_first_of("\x1b\x07\r") == std::string::npos);
    BOOST_TEST(
        has(text, "\nSKUs that crossed exhaustion (1)\n"
                  "  =E\\x07 is exhausted now: 1,234 of 10 consumed, before 9 of 10\n"),
        text);
    BOOST_TEST(
        has(text, "\n  =E\\x07                             10           0         1,234      +1,225\n"),
        text);
    BOOST_TEST(has(text, "\n  =E\\x07 (p\\x0a): allotted 10, consumed 1,234 (+1,225)\n"), text);
    BOOST_TEST(
        has(text, "\nAssignments gone (24)\n"
                  "  users/u\\x1b/a02: not found, was =E\\x07 (p\\x0a)\n"),
        text);
    BOOST_TEST(count(text, ": not found, was ") == 20U);
    BOOST_TEST(
        text.ends_with("a21: not found, was =E\\x07 (p\\x0a)\n  ... and 4 more (--format ndjson has all)\n"),
        text);
}

BOOST_AUTO_TEST_SUITE_END()
