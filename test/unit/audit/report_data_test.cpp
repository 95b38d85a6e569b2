#include "audit/report/report_data.hpp"
#include "support/memory_audit.hpp"
#include "unit/audit/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

using namespace allot;
using namespace allot::test;

namespace {

allotment pool(
    char const* id, char const* sku, std::optional<std::int32_t> allotted,
    std::optional<std::int32_t> consumed) {
    allotment out;
    if (id != nullptr)
        out.id = id;
    if (sku != nullptr)
        out.sku_part_number = sku;
    out.allotted_units = allotted;
    out.consumed_units = consumed;
    return out;
}

/// One row for each allotment, in this order.
memory_audit audit_of(std::vector<allotment> const& allotments) {
    memory_audit out;
    for (auto const& each : allotments)
        out.rows.push_back(good_item(out.rows.size() + 1, assignment_ref::admin("a"), each));
    return out;
}

report_data data_of(std::vector<allotment> const& allotments) {
    auto audit = audit_of(allotments);
    return read_report_data(audit);
}

std::vector<std::string> sku_names(report_data const& data) {
    std::vector<std::string> out;
    for (auto const& sku : data.skus)
        out.push_back(sku.name);
    return out;
}

memory_audit::entry
failed(std::uint64_t position, errc code, int status, end_reason reason, char const* id = "a") {
    return failed_item(position, sample_failure(code, status, reason), assignment_ref::user("u", id));
}

std::vector<std::uint64_t> table_positions(report_data const& data) {
    std::vector<std::uint64_t> out;
    for (auto const& row : data.table)
        out.push_back(row.position);
    return out;
}

}

BOOST_AUTO_TEST_SUITE(report_data_)

BOOST_AUTO_TEST_CASE(an_empty_audit) {
    memory_audit audit;
    audit.is.reset();
    audit.at = audit_phase::reading;
    auto const data = read_report_data(audit);
    BOOST_TEST(!data.identity);
    BOOST_TEST(data.rows == 0U);
    BOOST_TEST(data.skus.empty());
    BOOST_TEST(data.table.empty());
    BOOST_TEST(data.table_is_complete);
    BOOST_TEST(data.rate.points.empty());
}

BOOST_AUTO_TEST_CASE(an_allotment_counts_once_with_the_units_it_was_seen_with_last) {
    auto const data =
        data_of({pool("p1", "E3", 100, 40), pool("p2", "E3", 10, 1), pool("p1", "E3", 100, 41)});
    BOOST_REQUIRE_EQUAL(data.skus.size(), 1U);
    BOOST_TEST(data.skus[0].pools == 2U);
    BOOST_TEST(data.skus[0].rows == 3U);
    BOOST_TEST(data.skus[0].units->consumed == 42);
    BOOST_TEST(data.skus[0].units->allotted == 110);
    BOOST_TEST(data.pools[0].id == "p1");
    BOOST_TEST(data.pools[0].rows == 2U);
    BOOST_TEST(data.pools[0].changed);
    BOOST_TEST(!data.pools[1].changed);
}

