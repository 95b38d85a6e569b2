#include "audit/store/sqlite_database.hpp"
#include "unit/audit/store_helpers.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

using namespace allot;
using namespace allot::test;

using texts = std::vector<std::string>;

namespace {

constexpr std::array all_outcomes{
    audit_outcome::ok,        audit_outcome::none,          audit_outcome::not_found,
    audit_outcome::forbidden, audit_outcome::invalid_input, audit_outcome::bad_body,
    audit_outcome::failed};

stored_run::time_point at(std::int64_t milliseconds) {
    return stored_run::time_point(std::chrono::milliseconds(milliseconds));
}

struct fixture : store_fixture {
    /// "POSITION OUTCOME" of each row.
    texts rows(row_order order = row_order::input) const { return rows_of(reader(), order); }

    static texts rows_of(audit_reader& from, row_order order = row_order::input) {
        texts out;
        from.for_each_row(order, [&out](audit_row const& row) {
            out.push_back(std::to_string(row.position) + ' ' + to_string(row.outcome));
        });
        return out;
    }

    /// Entries a, b, c, ...
    void read_different(int count) const {
        std::vector<input_entry> entries;
        for (int entry = 0; entry != count; ++entry)
            entries.emplace_back(assignment_ref::admin(std::string(1, static_cast<char>('a' + entry))));
        read(entries);
    }
};

}

BOOST_FIXTURE_TEST_SUITE(store_rows, fixture)

BOOST_AUTO_TEST_CASE(rows_are_kept) {
    read_different(3);
    store->write(std::vector{sample_row(3), sample_row(1, audit_outcome::failed)});
    reopen();
    BOOST_TEST(rows() == (texts{"1 failed", "3 ok"}));
    BOOST_TEST(pending() == texts{"2 admin b"});
    BOOST_TEST((reader().phase() == audit_phase::fetching));
    write_row(*store, sample_row(2));
    BOOST_TEST((reader().phase() == audit_phase::complete));
}

BOOST_AUTO_TEST_CASE(a_group_of_rows_is_kept_whole_or_not_at_all) {
    read_different(3);
    write_row(*store, sample_row(1));
    BOOST_CHECK_EXCEPTION(
        store->write(std::vector{sample_row(2), sample_row(1), sample_row(3)}), store_error,
        says("UNIQUE constraint failed: row.position"));
    BOOST_TEST(rows() == texts{"1 ok"});
    store->write(std::vector{sample_row(2), sample_row(3)});
    BOOST_TEST(rows().size() == 3U);
    reopen();
    BOOST_TEST(rows().size() == 3U);
}

BOOST_AUTO_TEST_CASE(repeats_share_the_row_of_the_first) {
    read(
        {assignment_ref::admin("b"), assignment_ref::admin("a"), assignment_ref::admin("b"),
         assignment_ref::admin("b")});
    write_row(*store, sample_row(1, audit_outcome::not_found));
    BOOST_TEST(rows() == (texts{"1 not_found", "3 not_found", "4 not_found"}));
    auto const counts = reader().counts();
    BOOST_TEST(counts.of(audit_outcome::not_found) == 3U);
    BOOST_TEST(counts.rows() == 3U);
    BOOST_TEST(counts.error_rows() == 0U);
    write_row(*store, sample_row(2, audit_outcome::bad_body));
    BOOST_TEST(reader().counts().rows() == 4U);
    BOOST_TEST(reader().counts().error_rows() == 1U);
}

BOOST_AUTO_TEST_CASE(rows_come_by_position_or_by_reference) {
    read(
        {assignment_ref::group("g", "a"), assignment_ref::user("v", "a"), assignment_ref::admin("b"),
         assignment_ref::user("u", "b"), assignment_ref::admin("a"), assignment_ref::user("u", "a"),
         assignment_ref::admin("B"), assignment_ref::admin("a")});
    for (std::uint64_t position = 1; position != 8; ++position)
        write_row(*store, sample_row(position));
    BOOST_TEST(rows() == (texts{"1 ok", "2 ok", "3 ok", "4 ok", "5 ok", "6 ok", "7 ok", "8 ok"}));
    BOOST_TEST(
        rows(row_order::reference) ==
        (texts{"7 ok", "5 ok", "8 ok", "3 ok", "6 ok", "4 ok", "2 ok", "1 ok"}));
}

