#include <allot/model.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(model)

BOOST_AUTO_TEST_CASE(a_set_knows_its_members) {
    allot::assignee_types types;
    BOOST_TEST(types.none());
    types.bits = 5;
    BOOST_TEST(types.has(allot::assignee_type::user));
    BOOST_TEST(!types.has(allot::assignee_type::group));
    BOOST_TEST(types.has(allot::assignee_type::device));
    BOOST_TEST(!types.none());
    allot::assignee_types newer;
    newer.unknown = {"robot"};
    BOOST_TEST(!newer.none());
    BOOST_TEST(!(types == newer));
}

BOOST_AUTO_TEST_CASE(equality_sees_every_member_of_an_allotment) {
    allot::allotment const empty;
    BOOST_TEST(bool(empty == allot::allotment()));
    auto const differs = [&empty](auto change) {
        allot::allotment changed;
        change(changed);
        return changed == changed && !(changed == empty);
    };
    BOOST_TEST(differs([](auto& value) { value.id = "a"; }));
    BOOST_TEST(differs([](auto& value) { value.allotted_units = 0; }));
    BOOST_TEST(differs([](auto& value) { value.consumed_units = 0; }));
    BOOST_TEST(differs([](auto& value) { value.assignable_to.emplace(); }));
    BOOST_TEST(differs([](auto& value) { value.services.emplace(); }));
    BOOST_TEST(differs([](auto& value) { value.sku_id = allot::guid{}; }));
    BOOST_TEST(differs([](auto& value) { value.sku_part_number = ""; }));
    BOOST_TEST(differs([](auto& value) { value.subscriptions.emplace(); }));
    BOOST_TEST(differs([](auto& value) { value.assignments.emplace(); }));
    BOOST_TEST(differs([](auto& value) { value.waiting_members.emplace(); }));
    BOOST_TEST(differs([](auto& value) { value.unknown_members.push_back({"a", "1"}); }));
}

BOOST_AUTO_TEST_CASE(equality_tells_no_allotment_from_an_absent_one) {
    allot::assignment absent;
    allot::assignment none;
    none.allotment.emplace();
    allot::assignment some;
    some.allotment.emplace().emplace().id = "a";
    BOOST_TEST(bool(none == none));
    BOOST_TEST(bool(some == some));
    BOOST_TEST(!(absent == none));
    BOOST_TEST(!(none == some));
    allot::allotment nested;
    nested.assignments.emplace().push_back(some);
    allot::allotment other = nested;
    BOOST_TEST(bool(nested == other));
    other.assignments->front().allotment->value().id = "b";
    BOOST_TEST(!(nested == other));
}

BOOST_AUTO_TEST_SUITE_END()
