#include "audit/store/sqlite_database.hpp"
#include "audit/store/stored_ledger.hpp"
#include "unit/audit/controlled_store.hpp"
#include "unit/audit/drained.hpp"
#include "unit/audit/samples.hpp"
#include "unit/audit/store_helpers.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace allot;
using namespace allot::test;

using texts = std::vector<std::string>;

namespace {

run_end ended_by(run_cause cause) {
    run_end end;
    end.cause = cause;
    return end;
}

texts ids_of(std::vector<batch_item> const& items) {
    texts out;
    for (auto const& item : items)
        out.push_back(std::to_string(item.position) + ' ' + item.reference.assignment_id());
    return out;
}

std::string numbers_in(audit_ledger const& ledger) {
    return summary_json(ledger.summary(), ledger.inputs(), {}, {});
}

/// A store, and the ledger of one run of it.
struct fixture : store_fixture {
    std::optional<stored_ledger> ledger;
    texts seen;

    void begin_run() {
        ledger.emplace(*store, open_for_pending(path), "the store", [this](audit_row const& row) {
            seen.push_back(std::to_string(row.position) + ' ' + to_string(row.outcome));
        });
    }

    void end_run(run_cause cause = run_cause::complete) {
        ledger->end(ended_by(cause), {});
        ledger.reset();
    }

    /// a, b, a again, an invalid one, c, a again.
    void read_sample() const {
        read(
            {assignment_ref::admin("a?"), assignment_ref::user("u", "b?"), assignment_ref::admin("a?"),
             sample_invalid(4, "x"), assignment_ref::group("g", "c?"), assignment_ref::admin("a?")});
    }

    texts rows() const {
        texts out;
        reader().for_each_row(row_order::input, [&out](audit_row const& row) {
            out.push_back(
                std::to_string(row.position) + ' ' + to_string(row.outcome) + ' ' +
                std::string(row.assignment_id) + (row.allotment ? ' ' + *row.allotment->id : ""));
        });
        return out;
    }
};

/// The ledger of a store that the test controls.
struct controlled {
    controlled_store store;
    scripted_reader* pending = nullptr;
    std::optional<stored_ledger> ledger;

    controlled() {
        auto reader = std::make_unique<scripted_reader>();
        pending = reader.get();
        ledger.emplace(store, std::move(reader), "s", [](audit_row const&) {});
    }
    ~controlled() { store.release(); }
};

}

BOOST_FIXTURE_TEST_SUITE(store_ledger, fixture)

BOOST_AUTO_TEST_CASE(references_without_a_row_are_given_once) {
    read_sample();
    begin_run();
    BOOST_TEST(ledger->inputs() == 6U);
    auto const given = drained(ledger->references());
    BOOST_TEST(ids_of(given) == (texts{"1 a?", "2 b?", "3 c?"}));
    BOOST_TEST((given[1].reference == assignment_ref::user("u", "b?")));
    BOOST_TEST((given[2].reference == assignment_ref::group("g", "c?")));
}

BOOST_AUTO_TEST_CASE(rows_go_to_their_positions_in_any_order) {
    read_sample();
    begin_run();
    drained(ledger->references());
    ledger->write(good_item(3, assignment_ref::group("g", "c?"), sample_allotment("C")));
    ledger->write(failed_item(1, sample_failure(errc::not_found, 404), assignment_ref::admin("a?")));
    ledger->write(good_item(2, assignment_ref::user("u", "b?"), sample_allotment("B")));
    BOOST_TEST(seen == (texts{"5 ok", "1 not_found", "2 ok"}));
    BOOST_TEST(ledger->summary().rows() == 6U);
    BOOST_TEST(ledger->summary().count(audit_outcome::not_found) == 3U);
    BOOST_TEST(ledger->summary().count(audit_outcome::invalid_input) == 1U);
    end_run();
    texts const expected{"1 not_found a?",    "2 ok b? B", "3 not_found a?",
                         "4 invalid_input x", "5 ok c? C", "6 not_found a?"};
    BOOST_TEST(rows() == expected, boost::test_tools::per_element());
    BOOST_TEST((reader().phase() == audit_phase::complete));
    BOOST_TEST(reader().runs().front().end == "complete");
}

BOOST_AUTO_TEST_CASE(what_was_cut_off_is_pending_for_the_next_run) {
    read_sample();
    begin_run();
    drained(ledger->references());
    ledger->write(good_item(2, assignment_ref::user("u", "b?")));
    end_run(run_cause::signal);
    BOOST_TEST((reader().phase() == audit_phase::fetching));
    reopen();
    begin_run();
    BOOST_TEST(ledger->summary().rows() == 2U);
    BOOST_TEST(ledger->whereabouts() == "they are in the store; the same command goes on from there");
    BOOST_TEST(ids_of(drained(ledger->references())) == (texts{"1 a?", "2 c?"}));
    ledger->write(good_item(2, assignment_ref::group("g", "c?")));
    ledger->write(good_item(1, assignment_ref::admin("a?")));
    end_run();
    BOOST_TEST((reader().phase() == audit_phase::complete));
    auto const runs = reader().runs();
    BOOST_TEST_REQUIRE(runs.size() == 2U);
    BOOST_TEST(runs[0].end == "signal");
    BOOST_TEST(runs[1].end == "complete");
}

