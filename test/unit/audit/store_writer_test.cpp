#include "audit/store/store_writer.hpp"
#include "unit/audit/controlled_store.hpp"
#include "unit/audit/store_helpers.hpp"

#include <csignal>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace allot;
using namespace allot::test;

namespace {

store_writer::entry entry_at(std::uint64_t position, std::uint64_t allotment = 0, std::string json = {}) {
    store_writer::entry entry;
    entry.row.position = position;
    entry.allotment = allotment;
    entry.allotment_json = std::move(json);
    return entry;
}

std::vector<std::uint64_t> numbers_to(std::uint64_t last) {
    std::vector<std::uint64_t> out;
    for (std::uint64_t number = 1; number <= last; ++number)
        out.push_back(number);
    return out;
}

struct fixture {
    controlled_store store;
    std::optional<store_writer> writer;

    fixture() { writer.emplace(store); }
    ~fixture() { store.release(); }

    void write(std::uint64_t first, std::uint64_t last) {
        for (; first <= last; ++first)
            writer->write(entry_at(first));
    }

    /// The first row is being written, and that does not end.
    void hold_first() {
        store.hold();
        writer->write(entry_at(1));
        store.wait_for_writes(1);
    }

    void expect_error_everywhere(std::string const& text) {
        BOOST_CHECK_EXCEPTION(writer->has_room(), store_error, says(text));
        BOOST_CHECK_EXCEPTION(writer->write(entry_at(9)), store_error, says(text));
        BOOST_CHECK_EXCEPTION(writer->add_sample({}), store_error, says(text));
        BOOST_CHECK_EXCEPTION(writer->stop(), store_error, says(text));
    }
};

}

BOOST_FIXTURE_TEST_SUITE(store_writer_, fixture)

