#include "simulator/odata.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

namespace allot::simulation {
namespace {

selection good(std::string_view query) {
    auto parsed = parse_query(query, allotment_type);
    BOOST_TEST_REQUIRE(std::holds_alternative<selection>(parsed));
    return std::get<selection>(parsed);
}

BOOST_AUTO_TEST_SUITE(odata_suite)

BOOST_AUTO_TEST_CASE(without_options_everything_is_selected) {
    BOOST_TEST(good("").members == every_member);
    BOOST_TEST(good("").expansions.empty());
    BOOST_TEST(good("mine=1&also=").members == every_member);
}

BOOST_AUTO_TEST_CASE(select_names_members) {
    BOOST_TEST(good("$select=id").members == 1);
    BOOST_TEST(good("$select=id,consumedUnits").members == 0b1001);
    BOOST_TEST(good("%24select=id%2C%20subscriptions").members == 0b1000'0001);
}

BOOST_AUTO_TEST_CASE(expand_with_nested_select) {
    auto const made = good("$expand=assignments($select=id),waitingMembers&$select=id");
    BOOST_TEST(made.members == 1);
    BOOST_TEST_REQUIRE(made.expansions.size() == 2u);
    BOOST_TEST(made.expansions[0].navigation == 0u);
    BOOST_TEST(made.expansions[0].members == 1);
    BOOST_TEST(made.expansions[1].navigation == 1u);
    BOOST_TEST(made.expansions[1].members == every_member);
    BOOST_TEST(good("$expand=assignments($select=id,disabledServicePlanIds)").expansions[0].members == 3);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_there) {
    std::pair<std::string_view, std::string_view> const cases[] = {
        {"$select=foo", "'foo' on type 'microsoft.graph.cloudLicensing.allotment'"},
        {"$select=ID", "'ID'"},
        {"$select=", "'$select' is empty"},
        {"$select=id,,id", "''"},
        {"$expand=allotment", "navigation property named 'allotment'"},
        {"$expand=", "'$expand' is empty"},
        {"$expand=assignments($select=foo)", "'foo' on type 'microsoft.graph.cloudLicensing.assignment'"},
        {"$expand=assignments($top=1)", "'$top=1' is not supported"},
        {"$expand=assignments(", "not well formed"},
        {"$expand=assignments()", "not well formed"},
        {"$filter=1", "'$filter' is not supported"},
        {"$skiptoken=1", "'$skiptoken' is not supported"},
        {"$top=1", "'$top' is not supported"},
        {"$select=id&$select=id", "given twice"},
        {"$expand=assignments&$expand=assignments", "given twice"},
        {"$expand=assignments,waitingMembers,assignments($select=id)", "'assignments' is expanded twice"},
        {"$select=%zz", "percent-encoding"},
    };
    for (auto const& [query, expected] : cases) {
        BOOST_TEST_CONTEXT(query) {
            auto const parsed = parse_query(query, allotment_type);
            auto const* problem = std::get_if<query_problem>(&parsed);
            BOOST_TEST_REQUIRE(problem != nullptr);
            BOOST_TEST(problem->message.find(expected) != std::string::npos, problem->message);
        }
    }
}

BOOST_AUTO_TEST_CASE(paging_where_pages_are) {
    auto const page =
        std::get<selection>(parse_query("$top=999&$skiptoken=200e", assignment_type, paging::pages));
    BOOST_TEST(page.top == 999u);
    BOOST_TEST(page.skip == 200u);
    BOOST_TEST(page.empty);
    BOOST_TEST(!std::get<selection>(parse_query("$skiptoken=7", assignment_type, paging::pages)).empty);
    for (std::string_view const query :
         {"$skiptoken=2x", "$skiptoken=", "$skiptoken=e", "$skiptoken=-1", "$top=0", "$top=1000",
          "$top=", "$top=1x", "$top=-1"}) {
        auto const parsed = parse_query(query, assignment_type, paging::pages);
        BOOST_TEST(std::holds_alternative<query_problem>(parsed), query);
    }
}

BOOST_AUTO_TEST_CASE(the_next_query_keeps_the_other_options) {
    BOOST_TEST(next_query("", 100) == "$skiptoken=100");
    BOOST_TEST(
        next_query("$top=3&$expand=allotment($select=id;$expand=x),assignedTo&a=%41", 3) ==
        "$top=3&$expand=allotment($select=id;$expand=x),assignedTo&a=%41&$skiptoken=3");
    BOOST_TEST(next_query("$skiptoken=3&$top=3", 6, true) == "$top=3&$skiptoken=6e");
    BOOST_TEST(next_query("%24skiptoken=3e&$top=3", 3) == "$top=3&$skiptoken=3");
}

BOOST_AUTO_TEST_SUITE_END()

}
}