BOOST_AUTO_TEST_CASE(rows_of_every_outcome_are_counted) {
    read_different(7);
    for (std::size_t each = 0; each != all_outcomes.size(); ++each)
        write_row(*store, sample_row(each + 1, all_outcomes[each]));
    auto const counts = reader().counts();
    for (auto const outcome : all_outcomes)
        BOOST_TEST(counts.of(outcome) == 1U, to_string(outcome));
    BOOST_TEST(counts.error_rows() == 4U);
}

BOOST_AUTO_TEST_CASE(error_rows_of_what_can_be_sent_are_dropped) {
    read_different(7);
    for (std::size_t each = 0; each != all_outcomes.size(); ++each)
        write_row(*store, sample_row(each + 1, all_outcomes[each]));
    BOOST_TEST(store->drop_error_rows() == 3U);
    reopen();
    BOOST_TEST(rows() == (texts{"1 ok", "2 none", "3 not_found", "5 invalid_input"}));
    BOOST_TEST(pending() == (texts{"4 admin d", "6 admin f", "7 admin g"}));
    BOOST_TEST((reader().phase() == audit_phase::fetching));
    BOOST_TEST(store->drop_error_rows() == 0U);
    write_row(*store, sample_row(7));
    BOOST_TEST(reader().counts().of(audit_outcome::ok) == 2U);
}

BOOST_AUTO_TEST_CASE(dropped_rows_count_with_their_repeats) {
    read({assignment_ref::admin("a"), assignment_ref::admin("a"), assignment_ref::admin("a")});
    write_row(*store, sample_row(1, audit_outcome::failed));
    BOOST_TEST(store->drop_error_rows() == 3U);
    BOOST_TEST(pending() == texts{"1 admin a +2"});
    BOOST_TEST(rows().empty());
}

BOOST_AUTO_TEST_CASE(an_allotment_is_kept_once) {
    read_different(3);
    auto const first = store->store_allotment(R"({"id":"a"})");
    auto const second = store->store_allotment(R"({"id":"b"})");
    BOOST_TEST(first != second);
    BOOST_TEST(store->store_allotment(R"({"id":"a"})") == first);
    auto row = sample_row(2);
    row.allotment_key = first;
    store->write(std::vector{sample_row(1), row});
    reopen();
    BOOST_TEST(store->store_allotment(R"({"id":"b"})") == second);
    row.position = 3;
    row.allotment_key = second;
    write_row(*store, row);
    texts found;
    reader().for_each_row(row_order::input, [&found](audit_row const& each) {
        found.push_back(each.allotment == nullptr ? "none" : *each.allotment->id);
        found.emplace_back(each.allotment_json);
    });
    BOOST_TEST(found == (texts{"none", "", "a", R"({"id":"a"})", "b", R"({"id":"b"})"}));
}

BOOST_AUTO_TEST_CASE(allotments_are_kept_with_the_rows_behind_them) {
    read_different(2);
    auto const kept = [this] {
        return sqlite_database(path, sqlite_database::access::read).number("SELECT count(*) FROM allotment");
    };
    store->store_allotment(R"({"id":"a"})");
    BOOST_CHECK_THROW(store->write(std::vector{sample_row(1), sample_row(1)}), store_error);
    store->store_allotment(R"({"id":"b"})");
    BOOST_TEST(kept() == 0);
    write_row(*store, sample_row(1));
    BOOST_TEST(kept() == 1);
    store->store_allotment(R"({"id":"c"})");
    reopen();
    BOOST_TEST(kept() == 1);
    BOOST_TEST(rows() == texts{"1 ok"});
}

