#include "audit/store/sqlite_database.hpp"
#include "unit/audit/store_helpers.hpp"

#include <string>

using namespace allot;
using namespace allot::test;

namespace {

struct fixture : store_fixture {
    void read_rows() const {
        reader().for_each_row(row_order::input, [](audit_row const&) {});
    }
};

}

BOOST_FIXTURE_TEST_SUITE(store_damage, fixture)

BOOST_AUTO_TEST_CASE(damage_that_SQLite_does_not_see_is_an_error) {
    read({assignment_ref::admin("a")});
    auto row = sample_row(1, static_cast<audit_outcome>(7));
    write_row(*store, row);
    BOOST_CHECK_EXCEPTION(read_rows(), store_error, says("7 is no scope or outcome"));
    BOOST_CHECK_EXCEPTION(reader().counts(), store_error, says("7 is no scope or outcome"));
    store->drop_error_rows();
    row = sample_row(1);
    row.allotment_key = 12;
    write_row(*store, row);
    BOOST_CHECK_EXCEPTION(read_rows(), store_error, says("it has no allotment 12"));
}

BOOST_AUTO_TEST_CASE(numbers_that_cannot_be_are_damage) {
    read({assignment_ref::admin("a"), assignment_ref::admin("b")});
    write_row(*store, sample_row(1));
    run_sample sample;
    sample.run = store->begin_run();
    store->add_sample(sample);
    auto const damaged = [&](std::string const& set, auto const& use) {
        for (auto const* const value : {"-1", "9007199254740993", "9223372036854775807"}) {
            sqlite_database other(path, sqlite_database::access::write);
            other.execute("BEGIN; UPDATE " + set + " = " + value + "; COMMIT");
            BOOST_CHECK_EXCEPTION(use(), store_error, says(std::string("is damaged: ") + value + " is no "));
            other.execute("BEGIN; UPDATE " + set + " = 1; COMMIT");
            BOOST_CHECK_NO_THROW(use());
        }
    };
    damaged("row SET duration_us", [&] { read_rows(); });
    damaged("input SET repeats", [&] { open_for_pending(path)->pending(0, 2); });
    damaged("audit SET inputs", [&] { reader().counts(); });
    for (auto const* const column : {"started", "ended", "resume_at", "requests", "held_ms"})
        damaged(std::string("run SET ") + column, [&] { reader().runs(); });
    for (auto const* const column : {"at", "rows", "held_ms", "in_flight"})
        damaged(std::string("sample SET ") + column, [&] { reader().samples(); });
}

BOOST_AUTO_TEST_SUITE_END()