BOOST_AUTO_TEST_CASE(any_number_of_repeats_is_counted_at_once) {
    read_sample();
    sqlite_database(path, sqlite_database::access::write)
        .execute("UPDATE input SET repeats = 9007199254740992 WHERE position = 1");
    begin_run();
    drained(ledger->references());
    ledger->write(good_item(1, assignment_ref::admin("a?"), sample_allotment("A")));
    BOOST_TEST(ledger->summary().count(audit_outcome::ok) == 9'007'199'254'740'993U);
    end_run();
}

BOOST_AUTO_TEST_CASE(a_run_that_is_dropped_commits_what_it_has_and_did_not_end) {
    read_sample();
    begin_run();
    drained(ledger->references());
    ledger->write(good_item(1, assignment_ref::admin("a?")));
    ledger.reset();
    BOOST_TEST(texts_of(reader().pending(0, 9)) == (texts{"2 user u b?", "5 group g c?"}));
    BOOST_TEST(!reader().runs().front().ended);
}

BOOST_AUTO_TEST_CASE(a_later_run_knows_what_earlier_ones_found) {
    read_sample();
    begin_run();
    drained(ledger->references());
    ledger->write(good_item(1, assignment_ref::admin("a?")));
    ledger->write(failed_item(2, sample_failure(errc::forbidden, 403), assignment_ref::user("u", "b?")));
    ledger->write(good_item(3, assignment_ref::group("g", "c?"), sample_allotment("C", 4)));
    auto const before = numbers_in(*ledger);
    end_run();
    reopen();
    begin_run();
    BOOST_TEST(numbers_in(*ledger) == before);
}

BOOST_AUTO_TEST_CASE(error_rows_are_asked_again_and_no_others) {
    read_sample();
    begin_run();
    drained(ledger->references());
    ledger->write(failed_item(1, sample_failure(errc::server_error, 503), assignment_ref::admin("a?")));
    ledger->write(good_item(2, assignment_ref::user("u", "b?")));
    ledger->write(failed_item(3, sample_failure(errc::not_found, 404), assignment_ref::group("g", "c?")));
    end_run();
    BOOST_TEST(store->drop_error_rows() == 3U);
    reopen();
    begin_run();
    BOOST_TEST(ids_of(drained(ledger->references())) == texts{"1 a?"});
    ledger->write(good_item(1, assignment_ref::admin("a?")));
    end_run();
    BOOST_TEST((reader().phase() == audit_phase::complete));
    BOOST_TEST(reader().counts().of(audit_outcome::ok) == 4U);
}

BOOST_AUTO_TEST_CASE(many_references_come_over_several_pages) {
    constexpr std::uint64_t count = 2'300;
    std::vector<input_entry> entries;
    for (std::uint64_t entry = 0; entry != count; ++entry)
        entries.emplace_back(assignment_ref::admin(std::to_string(entry) + '?'));
    read(entries);
    begin_run();
    auto given = drained(ledger->references());
    BOOST_TEST_REQUIRE(given.size() == count);
    for (std::uint64_t entry = 0; entry != count; ++entry) {
        // 1289 has no divisor in common with their count: each is taken once.
        auto const& item = given[(entry * 1'289) % count];
        ledger->write(
            good_item(item.position, item.reference, sample_allotment(item.reference.assignment_id())));
    }
    end_run();
    BOOST_TEST((reader().phase() == audit_phase::complete));
    auto const found = rows();
    BOOST_TEST_REQUIRE(found.size() == count);
    for (std::uint64_t entry = 0; entry != count; ++entry) {
        auto const id = std::to_string(entry) + '?';
        BOOST_TEST_REQUIRE(found[entry] == std::to_string(entry + 1) + " ok " + id + ' ' + id);
    }
}

BOOST_AUTO_TEST_CASE(a_run_keeps_its_numbers_and_when_to_resume) {
    read_sample();
    begin_run();
    client_stats stats;
    stats.requests = 7;
    stats.held = std::chrono::microseconds(2'700);
    auto end = ended_by(run_cause::parked);
    end.resume_at = std::chrono::system_clock::time_point(std::chrono::microseconds(1'700'000'000'000'001));
    ledger->end(end, stats);
    auto const run = reader().runs().front();
    BOOST_TEST(run.end == "parked");
    BOOST_TEST(run.requests == 7U);
    BOOST_TEST(run.held.count() == 2);
    BOOST_TEST_REQUIRE(run.resume_at.has_value());
    BOOST_TEST(run.resume_at->time_since_epoch().count() == 1'700'000'000'001);
    BOOST_TEST_REQUIRE(!reader().samples().empty());
    BOOST_TEST(reader().samples().back().requests == 7U);
    BOOST_TEST(reader().samples().back().rows == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(store_ledger_errors, controlled)

BOOST_AUTO_TEST_CASE(a_store_that_cannot_be_read_ends_the_references_and_comes_out_of_the_rest) {
    pending->readable = 2;
    BOOST_TEST(ids_of(drained(ledger->references())) == (texts{"1 a?", "2 a?"}));
    BOOST_CHECK_EXCEPTION(ledger->has_room(), store_error, says("it is damaged"));
    ledger->write(good_item(1));
    BOOST_CHECK_EXCEPTION(ledger->end({}, {}), store_error, says("it is damaged"));
    BOOST_TEST(store.positions() == std::vector<std::uint64_t>{1});
    BOOST_TEST(store.runs_ended.empty());
}

BOOST_AUTO_TEST_CASE(a_store_that_cannot_be_written_comes_out_of_the_end) {
    pending->readable = 2;
    drained(ledger->references());
    store.hold();
    ledger->write(good_item(1));
    store.wait_for_writes(1);
    ledger->write(good_item(2));
    store.release("no room");
    BOOST_CHECK_EXCEPTION(ledger->end({}, {}), store_error, says("no room"));
    BOOST_TEST(store.runs_ended.empty());
    BOOST_TEST(store.writes_begun() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
