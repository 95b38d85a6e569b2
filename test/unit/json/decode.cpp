#include "json/decode.hpp"

#include "helpers.hpp"

#include <boost/json/value_to.hpp>
#include <boost/system/system_error.hpp>

using allot_test::decode;
using allot_test::error_of;
using namespace std::chrono_literals;

namespace {

std::string const strings_rule = "expected a string, found ";
std::string const integer_rule = "expected an integer from -2147483648 to 2147483647, found ";
std::string const guid_rule = "expected a GUID, found ";
std::string const names_rule = "expected a list of names, found ";
std::string const date_rule = "expected a date such as 2025-09-30, found ";
std::string const date_time_rule = "expected a date-time such as 2025-09-30T08:00:00Z, found ";

struct row {
    std::string json;
    std::string error;
};

}

BOOST_AUTO_TEST_SUITE(decoding)

BOOST_AUTO_TEST_CASE(wrong_types_and_ranges_of_an_allotment) {
    row const rows[] = {
        {"null", "in the document: expected an object, found null"},
        {"true", "in the document: expected an object, found true"},
        {"[]", "in the document: expected an object, found an array"},
        {"\"x\"", "in the document: expected an object, found the string \"x\""},
        {R"({"id":1})", "at /id: " + strings_rule + "the number 1"},
        {R"({"id":["x"]})", "at /id: " + strings_rule + "an array"},
        {R"({"skuPartNumber":false})", "at /skuPartNumber: " + strings_rule + "false"},
        {R"({"allottedUnits":2147483648})", "at /allottedUnits: " + integer_rule + "the number 2147483648"},
        {R"({"allottedUnits":-2147483649})", "at /allottedUnits: " + integer_rule + "the number -2147483649"},
        {R"({"allottedUnits":18446744073709551615})",
         "at /allottedUnits: " + integer_rule + "the number 18446744073709551615"},
        {R"({"consumedUnits":1.0})", "at /consumedUnits: " + integer_rule + "the number 1.0"},
        {R"({"consumedUnits":1e2})", "at /consumedUnits: " + integer_rule + "the number 100.0"},
        {R"({"consumedUnits":1e400})", "at /consumedUnits: " + integer_rule + "the number 1e999"},
        {R"({"consumedUnits":"1"})", "at /consumedUnits: " + integer_rule + "the string \"1\""},
        {R"({"consumedUnits":{}})", "at /consumedUnits: " + integer_rule + "an object"},
        {R"({"skuId":"abc"})", "at /skuId: " + guid_rule + "the string \"abc\""},
        {R"({"skuId":7})", "at /skuId: " + guid_rule + "the number 7"},
        {R"({"assignableTo":1})", "at /assignableTo: " + names_rule + "the number 1"},
        {R"({"assignableTo":["user"]})", "at /assignableTo: " + names_rule + "an array"},
        {R"({"assignableTo":""})", "at /assignableTo: " + names_rule + "the string \"\""},
        {R"({"assignableTo":"  "})", "at /assignableTo: " + names_rule + "the string \"  \""},
        {R"({"assignableTo":"user,"})", "at /assignableTo: " + names_rule + "the string \"user,\""},
        {R"({"assignableTo":"user,,group"})",
         "at /assignableTo: " + names_rule + "the string \"user,,group\""},
        {R"({"services":{}})", "at /services: expected an array, found an object"},
        {R"({"services":[{},null]})", "at /services/1: expected an object, found null"},
        {R"({"services":[{},{},{"planId":"abc"}]})",
         "at /services/2/planId: " + guid_rule + "the string \"abc\""},
        {R"({"subscriptions":[{"startDate":"2025-02-29"}]})",
         "at /subscriptions/0/startDate: " + date_rule + "the string \"2025-02-29\""},
        {R"({"waitingMembers":[{"waitingSinceDateTime":"2025-02-28"}]})",
         "at /waitingMembers/0/waitingSinceDateTime: " + date_time_rule + "the string \"2025-02-28\""},
        {R"({"assignments":[{"assignedTo":{"@odata.type":1}}]})",
         "at /assignments/0/assignedTo/@odata.type: " + strings_rule + "the number 1"},
        {R"({"assignments":[{"disabledServicePlanIds":["x"]}]})",
         "at /assignments/0/disabledServicePlanIds/0: " + guid_rule + "the string \"x\""},
        {R"({"assignments":[{"allotment":{"assignments":[{"allotment":[]}]}}]})",
         "at /assignments/0/allotment/assignments/0/allotment: expected an object, found an array"},
    };
    for (auto const& row : rows)
        BOOST_TEST(error_of<allot::allotment>(row.json) == row.error);
}

