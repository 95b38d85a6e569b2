#include "model/expansion.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace {

std::string within(std::string_view expanded, std::string_view navigation = "allotment") {
    auto const options = allot::query().select("x").expand("other($select=y)").expand(expanded);
    BOOST_TEST_REQUIRE(!options.problem());
    auto const nested = allot::selected_within(options, navigation);
    std::string out;
    for (auto const& member : nested.selected())
        out += (out.empty() ? "" : "|") + member;
    return out;
}

}

BOOST_AUTO_TEST_SUITE(expansions)

BOOST_AUTO_TEST_CASE(all_of_it_is_expanded) {
    for (std::string_view const expanded :
         {"allotment", "allotment($expand=assignments)", "allotments($select=id)", "assignedTo($select=id)",
          "allotment($filter=$select eq 'a')", "allotment($expand=assignments($select=id))",
          "allotment($filter=a eq ';$select=id')"})
        BOOST_TEST(within(expanded) == "", expanded);
    BOOST_TEST(allot::selected_within({}, "allotment").selected().empty());
}

BOOST_AUTO_TEST_CASE(nested_select) {
    BOOST_TEST(within("allotment($select=id)") == "id");
    BOOST_TEST(within("allotment($select=id,skuId)") == "id|skuId");
    BOOST_TEST(within("Allotment( $Select = id , skuId )") == "id|skuId");
    BOOST_TEST(within("allotment(select=id)") == "id");
    BOOST_TEST(
        within("allotment($filter=a in ('x;y','z)');$select=id;$expand=assignments($select=q))") == "id");
    BOOST_TEST(within("allotment($expand=assignments($select=q,r);$select=id)") == "id");
    BOOST_TEST(within("assignedTo($select=id)", "assignedTo") == "id");
}

BOOST_AUTO_TEST_SUITE_END()
