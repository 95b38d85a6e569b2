#include "helpers.hpp"
#include "json/decode.hpp"

#include <string>

using allot::query;
using allot_test::error_of;

namespace {

// "ids [link]", or the error.
std::string page(std::string_view body, query const& options = {}) {
    auto const decoded = allot::decode_assignment_page(body, options);
    if (!decoded)
        return error_of(decoded);
    std::string out;
    for (auto const& each : decoded->assignments)
        out += each.id.value_or("-") + ' ';
    return out + '[' + decoded->next_link + ']';
}

std::string value_of(std::string_view element) {
    return R"({"value":[)" + std::string(element) + "]}";
}

std::string const required = ": expected the required member, found ";
auto const expanded = query().expand("allotment");

}

BOOST_AUTO_TEST_SUITE(pages)

BOOST_AUTO_TEST_CASE(the_documented_page) {
    auto const decoded = allot::decode_assignment_page(
        allot_test::fixture("assignments-page.json"), query().expand("assignedTo").expand("allotment"));
    BOOST_REQUIRE_MESSAGE(decoded, error_of(decoded));
    BOOST_TEST(
        decoded->next_link.ends_with("&$skiptoken=RFNwdAoAAQAAAAAAAAAAFAAAAI45VMy0CO9Ei1L3Lr1q95UBAAAAAAAA"));
    BOOST_TEST_REQUIRE(decoded->assignments.size() == 3u);
    auto const& first = decoded->assignments[0];
    BOOST_TEST(first.id.value() == "405ee855-dd74-f695-8d7e-be35a6788fe8");
    BOOST_TEST(first.assigned_to->id.value() == "a6c034b8-621b-dee3-6abb-52cbce801fe9");
    BOOST_TEST(first.allotment->value().consumed_units.value() == 84);
    BOOST_TEST(decoded->assignments[2].allotment.has_value());
    BOOST_TEST(!decoded->assignments[2].allotment->has_value());
}

BOOST_AUTO_TEST_CASE(the_link_may_stand_anywhere) {
    BOOST_TEST(page(R"({"@odata.nextLink":"l","value":[{"id":"a"},{"id":"b"}]})") == "a b [l]");
    BOOST_TEST(page(R"({"value":[{"id":"a"}],"@odata.nextLink":"l"})") == "a [l]");
    BOOST_TEST(
        page(R"({"@odata.context":1,"@odata.count":2,"value":[],"@odata.nextLink":"l","x":{}})") == "[l]");
    BOOST_TEST(page(R"({"value":[{"id":"a"}]})") == "a []");
    BOOST_TEST(page(R"({"value":[],"@odata.nextLink":null})") == "[]");
}