BOOST_AUTO_TEST_CASE(a_found_text_is_cut_and_printable) {
    auto const json = "{\"skuId\":\"\\u001b[31m\\n" + std::string(200, 'x') + "\"}";
    auto const decoded = decode<allot::allotment>(json);
    BOOST_REQUIRE(!decoded);
    BOOST_TEST(decoded.error().path == "/skuId");
    BOOST_TEST(decoded.error().expected == "a GUID");
    BOOST_TEST(decoded.error().found == "the string \"\\x1b[31m\\x0a" + std::string(47, 'x') + "\"...");
}

BOOST_AUTO_TEST_CASE(limits_of_an_integer) {
    auto const decoded =
        decode<allot::allotment>(R"({"allottedUnits":2147483647,"consumedUnits":-2147483648})");
    BOOST_REQUIRE(decoded);
    BOOST_TEST(*decoded->allotted_units == 2147483647);
    BOOST_TEST(*decoded->consumed_units == std::numeric_limits<std::int32_t>::min());
}

BOOST_AUTO_TEST_CASE(absent_and_null_are_the_same) {
    auto const nulls = decode<allot::allotment>(
        R"({"id":null,"allottedUnits":null,"consumedUnits":null,"assignableTo":null,"services":null,"skuId":null,
            "skuPartNumber":null,"subscriptions":null,"assignments":null,"waitingMembers":null})");
    BOOST_REQUIRE(nulls);
    BOOST_TEST(bool(*nulls == decode<allot::allotment>("{}").value()));
    auto const parts = decode<allot::allotment>(
        R"({"services":[{"planName":null}],"subscriptions":[{"startDate":null,"tags":null}]})");
    BOOST_REQUIRE(parts);
    BOOST_TEST(bool(parts->services->at(0) == decode<allot::service>("{}").value()));
    BOOST_TEST(bool(parts->subscriptions->at(0) == decode<allot::subscription>("{}").value()));
    auto const member = decode<allot::waiting_member>(R"({"waitingSinceDateTime":null,"assignedTo":null})");
    BOOST_REQUIRE(member);
    BOOST_TEST(bool(*member == decode<allot::waiting_member>("{}").value()));
}

BOOST_AUTO_TEST_CASE(an_assignment_tells_null_from_absent) {
    auto const absent = decode<allot::assignment>(R"({"id":"a"})");
    BOOST_REQUIRE(absent);
    BOOST_TEST(!absent->allotment);
    auto const none = decode<allot::assignment>(R"({"id":"a","allotment":null})");
    BOOST_REQUIRE(none);
    BOOST_REQUIRE(none->allotment.has_value());
    BOOST_TEST(!none->allotment->has_value());
    auto const some = decode<allot::assignment>(R"({"allotment":{"id":"b"}})");
    BOOST_REQUIRE(some);
    BOOST_TEST(some->allotment->value().id.value() == "b");
    BOOST_TEST(
        error_of<allot::assignment>(R"({"allotment":"b"})") ==
        "at /allotment: expected an object, found the string \"b\"");
}

