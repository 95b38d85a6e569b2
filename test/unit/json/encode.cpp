#include "json/encode.hpp"

#include "helpers.hpp"

#include <boost/json/parse.hpp>

using allot_test::decode;

namespace {

template <class T>
std::string json(T const& value) {
    std::string out;
    allot::append_json(out, value);
    return out;
}

std::string json_string(std::string_view text) {
    std::string out;
    allot::append_json_string(out, text);
    return out;
}

// Every member of every type, names newer than the library, members it does not know.
std::string const full =
    R"({"id":"a","allottedUnits":250,"consumedUnits":-1,"assignableTo":"user,group,device,robot",)"
    R"("services":[{"assignableTo":"none","planId":"9aaf7827-d63c-4b61-89c3-182f06f82e5c","planName":"P \"1\""},{}],)"
    R"("skuId":"4b9405b0-7788-4568-add1-99614e613b69","skuPartNumber":"EXCHANGE",)"
    R"("subscriptions":[{"subscriptionId":"s","startDate":"2025-07-18","nextLifecycleDate":"0001-01-01",)"
    R"("state":"active,lockedOut","tags":"trial"}],)"
    R"("assignments":[{"id":"b","disabledServicePlanIds":["5e62787c-c316-451f-b873-1d05acd4d12c"],)"
    R"("assignedTo":{"@odata.type":"#microsoft.graph.user","id":"u","displayName":"Ann"},)"
    R"("allotment":{"id":"c","services":[]}},{"allotment":null},{"disabledServicePlanIds":[]}],)"
    R"("waitingMembers":[{"id":"w","waitingSinceDateTime":"2024-11-22T17:11:10.6635939Z",)"
    R"("assignedTo":{"@odata.type":"microsoft.graph.device"},"x@odata.count":3}],)"
    R"("externalServiceIdentifier":{"a":[1,-2.5,null,true],"b\n":"\u0000"},"more":1.0})";

}

BOOST_AUTO_TEST_SUITE(encoding)

BOOST_AUTO_TEST_CASE(decode_and_encode_are_inverse) {
    auto const decoded = decode<allot::allotment>(full);
    BOOST_REQUIRE(decoded);
    BOOST_TEST(json(*decoded) == full);
    BOOST_TEST(bool(decode<allot::allotment>(json(*decoded)).value() == *decoded));
}

BOOST_AUTO_TEST_CASE(every_fixture_goes_round) {
    for (auto const* const name : {"allotment-bare.json", "allotment-expanded.json"}) {
        auto const decoded = decode<allot::allotment>(allot_test::fixture(name));
        BOOST_REQUIRE(decoded);
        BOOST_TEST(bool(decode<allot::allotment>(json(*decoded)).value() == *decoded), name);
    }
    auto const page = boost::json::parse(allot_test::fixture("assignments-page.json"));
    for (auto const& entry : page.at("value").as_array()) {
        auto const decoded = allot::decode<allot::assignment>(entry);
        BOOST_REQUIRE(decoded);
        BOOST_TEST(bool(decode<allot::assignment>(json(*decoded)).value() == *decoded));
    }
}

BOOST_AUTO_TEST_CASE(little_is_written_for_little) {
    BOOST_TEST(json(allot::allotment()) == "{}");
    BOOST_TEST(json(allot::assignment()) == "{}");
    allot::assignment none;
    none.allotment.emplace();
    BOOST_TEST(json(none) == R"({"allotment":null})");
    allot::allotment unknown_only;
    unknown_only.unknown_members = {{"a\"b", "[1]"}, {"c", "null"}};
    BOOST_TEST(json(unknown_only) == R"({"a\"b":[1],"c":null})");
    allot::allotment last_only;
    last_only.waiting_members.emplace();
    BOOST_TEST(json(last_only) == R"({"waitingMembers":[]})");
    std::string out = "[";
    allot::append_json(out, allot::allotment());
    BOOST_TEST(out == "[{}");
}

BOOST_AUTO_TEST_CASE(sets_are_comma_text) {
    auto const text = [](std::uint8_t bits, std::vector<std::string> unknown) {
        allot::allotment value;
        value.assignable_to = allot::assignee_types{bits, std::move(unknown)};
        return json(value);
    };
    BOOST_TEST(text(0, {}) == R"({"assignableTo":"none"})");
    BOOST_TEST(text(15, {}) == R"({"assignableTo":"user,group,device,unknownFutureValue"})");
    BOOST_TEST(text(2, {"x\"y", "z"}) == R"({"assignableTo":"group,x\"y,z"})");
    BOOST_TEST(text(0, {"z"}) == R"({"assignableTo":"z"})");
}

BOOST_AUTO_TEST_CASE(strings) {
    BOOST_TEST(json_string("") == R"("")");
    BOOST_TEST(json_string("plain /'<>&~") == R"("plain /'<>&~")");
    BOOST_TEST(json_string("\"\\") == R"("\"\\")");
    BOOST_TEST(json_string("\b\f\n\r\t") == R"("\b\f\n\r\t")");
    BOOST_TEST(
        json_string(std::string_view("\0\x01\x1b\x1f\x7f", 5)) == R"("\u0000\u0001\u001b\u001f\u007f")");
    BOOST_TEST(json_string("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0") == "\"\\u0080\\u009b\\u009f\xc2\xa0\"");
    BOOST_TEST(
        json_string("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80") ==
        "\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\"");
}

// Unicode 15 section 3.9, tables 3-8 to 3-11, and the edges of each row of table 3-7.
BOOST_AUTO_TEST_CASE(ill_formed_utf8_is_replaced_by_maximal_subparts) {
    std::string const replaced = "\xef\xbf\xbd";
    auto const times = [&replaced](int count) {
        std::string out = "\"";
        for (int written = 0; written != count; ++written)
            out += replaced;
        return out + '"';
    };
    BOOST_TEST(json_string("\xc0\xaf\xe0\x80\xbf\xf0\x81\x82") == times(8));
    BOOST_TEST(json_string("\xed\xa0\x80\xed\xbf\xbf\xed\xaf") == times(8));
    BOOST_TEST(json_string("\xf4\x91\x92\x93\xff\x80\xbf") == times(7));
    BOOST_TEST(json_string("\xe1\x80\xe2\xf0\x91\x92\xf1\xbf") == times(4));
    BOOST_TEST(json_string("\x80") == times(1));
    BOOST_TEST(json_string("\xc2") == times(1));
    BOOST_TEST(json_string("\xf5\x80\x80\x80") == times(4));
    BOOST_TEST(json_string("a\xe2\x82z") == "\"a" + replaced + "z\"");
    BOOST_TEST(json_string("\xe2\x82\"") == "\"" + replaced + "\\\"\"");
    for (std::string const good :
         {"\xdf\xbf", "\xe0\xa0\x80", "\xec\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
          "\xf0\x90\x80\x80", "\xf3\xbf\xbf\xbf", "\xf4\x8f\xbf\xbf"})
        BOOST_TEST(json_string(good) == '"' + good + '"');
}

BOOST_AUTO_TEST_CASE(any_two_bytes_give_valid_json) {
    for (int first = 0; first != 256; ++first) {
        std::string document = "[\"\"";
        for (int second = 0; second != 256; ++second) {
            document += ',';
            allot::append_json_string(
                document, std::string{static_cast<char>(first), static_cast<char>(second)});
        }
        document += ']';
        boost::json::error_code error;
        boost::json::parse(document, error);
        BOOST_TEST(!error, "with the first byte " << first);
    }
}

BOOST_AUTO_TEST_SUITE_END()
