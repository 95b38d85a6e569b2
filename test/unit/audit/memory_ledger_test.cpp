#include "audit/memory_ledger.hpp"
#include "unit/audit/drained.hpp"
#include "unit/audit/samples.hpp"
#include "unit/audit/scratch_folder.hpp"
#include "unit/audit/sources.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace allot;
using namespace allot::test;

using texts = std::vector<std::string>;

namespace {

struct fixture {
    scratch_folder folder;
    std::string const path = folder / "rows";
    row_output output{path};
    texts seen;
    std::optional<memory_ledger> ledger;

    /// Its references end in a question mark, which no batch sends.
    void read(std::string const& text, row_format format = row_format::ndjson) {
        kept_input input;
        read_entries(text_source(text), "ids", input_format::lines, [&input](input_entry entry) {
            if (auto const* const good = std::get_if<assignment_ref>(&entry))
                entry = assignment_ref::admin(good->assignment_id() + "?");
            input.add(std::move(entry));
        });
        ledger.emplace(std::move(input), format, output, [this](audit_row const& row) {
            seen.push_back(
                std::to_string(row.position) + ' ' + to_string(row.outcome) + ' ' +
                std::string(row.assignment_id));
        });
    }

    /// The references that it gives to be fetched.
    texts given() {
        texts made;
        for (auto const& item : drained(ledger->references()))
            made.push_back(item.reference.assignment_id());
        return made;
    }

    void write(std::uint64_t number, std::string const& id) {
        ledger->write(good_item(number, assignment_ref::admin(id)));
    }
};

auto lines_in(std::string const& text) {
    return std::count(text.begin(), text.end(), '\n');
}

}

BOOST_FIXTURE_TEST_SUITE(memory_ledger_, fixture)

BOOST_AUTO_TEST_CASE(rows_stand_under_their_positions_between_invalid_entries) {
    read("a\nb%\n# no entry\nc\n\nd/e\nf\n");
    BOOST_TEST(ledger->inputs() == 5U);
    BOOST_TEST(seen == (texts{"2 invalid_input b%", "4 invalid_input d/e"}));
    BOOST_TEST(ledger->summary().rows() == 2U);
    BOOST_TEST(given() == (texts{"a?", "c?", "f?"}));
    write(3, "f");
    write(1, "a");
    ledger->write(failed_item(2, sample_failure(errc::not_found, 404), assignment_ref::admin("c")));
    texts const expected{"5 ok f", "1 ok a", "3 not_found c"};
    BOOST_TEST(texts(seen.begin() + 2, seen.end()) == expected);
    ledger->end({}, {});
    auto const rows = text_of(path);
    BOOST_TEST(lines_in(rows) == 5);
    BOOST_TEST(
        rows.find(R"({"position":5,"scope":"admin","principalId":null,"assignmentId":"f",)") != rows.npos);
    BOOST_TEST(ledger->summary().error_rows() == 2U);
    BOOST_TEST(ledger->whereabouts() == "");
}

BOOST_AUTO_TEST_CASE(an_input_of_invalid_entries_is_complete) {
    read("a%\nb%\n", row_format::csv);
    BOOST_TEST(ledger->summary().rows() == ledger->inputs());
    BOOST_TEST(drained(ledger->references()).empty());
    ledger->end({}, {});
    BOOST_TEST(lines_in(text_of(path)) == 3);
}

BOOST_AUTO_TEST_CASE(repeats_are_fetched_once_and_have_a_row_each) {
    read("a\nb\na\nc%\na\n");
    BOOST_TEST(given() == (texts{"a?", "b?"}));
    write(2, "b");
    write(1, "a");
    BOOST_TEST(
        seen == (texts{"4 invalid_input c%", "2 ok b", "1 ok a", "3 ok a", "5 ok a"}),
        boost::test_tools::per_element());
    BOOST_TEST(ledger->is_complete());
}

BOOST_AUTO_TEST_CASE(a_run_that_ends_early_leaves_its_rows_aside) {
    read("a\nb\n");
    given();
    BOOST_TEST(ledger->whereabouts() == "");
    write(2, "b");
    BOOST_TEST(ledger->whereabouts() == "the rows are in " + path + ".partial");
    ledger->end({}, {});
    BOOST_TEST(!std::filesystem::exists(path));
    BOOST_TEST(lines_in(text_of(path + ".partial")) == 1);
}

BOOST_AUTO_TEST_CASE(rows_do_not_wait_longer_than_to_the_next_tick) {
    read("a\nb\n");
    given();
    write(1, "a");
    BOOST_TEST(text_of(path + ".partial") == "");
    ledger->tick({});
    BOOST_TEST(lines_in(text_of(path + ".partial")) == 1);
    BOOST_TEST(ledger->has_room());
}

BOOST_AUTO_TEST_SUITE_END()
