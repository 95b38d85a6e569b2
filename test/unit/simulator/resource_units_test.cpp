#include "simulator/resource_units.hpp"

#include <boost/test/unit_test.hpp>

namespace allot::simulation {
namespace {

BOOST_AUTO_TEST_SUITE(resource_units_suite)

BOOST_AUTO_TEST_CASE(the_documented_sums) {
    struct {
        std::string_view path, query;
        int units;
    } const cases[] = {
        {"/beta/a/allotment", "", 1},
        {"/beta/a/allotment", "$select=id", 1},
        {"/beta/a/allotment", "$expand=assignments", 2},
        {"/beta/a/allotment", "%24expand=assignments", 2},
        {"/beta/a/allotment", "$expand=assignments&$select=id", 1},
        {"/beta/a/assignments", "$expand=allotment&$top=19", 1},
        {"/beta/a/assignments", "$expand=allotment&$top=20", 2},
        {"/beta/a/assignments", "$expand=allotment&$top=", 2},
        {"/beta/a/assignments", "$expand=allotment&$top", 2},
        {"/beta/a/assignments", "expand=allotment&&=", 1},
    };
    for (auto const& each : cases)
        BOOST_TEST_CONTEXT(each.query)
    BOOST_TEST(units_of(each.path, each.query, {}) == each.units);
}

BOOST_AUTO_TEST_CASE(prices_of_a_script) {
    unit_costs const costs{0, 5, 0, -3, 7, -1, 0};
    BOOST_TEST(units_of("/beta/a/allotment", "", costs) == 0);
    BOOST_TEST(units_of("/beta/a/allotment", "$select=id", costs) == 0);
    BOOST_TEST(units_of("/beta/a/assignments", "", costs) == 5);
    BOOST_TEST(units_of("/beta/a/assignments", "$select=id", costs) == 2);
    BOOST_TEST(units_of("/beta/a/assignments", "$select=id&$expand=allotment", costs) == 9);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