BOOST_AUTO_TEST_CASE(other_json_is_no_page) {
    std::string const object = "in the document: expected an object, found ";
    BOOST_TEST(page("null") == object + "null");
    BOOST_TEST(page("[]") == object + "an array");
    BOOST_TEST(page("{}") == "at /value" + required + "nothing");
    BOOST_TEST(page(R"({"error":{"code":"x"}})") == "at /value" + required + "nothing");
    for (auto const* const other : {"null", "{}", "\"x\"", "1", "true"})
        BOOST_TEST(
            page(R"({"value":)" + std::string(other) + "}").starts_with("at /value: expected an array"));
    BOOST_TEST(
        page(R"({"value":[],"@odata.nextLink":1})") ==
        "at /@odata.nextLink: expected a URL, found the number 1");
    BOOST_TEST(
        page(R"({"value":[],"@odata.nextLink":""})") ==
        R"(at /@odata.nextLink: expected a URL, found the string "")");
    BOOST_TEST(page("<html>") == "in the document: expected JSON, found \"<html>\" (syntax error at byte 0)");
    BOOST_TEST(page(R"({"value":[)").find("incomplete JSON at byte 10") != std::string::npos);
    auto const deep = R"({"value":[{"id":"a","x":)" + std::string(30, '[') + std::string(30, ']') + "}]}";
    BOOST_TEST(page(deep).find("too deep") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(each_assignment_has_an_id) {
    std::string const element = "at /value/0: expected an object, found ";
    BOOST_TEST(page(value_of("null")) == element + "null");
    BOOST_TEST(page(value_of("\"a\"")) == element + "the string \"a\"");
    BOOST_TEST(page(value_of("{}")) == "at /value/0/id" + required + "nothing");
    BOOST_TEST(page(value_of(R"({"id":null})")) == "at /value/0/id" + required + "null");
    BOOST_TEST(page(value_of(R"({"id":1})")) == "at /value/0/id: expected a string, found the number 1");
    BOOST_TEST(
        page(value_of(R"({"id":""})")) ==
        R"(at /value/0/id: expected a string that is not empty, found the string "")");
    BOOST_TEST(page(value_of(R"({"id":"a"},{"id":"b"},{"x":1})")) == "at /value/2/id" + required + "nothing");
    BOOST_TEST(
        page(value_of(R"({"id":"a","disabledServicePlanIds":["x"]})")) ==
        R"(at /value/0/disabledServicePlanIds/0: expected a GUID, found the string "x")");
}

BOOST_AUTO_TEST_CASE(ids_are_not_judged_by_their_characters) {
    BOOST_TEST(page(value_of(R"({"id":"../a\n\u0000b"})")) == std::string("../a\n\0b []", 10));
}

BOOST_AUTO_TEST_CASE(unknown_members_are_kept) {
    auto const decoded =
        allot::decode_assignment_page(value_of(R"({"id":"a","@odata.type":"t","x":{"y":[1]}})"), {});
    auto const& kept = decoded.value().assignments.at(0).unknown_members;
    BOOST_TEST_REQUIRE(kept.size() == 1u);
    BOOST_TEST(kept[0].name == "x");
    BOOST_TEST(kept[0].json == R"({"y":[1]})");
}

BOOST_AUTO_TEST_CASE(select_decides_what_is_required) {
    BOOST_TEST(
        page(value_of(R"({"disabledServicePlanIds":[]})"), query().select("disabledServicePlanIds")) ==
        "- []");
    BOOST_TEST(
        page(value_of(R"({"id":""})"), query().select("disabledServicePlanIds")).starts_with("at /value/0"));
    BOOST_TEST(
        page(value_of(R"({"disabledServicePlanIds":[]})"), query().select("ID")) ==
        "at /value/0/id" + required + "nothing");
    BOOST_TEST(
        page(value_of(R"({"x":1})"), query().select("disabledServicePlanIds")) ==
        "at /value/0: expected an object with disabledServicePlanIds or another selected member, found an "
        "object with none of them");
}

BOOST_AUTO_TEST_CASE(an_expanded_allotment_has_its_required_members) {
    auto const with = [](std::string_view allotment, query const& options) {
        return page(value_of(R"({"id":"a","allotment":)" + std::string(allotment) + "}"), options);
    };
    BOOST_TEST(with(R"({"id":"x","allottedUnits":2,"consumedUnits":1})", expanded) == "a []");
    BOOST_TEST(with("null", expanded) == "a []");
    BOOST_TEST(page(value_of(R"({"id":"a"})"), expanded) == "a []");
    BOOST_TEST(with("{}", expanded) == "at /value/0/allotment/id" + required + "nothing");
    BOOST_TEST(
        with(R"({"id":"x","consumedUnits":1})", expanded) ==
        "at /value/0/allotment/allottedUnits" + required + "nothing");
    BOOST_TEST(
        with(R"({"id":"x","allottedUnits":2,"consumedUnits":null})", expanded) ==
        "at /value/0/allotment/consumedUnits" + required + "null");
    BOOST_TEST(with("[]", expanded) == "at /value/0/allotment: expected an object, found an array");
    BOOST_TEST(with(R"({"id":"x","allottedUnits":"2","consumedUnits":1})", expanded)
                   .starts_with("at /value/0/allotment/allottedUnits: expected an integer"));

    auto const nested = query().select("id").expand("allotment($select=id,skuId)");
    BOOST_TEST(with(R"({"id":"x"})", nested) == "a []");
    BOOST_TEST(with(R"({"skuId":null})", nested) == "at /value/0/allotment/id" + required + "nothing");
    auto const others = query().expand("allotment($select=skuId)");
    BOOST_TEST(with(R"({"skuId":null})", others) == "a []");
    BOOST_TEST(
        with(R"({"id":"x"})", others).starts_with("at /value/0/allotment: expected an object with skuId"));
}

BOOST_AUTO_TEST_SUITE_END()
