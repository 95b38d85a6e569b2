#include "json/direct_parser.hpp"

#include "helpers.hpp"
#include "json/answer_tree.hpp"
#include "json/document_parser.hpp"

#include <array>
#include <string>
#include <vector>

using allot::allotment;
using allot::query;

namespace {

constexpr std::string_view usual = R"({"id":"a","allottedUnits":2,"consumedUnits":1})";

/// Whether it was parsed; then the tree must say the same.
bool parsed(std::string_view body, query const& options = {}) {
    static allot::direct_parser parser;
    std::optional<allotment> direct;
    if (!parser.parse_answer(body, options, direct))
        return false;
    auto const document = allot::document_parser().parse(body);
    BOOST_REQUIRE_MESSAGE(document, "no document: " << body);
    auto const from_tree = allot::allotment_in(*document, options);
    BOOST_REQUIRE_MESSAGE(from_tree, body << ": " << to_string(from_tree.error()));
    BOOST_TEST((*from_tree == direct), body);
    return true;
}

struct member {
    std::string_view name;
    std::vector<std::string_view> good;
};

std::array<member, 10> const members{{
    {"id", {R"("x")", R"("\u0041\n")", R"("")"}},
    {"allottedUnits", {"250", "-1", "2147483647"}},
    {"consumedUnits", {"0"}},
    {"assignableTo", {R"("user,group")", R"("none")", R"("user, robot")"}},
    {"services",
     {"[]", R"([{"assignableTo":"user","planId":"9aaf7827-d63c-4b61-89c3-182f06f82e5c","planName":"P"},{}])",
      R"([{"@odata.type":"t","planName":null}])"}},
    {"skuId", {R"("4B9405B0-7788-4568-add1-99614e613b69")"}},
    {"skuPartNumber", {R"("EXCHANGESTANDARD")"}},
    {"subscriptions",
     {R"([{"subscriptionId":"s","startDate":"2024-11-22T17:11:10Z","nextLifecycleDate":"2025-09-30","state":"active","tags":"trial"}])"}},
    {"assignments",
     {R"([{"id":"b","disabledServicePlanIds":["9aaf7827-d63c-4b61-89c3-182f06f82e5c"],"assignedTo":{"@odata.type":"#user","id":"u"},"allotment":null}])",
      R"([{"id":"b","allotment":{"id":"c","allottedUnits":1,"consumedUnits":1}}])"}},
    {"waitingMembers",
     {R"([{"id":"w","waitingSinceDateTime":"2024-11-22T17:11:10.66+01:00","assignedTo":null}])"}},
}};

std::vector<std::string> const wrong{
    "true", "1.5", "9007199254740993", "18446744073709551615", R"("no")",   "[]",
    "{}",   "[1]", "[null]",           R"([{"x":1}])",         R"(["no"])", R"("2024-13-01")"};

std::string object_of(std::vector<std::string> const& parts) {
    std::string out = "{";
    for (auto const& each : parts)
        out += (out.size() == 1 ? "" : ",") + each;
    return out + "}";
}

std::string pair(std::string_view name, std::string_view value) {
    return '"' + std::string(name) + "\":" + std::string(value);
}

}

BOOST_AUTO_TEST_SUITE(direct_parsing)

BOOST_AUTO_TEST_CASE(documented_answers_need_no_tree) {
    BOOST_TEST(parsed(allot_test::fixture("allotment-bare.json")));
    BOOST_TEST(parsed(allot_test::fixture("allotment-expanded.json")));
    BOOST_TEST(parsed(allot_test::fixture("allotment-for-assignment.json")));
    BOOST_TEST(parsed(usual));
    BOOST_TEST(parsed(R"({"value":null})"));
    BOOST_TEST(parsed(R"({"@odata.context":"c","value":)" + std::string(usual) + "}"));
    BOOST_TEST(parsed(R"({"value":)" + std::string(usual) + R"(,"@odata.context":"c"})"));
}

BOOST_AUTO_TEST_CASE(the_unusual_is_left_to_the_tree) {
    auto const with = [](std::string const& more) {
        return std::string(usual.substr(0, usual.size() - 1)) + "," + more + "}";
    };
    BOOST_TEST(parsed(with(R"("skuPartNumber":"x")")));
    std::vector<std::string> const unusual{
        with(R"("unknown":1)"),
        with(R"("id":"b")"),
        with(R"("sku\u0049d":null)"),
        with(R"("value":1)"),
        with(R"("@odata.context":1)"),
        with(R"("@odata.type":"a","@odata.type":"a")"),
        with(R"("@odata.etag":"a")"),
        with(R"("services":[{"planName":"a","planName":"a"}])"),
        R"({"value":[)" + std::string(usual) + "]}",
        R"({"value":)" + std::string(usual) + R"(,"id":"b"})",
        R"({"value":null,"value":null})",
        std::string("null"),
        std::string("[]"),
        std::string("{}"),
        std::string(R"({"id":"a","allottedUnits":2})"),
        std::string(usual) + "x",
        std::string(),
        std::string("{"),
        std::string(R"({"id":null,"allottedUnits":2,"consumedUnits":1})"),
        std::string(R"({"id":"a","allottedUnits":2147483648,"consumedUnits":1})")};
    for (auto const& body : unusual)
        BOOST_TEST(!parsed(body), body);
}

BOOST_AUTO_TEST_CASE(nesting_is_left_to_the_tree_beyond_its_levels) {
    std::string body(usual);
    for (int deep = 0; deep != 9; ++deep) {
        BOOST_TEST(parsed(body) == (deep <= 4), deep);
        body = std::string(usual.substr(0, usual.size() - 1)) + R"(,"assignments":[{"id":"b","allotment":)" +
               body + "}]}";
    }
}

BOOST_AUTO_TEST_CASE(both_ways_agree_whatever_comes) {
    for (auto const& first : members) {
        for (auto const& second : members) {
            if (first.name == second.name)
                continue;
            std::vector<std::string> rest;
            for (auto const& each : members)
                if (each.name != first.name && each.name != second.name)
                    rest.push_back(pair(each.name, each.good.front()));
            auto values = wrong;
            values.insert(values.end(), first.good.begin(), first.good.end());
            values.emplace_back("null");
            for (auto const& value : values) {
                for (auto const& other : second.good) {
                    auto parts = rest;
                    parts.insert(parts.begin(), pair(first.name, value));
                    parts.push_back(pair(second.name, other));
                    parsed(object_of(parts));
                    parsed(R"({"value":)" + object_of(parts) + "}");
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(selected_members_are_required) {
    BOOST_TEST(parsed(R"({"id":"a"})", query().select("id").select("skuId")));
    BOOST_TEST(parsed(R"({"ID":1})", query().select("ID")) == false);
    BOOST_TEST(parsed(R"({"id":"a"})", query().select("consumedUnits")) == false);
    BOOST_TEST(parsed(R"({"skuId":null})", query().select("skuId")) == false);
}

BOOST_AUTO_TEST_SUITE_END()