BOOST_AUTO_TEST_CASE(few_rows_do_not_wait_for_more) {
    writer->write(entry_at(1));
    store.wait_for_writes(1);
    writer->write(entry_at(2));
    store.wait_for_writes(2);
    writer->stop();
    BOOST_TEST(store.groups.size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_comes_while_a_group_is_written_is_the_next_group) {
    hold_first();
    write(2, 150);
    store.release();
    store.wait_for_writes(2);
    writer->stop();
    BOOST_TEST(store.groups.size() == 2U);
    BOOST_TEST(store.groups[0].size() == 1U);
    BOOST_TEST(store.positions() == numbers_to(150), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(many_rows_keep_their_order) {
    for (std::uint64_t position = 1; position <= 5'000; ++position) {
        while (!writer->has_room())
            std::this_thread::yield();
        writer->write(entry_at(position));
    }
    writer->stop();
    BOOST_TEST((store.positions() == numbers_to(5'000)));
    for (auto const& group : store.groups)
        BOOST_TEST_REQUIRE(group.size() <= store_writer::most_waiting);
}

BOOST_AUTO_TEST_CASE(there_is_room_for_five_groups) {
    BOOST_TEST(writer->has_room());
    hold_first();
    write(2, 499);
    BOOST_TEST(writer->has_room());
    write(500, 500);
    BOOST_TEST(!writer->has_room());
    store.release();
    writer->stop();
    BOOST_TEST(writer->has_room());
}

BOOST_AUTO_TEST_CASE(stopping_commits_what_waits) {
    hold_first();
    write(2, 7);
    store.release();
    writer->stop();
    BOOST_TEST(store.positions() == numbers_to(7), boost::test_tools::per_element());
    writer->stop();
    BOOST_TEST(store.writes_begun() == 2U);
}

BOOST_AUTO_TEST_CASE(stopping_without_rows_writes_nothing) {
    writer->stop();
    BOOST_TEST(store.writes_begun() == 0U);
    BOOST_TEST(store.samples.empty());
}

BOOST_AUTO_TEST_CASE(destruction_commits_what_waits) {
    write(1, 3);
    writer.reset();
    BOOST_TEST(store.positions() == numbers_to(3), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_error_comes_out_of_the_next_call) {
    store.release("no room");
    writer->write(entry_at(1));
    std::string error;
    while (error.empty()) {
        try {
            writer->has_room();
            std::this_thread::yield();
        } catch (store_error const& thrown) {
            error = thrown.what();
        }
    }
    BOOST_TEST(error == "no room");
    expect_error_everywhere("no room");
    BOOST_TEST(store.writes_begun() == 1U);
}

BOOST_AUTO_TEST_CASE(an_error_comes_out_of_stopping_and_ends_the_writing) {
    hold_first();
    write(2, 4);
    store.release("no room");
    BOOST_CHECK_EXCEPTION(writer->stop(), store_error, says("no room"));
    store.release();
    expect_error_everywhere("no room");
    BOOST_TEST(store.groups.empty());
    BOOST_TEST(store.writes_begun() == 1U);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_last_group_comes_out_of_stopping) {
    store.release("no room");
    write(1, 3);
    BOOST_CHECK_EXCEPTION(writer->stop(), store_error, says("no room"));
}

BOOST_AUTO_TEST_CASE(destruction_after_an_error_is_silent) {
    hold_first();
    write(2, 4);
    store.release("no room");
    writer.reset();
    BOOST_TEST(store.groups.empty());
}

BOOST_AUTO_TEST_CASE(the_last_of_the_samples_that_wait_is_written_after_the_rows) {
    hold_first();
    run_sample sample;
    sample.rows = 1;
    writer->add_sample(sample);
    sample.rows = 2;
    writer->add_sample(sample);
    store.release();
    writer->stop();
    BOOST_TEST_REQUIRE(store.samples.size() == 1U);
    BOOST_TEST(store.samples[0].rows == 2U);
}

BOOST_AUTO_TEST_CASE(a_sample_needs_no_rows) {
    writer->add_sample({});
    writer->stop();
    BOOST_TEST(store.samples.size() == 1U);
    BOOST_TEST(store.writes_begun() == 0U);
}

BOOST_AUTO_TEST_CASE(allotments_are_stored_once_and_meant_by_their_number) {
    hold_first();
    writer->write(entry_at(2, 1, "{a}"));
    writer->write(entry_at(3, 2, "{b}"));
    writer->write(entry_at(4, 1));
    store.release();
    store.wait_for_writes(2);
    writer->write(entry_at(5, 1));
    writer->write(entry_at(6, 3, "{c}"));
    writer->write(entry_at(7, 2));
    writer->stop();
    BOOST_TEST(store.allotments == (std::vector<std::string>{"{a}", "{b}", "{c}"}));
    std::vector<std::int64_t> keys;
    for (auto const& group : store.groups)
        for (auto const& row : group)
            keys.push_back(row.allotment_key.value_or(0));
    BOOST_TEST(
        keys == (std::vector<std::int64_t>{0, 1'001, 1'002, 1'001, 1'001, 1'003, 1'002}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(numbers_far_apart_are_told_apart) {
    constexpr std::uint64_t last = 40'000;
    constexpr std::uint64_t back = 4'096; // as far as `allotment_numbers` remembers
    for (std::uint64_t number = 1; number <= last; ++number) {
        writer->write(entry_at(number, number, "{}"));
        if (number > back)
            writer->write(entry_at(last + number, number - back));
    }
    writer->stop();
    for (auto const& group : store.groups)
        for (auto const& row : group) {
            auto const number = row.position <= last ? row.position : row.position - last - back;
            BOOST_TEST_REQUIRE(*row.allotment_key == controlled_store::key_of(number));
        }
}

BOOST_AUTO_TEST_CASE(signals_are_for_the_thread_that_runs_the_audit) {
    write(1, 1);
    writer->stop();
    BOOST_TEST(!store.takes_signals);
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    BOOST_TEST(sigismember(&blocked, SIGINT) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