BOOST_AUTO_TEST_CASE(sets) {
    auto const types = [](std::string const& text) {
        return decode<allot::service>(R"({"assignableTo":")" + text + "\"}").value().assignable_to.value();
    };
    BOOST_TEST(types("none").none());
    BOOST_TEST(types("user").bits == 1);
    BOOST_TEST(types("user,group,device,unknownFutureValue").bits == 15);
    BOOST_TEST(types(" group ,\\tuser").bits == 3);
    BOOST_TEST(types("none,user").bits == 1);
    BOOST_TEST(types("user,user").bits == 1);
    auto const newer = types("user, robot ,Group,8,robot");
    BOOST_TEST(newer.bits == 1);
    BOOST_TEST(
        newer.unknown == (std::vector<std::string>{"robot", "Group", "8"}), boost::test_tools::per_element());

    auto const subscription =
        decode<allot::subscription>(R"({"state":"active, lockedOut","tags":"trial,gift"})");
    BOOST_REQUIRE(subscription);
    BOOST_TEST(subscription->state->has(allot::subscription_state::active));
    BOOST_TEST(subscription->state->has(allot::subscription_state::locked_out));
    BOOST_TEST(!subscription->state->has(allot::subscription_state::deleted));
    BOOST_TEST(subscription->tags->has(allot::subscription_tag::trial));
    BOOST_TEST(
        subscription->tags->unknown == std::vector<std::string>{"gift"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(unknown_members_are_kept_but_control_information) {
    auto const decoded = decode<allot::allotment>(
        R"({"@odata.context":"c","@odata.etag":"e","@microsoft.graph.tips":"t","id":"a","Id":"b","sku_id":1,"":0,
            "assignments@odata.nextLink":"https://x/","externalServiceIdentifier":{"a":[1,-2.50,null,true,"x\ny"],
            "b":{}},"big":18446744073709551616,"huge":1e400,"empty":[]})");
    BOOST_REQUIRE(decoded);
    std::vector<allot::unknown_member> const expected{
        {"Id", R"("b")"},
        {"sku_id", "1"},
        {"", "0"},
        {"assignments@odata.nextLink", R"("https://x/")"},
        {"externalServiceIdentifier", R"({"a":[1,-2.5,null,true,"x\ny"],"b":{}})"},
        {"big", "18446744073709551616"},
        {"huge", "1e999"},
        {"empty", "[]"},
    };
    BOOST_REQUIRE(decoded->unknown_members.size() == expected.size());
    for (std::size_t at = 0; at != expected.size(); ++at) {
        BOOST_TEST(decoded->unknown_members[at].name == expected[at].name);
        BOOST_TEST(decoded->unknown_members[at].json == expected[at].json);
    }
    BOOST_TEST(decoded->id.value() == "a");
    auto const nested = decode<allot::allotment>(R"({"services":[{"@odata.type":"s","planColor":"red"}]})");
    BOOST_REQUIRE(nested);
    BOOST_TEST(nested->unknown_members.empty());
    BOOST_TEST(bool(
        nested->services->at(0).unknown_members ==
        std::vector<allot::unknown_member>{{"planColor", "\"red\""}}));
}

BOOST_AUTO_TEST_CASE(text_stays_as_it_is) {
    auto const decoded =
        decode<allot::allotment>(R"({"id":"","skuPartNumber":"a\u0000\u00e4\ud83d\ude00/"})");
    BOOST_REQUIRE(decoded);
    BOOST_TEST(decoded->id.value() == "");
    BOOST_TEST(decoded->sku_part_number.value() == std::string("a\0\xc3\xa4\xf0\x9f\x98\x80/", 9));
}

BOOST_AUTO_TEST_CASE(through_boost_json) {
    auto const good = boost::json::parse(R"({"id":"a"})");
    auto const bad = boost::json::parse(R"({"id":1})");
    BOOST_TEST(boost::json::value_to<allot::allotment>(good).id.value() == "a");
    BOOST_TEST(boost::json::value_to<allot::assignment>(good).id.value() == "a");
    BOOST_TEST(boost::json::value_to<allot::waiting_member>(good).id.value() == "a");
    BOOST_TEST(boost::json::value_to<allot::directory_object>(good).id.value() == "a");
    BOOST_TEST(boost::json::value_to<allot::service>(good).unknown_members.size() == 1u);
    BOOST_TEST(boost::json::value_to<allot::subscription>(good).unknown_members.size() == 1u);
    boost::json::value const two = {good, good};
    BOOST_TEST(boost::json::value_to<std::vector<allot::allotment>>(two).size() == 2u);

    BOOST_TEST(boost::json::try_value_to<allot::allotment>(good).value().id.value() == "a");
    BOOST_TEST(bool(boost::json::try_value_to<allot::allotment>(bad).error() == allot::errc::bad_body));
    auto const is_the_error = [](boost::system::system_error const& error) {
        return error.code() == allot::errc::bad_body &&
               std::string_view(error.what()).starts_with("at /id: expected a string, found the number 1");
    };
    BOOST_CHECK_EXCEPTION(
        boost::json::value_to<allot::allotment>(bad), boost::system::system_error, is_the_error);
    BOOST_CHECK_EXCEPTION(
        allot::decode<allot::allotment>(bad).value(), boost::system::system_error, is_the_error);
}

BOOST_AUTO_TEST_SUITE_END()