BOOST_AUTO_TEST_CASE(the_sku_that_runs_out_first_is_in_front) {
    auto const data = data_of({
        pool("1", "IDLE", 100, 1),
        pool("2", "EMPTY", 0, 0),
        pool("3", "FULL", 10, 10),
        pool("4", "OVER", 10, 12),
        pool("5", "NO_UNITS_BUT_USED", 0, 3),
        pool("6", "UNKNOWN", std::nullopt, 3),
        pool("7", "NEARLY", 1'000, 999),
        pool("8", "FULL_AND_LARGER", 20, 20),
    });
    BOOST_TEST(
        sku_names(data) == (std::vector<std::string>{
                               "NO_UNITS_BUT_USED", "OVER", "FULL", "FULL_AND_LARGER", "NEARLY", "IDLE",
                               "EMPTY", "UNKNOWN"}),
        boost::test_tools::per_element());
    BOOST_TEST(data.skus[data.pools.back().sku].name == "UNKNOWN");
    BOOST_TEST(data.pools[data.table[0].pool].id == "1"); // rows follow the new order
}

BOOST_AUTO_TEST_CASE(sums_have_64_bits) {
    auto const most = std::numeric_limits<std::int32_t>::max();
    auto const data =
        data_of({pool("1", "E3", most, most), pool("2", "E3", most, most), pool("3", "E3", most, 0)});
    BOOST_TEST(data.skus[0].units->allotted == 3 * std::int64_t{most});
    BOOST_TEST(data.skus[0].units->left() == std::int64_t{most});
}

BOOST_AUTO_TEST_CASE(members_that_select_left_out_are_not_taken_for_zero) {
    auto const data =
        data_of({pool("1", "E3", std::nullopt, 5), pool("2", "E3", 10, 4), pool("3", "E5", 7, std::nullopt)});
    BOOST_TEST(data.skus[0].name == "E3");
    BOOST_TEST(data.skus[0].units->allotted == 10);
    BOOST_TEST(data.skus[0].pools_without_units == 1U);
    BOOST_TEST(!data.skus[1].units);

    auto const without_ids =
        data_of({pool(nullptr, "E3", 10, 4), pool(nullptr, "E3", 10, 4), pool("", "E3", 10, 4)});
    BOOST_TEST(without_ids.skus[0].pools == 0U);
    BOOST_TEST(without_ids.skus[0].rows == 3U);
    BOOST_TEST(!without_ids.skus[0].units); // they may all be one allotment
    BOOST_TEST(without_ids.named_pools() == 0U);
    BOOST_TEST(!without_ids.pools.at(0).units);
}

BOOST_AUTO_TEST_CASE(a_sku_without_a_name_goes_by_its_guid) {
    auto with_guid = pool("1", nullptr, 1, 1);
    with_guid.sku_id = guid{{0xab}};
    auto const data = data_of({with_guid, pool("2", nullptr, 1, 0)});
    BOOST_TEST(
        sku_names(data) ==
            (std::vector<std::string>{"ab000000-0000-0000-0000-000000000000", "(no SKU named)"}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(long_names_are_cut_and_still_told_apart) {
    std::string const one(1'048'576, 'x');
    auto const data = data_of(
        {pool((one + "1").c_str(), (one + "a").c_str(), 10, 1),
         pool((one + "2").c_str(), (one + "b").c_str(), 10, 2)});
    BOOST_TEST(data.skus.size() == 2U);
    BOOST_TEST(data.pools.size() == 2U);
    BOOST_TEST(data.skus[0].name.size() == 100U);
    BOOST_TEST(data.pools[0].id.size() == 256U);
}

BOOST_AUTO_TEST_CASE(errors_are_grouped_by_how_they_ended) {
    memory_audit audit;
    audit.rows.push_back(failed(1, errc::server_error, 503, end_reason::attempts, "first"));
    audit.rows.push_back(failed(2, errc::timed_out, 0, end_reason::attempts));
    audit.rows.push_back(failed(3, errc::server_error, 500, end_reason::attempts));
    audit.rows.push_back(failed(4, errc::timed_out, 0, end_reason::attempts));
    audit.rows.push_back(failed(5, errc::server_error, 503, end_reason::deadline));
    audit.rows.push_back(failed(6, errc::not_found, 404, end_reason::permanent, "gone"));
    audit.rows.push_back(failed(7, errc::no_allotment, 204, end_reason::permanent));
    audit.rows.push_back(invalid_entry{8, 8, assignment_scope::admin, "", "..\x1b", "line 8: no"});
    auto const data = read_report_data(audit);
    BOOST_TEST(data.error_rows() == 6U);
    BOOST_REQUIRE_EQUAL(data.errors.size(), 5U);
    BOOST_TEST(data.errors[0].code == "timed_out");
    BOOST_TEST(data.errors[0].rows == 2U);
    BOOST_TEST(data.errors[1].code == "server_error");
    BOOST_TEST(data.errors[1].http_status == 503);
    BOOST_TEST(data.errors[1].reason == "attempts");
    BOOST_TEST(data.errors[1].example.assignment_id == "first");
    BOOST_TEST(data.errors[1].example.principal_id == "u");
    BOOST_TEST(data.errors[4].message == "line 8: no");
    BOOST_TEST(data.errors[4].example.assignment_id == "..\\x1b");
    BOOST_REQUIRE_EQUAL(data.not_found.size(), 1U);
    BOOST_TEST(data.not_found[0].assignment_id == "gone");
    BOOST_TEST(data.none.size() == 1U);
    BOOST_TEST(data.skus.empty());
    BOOST_TEST(data.latency.count() == 7U);
}

BOOST_AUTO_TEST_CASE(a_full_table_keeps_the_rows_that_ask_for_attention) {
    memory_audit audit;
    audit.rows.push_back(good_item(1));
    audit.rows.push_back(good_item(2));
    audit.rows.push_back(failed(3, errc::no_allotment, 204, end_reason::permanent));
    audit.rows.push_back(failed(4, errc::not_found, 404, end_reason::permanent));
    audit.rows.push_back(failed(5, errc::timed_out, 0, end_reason::attempts));
    audit.rows.push_back(good_item(6));
    audit.rows.push_back(failed(7, errc::forbidden, 403, end_reason::permanent));
    auto const table = [&](kept_rows_limits limits) {
        auto const data = read_report_data(audit, limits);
        BOOST_TEST(data.table_is_complete == (data.table.size() == 7));
        return table_positions(data);
    };
    auto const per_element = boost::test_tools::per_element();
    BOOST_TEST(table({7, 1'000}) == (std::vector<std::uint64_t>{5, 7, 4, 3, 1, 2, 6}), per_element);
    BOOST_TEST(table({5, 1'000}) == (std::vector<std::uint64_t>{5, 7, 4, 3, 1}), per_element);
    BOOST_TEST(table({2, 1'000}) == (std::vector<std::uint64_t>{5, 7}), per_element);
    BOOST_TEST(table({1, 1'000}) == (std::vector<std::uint64_t>{5}), per_element);
    BOOST_TEST(table({7, 0}).empty());
}

BOOST_AUTO_TEST_CASE(a_table_full_of_text_keeps_the_first_rows) {
    memory_audit audit;
    for (auto const length : {200, 200, 1})
        audit.rows.push_back(good_item(
            audit.rows.size() + 1,
            assignment_ref::admin(std::string(static_cast<std::size_t>(length), 'x'))));
    auto const data = read_report_data(audit, {10, 250});
    BOOST_TEST(table_positions(data) == (std::vector<std::uint64_t>{1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_unfinished_audit_says_how_far_it_is) {
    auto audit = audit_of({pool("1", "E3", 10, 1)});
    audit.at = audit_phase::fetching;
    audit.more_inputs = 9;
    auto const data = read_report_data(audit);
    BOOST_TEST((data.phase == audit_phase::fetching));
    BOOST_TEST(data.inputs == 10U);
    BOOST_TEST(data.rows == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(usage)

BOOST_AUTO_TEST_CASE(status_follows_the_rules_on_the_page) {
    auto const is = [](std::int64_t consumed, std::int64_t allotted, usage_status expected) {
        BOOST_TEST((status_of({allotted, consumed}) == expected), consumed << " of " << allotted);
    };
    is(0, 0, usage_status::empty);
    is(-1, 0, usage_status::empty);
    is(1, 0, usage_status::exhausted);
    is(1, -5, usage_status::exhausted);
    is(10, 10, usage_status::exhausted);
    is(11, 10, usage_status::exhausted);
    is(9, 10, usage_status::nearly);
    is(8, 10, usage_status::in_use);
    is(1, 10, usage_status::in_use);
    is(0, 10, usage_status::hardly);
    is(-3, 10, usage_status::hardly);
    is(0, 9, usage_status::in_use);
    is(99, 1'000, usage_status::hardly);
    is(100, 1'000, usage_status::in_use);
}

BOOST_AUTO_TEST_SUITE_END()