BOOST_AUTO_TEST_CASE(allotments_of_a_list_are_kept_with_the_part_they_stand_in) {
    store->begin({"all assignments", {}}, input_kind::list);
    auto const add = [this](std::string const& id) {
        auto row = sample_row(store->add(assignment_ref::admin(id)));
        row.allotment_key = store->store_allotment(R"({"id":")" + id + R"("})");
        store->add_row(row);
    };
    add("a");
    store->commit_input("next");
    add("b");
    reopen();
    BOOST_TEST(rows() == texts{"1 ok"});
    store->continue_list();
    add("c");
    store->end_input({});
    BOOST_TEST(rows() == (texts{"1 ok", "2 ok"}));
    BOOST_TEST((reader().phase() == audit_phase::complete));
    BOOST_TEST(store->begin_run() == 1U);
}

BOOST_AUTO_TEST_CASE(runs_are_kept) {
    read_different(1);
    BOOST_TEST(store->begin_run() == 1U);
    run_sample sample{1, at(1'700'000'000'123), 7, 20, 3, 2, std::chrono::milliseconds(900), 5, {}};
    store->add_sample(sample);
    auto later = sample;
    later.at = at(1'700'000'001'124);
    later.requests = 30;
    store->add_sample(later);
    BOOST_TEST(!reader().runs().front().ended);
    store->end_run(1, "parked", at(1'700'000'009'000));
    BOOST_TEST(store->begin_run() == 2U);
    reopen();
    auto const runs = reader().runs();
    BOOST_TEST_REQUIRE(runs.size() == 2U);
    BOOST_TEST(runs[0].number == 1U);
    BOOST_TEST((runs[0].ended && *runs[0].ended >= runs[0].started));
    BOOST_TEST(runs[0].end == "parked");
    BOOST_TEST((runs[0].resume_at == at(1'700'000'009'000)));
    BOOST_TEST(runs[0].requests == 30U);
    BOOST_TEST(runs[0].retries == 3U);
    BOOST_TEST(runs[0].throttled == 2U);
    BOOST_TEST(runs[0].held.count() == 900);
    BOOST_TEST(runs[1].number == 2U);
    BOOST_TEST(!runs[1].ended);
    BOOST_TEST(runs[1].end == "");
    BOOST_TEST(!runs[1].resume_at);
    BOOST_TEST(runs[1].requests == 0U);
    store->end_run(2, "complete", std::nullopt);
    BOOST_TEST(reader().runs()[1].end == "complete");
    BOOST_TEST(!reader().runs()[1].resume_at);
}

BOOST_AUTO_TEST_CASE(samples_come_by_time) {
    store->begin_run();
    store->add_sample({1, at(2'000), 8, 21, 4, 3, std::chrono::milliseconds(901), 6, {}});
    store->add_sample({1, at(1'000), 7, 20, 3, 2, std::chrono::milliseconds(900), 5, {}});
    auto const samples = reader().samples();
    BOOST_TEST_REQUIRE(samples.size() == 2U);
    BOOST_TEST((samples[0].at == at(1'000)));
    BOOST_TEST(samples[1].run == 1U);
    BOOST_TEST((samples[1].at == at(2'000)));
    BOOST_TEST(samples[1].rows == 8U);
    BOOST_TEST(samples[1].requests == 21U);
    BOOST_TEST(samples[1].retries == 4U);
    BOOST_TEST(samples[1].throttled == 3U);
    BOOST_TEST(samples[1].held.count() == 901);
    BOOST_TEST(samples[1].in_flight == 6U);
}

BOOST_AUTO_TEST_CASE(what_a_reader_sees_is_of_one_moment) {
    read_different(2);
    write_row(*store, sample_row(1));
    auto const before = open_stored_audit(path);
    write_row(*store, sample_row(2));
    BOOST_TEST(before->counts().rows() == 1U);
    BOOST_TEST(rows_of(*before) == texts{"1 ok"});
    BOOST_TEST((before->phase() == audit_phase::fetching));
    BOOST_TEST(rows_of(*open_stored_audit(path)).size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_is_pending_is_seen_while_rows_are_written) {
    read_different(4);
    auto const beside = open_for_pending(path);
    BOOST_TEST(texts_of(beside->pending(0, 1)) == texts{"1 admin a"});
    store->write(std::vector{sample_row(1), sample_row(3)});
    BOOST_TEST(texts_of(beside->pending(1, 9)) == (texts{"2 admin b", "4 admin d"}));
}

BOOST_AUTO_TEST_SUITE_END()
