#include "helpers.hpp"
#include "json/decode.hpp"

#include <utility>

using allot::query;
using allot_test::error_of;

namespace {

// "id ID", "none", or the error.
std::string answer(std::string_view body, query const& options = {}) {
    allot::allotment_decoder decoder;
    auto const decoded = decoder.decode_answer(body, options);
    if (!decoded)
        return error_of(decoded);
    return *decoded ? "id " + (*decoded)->id.value_or("-") : "none";
}

std::string const required = ": expected the required member, found ";

}

BOOST_AUTO_TEST_SUITE(answers)

BOOST_AUTO_TEST_CASE(shapes) {
    std::string const entity = R"({"id":"a","allottedUnits":2,"consumedUnits":1})";
    BOOST_TEST(answer(entity) == "id a");
    BOOST_TEST(answer(" \r\n\t" + entity + "\n") == "id a");
    BOOST_TEST(answer(R"({"value":)" + entity + "}") == "id a");
    BOOST_TEST(answer(R"({"@odata.context":"x","value":)" + entity + R"(,"@odata.count":1})") == "id a");
    BOOST_TEST(answer(R"({"value":[)" + entity + "]}") == "id a");
    BOOST_TEST(answer("null") == "none");
    BOOST_TEST(answer(R"({"value":null})") == "none");
    BOOST_TEST(answer(R"({"@odata.context":"x","value":[]})") == "none");
    BOOST_TEST(
        answer(R"({"value":[)" + entity + "," + entity + "]}") ==
        "at /value: expected at most one allotment, found an array of 2");
    BOOST_TEST(answer(R"({"id":"a","allottedUnits":2,"consumedUnits":1,"value":"x"})") == "id a");
}

BOOST_AUTO_TEST_CASE(other_json_is_no_allotment) {
    std::string const object = "in the document: expected an object, found ";
    BOOST_TEST(answer("{}") == "at /id" + required + "nothing");
    BOOST_TEST(answer("[]") == object + "an array");
    BOOST_TEST(answer("true") == object + "true");
    BOOST_TEST(answer("0") == object + "the number 0");
    BOOST_TEST(answer("\"\"") == object + "the string \"\"");
    BOOST_TEST(answer(R"({"error":{"code":"x"}})") == "at /id" + required + "nothing");
    BOOST_TEST(answer(R"({"value":{}})") == "at /value/id" + required + "nothing");
    BOOST_TEST(answer(R"({"value":[{}]})") == "at /value/0/id" + required + "nothing");
    BOOST_TEST(answer(R"({"value":[null]})") == "at /value/0: expected an object, found null");
    BOOST_TEST(answer(R"({"value":"x"})") == "at /id" + required + "nothing");
    BOOST_TEST(
        answer(R"({"value":{"id":"a","allottedUnits":2,"consumedUnits":1,"services":[1]}})") ==
        "at /value/services/0: expected an object, found the number 1");
}

BOOST_AUTO_TEST_CASE(text_that_is_not_json_is_no_allotment) {
    std::string const json = "in the document: expected JSON, found ";
    BOOST_TEST(answer("") == json + "\"\" (incomplete JSON at byte 0)");
    BOOST_TEST(answer("<html>") == json + "\"<html>\" (syntax error at byte 0)");
    BOOST_TEST(
        answer("<html><head><title>Sign in to your account</title>") ==
        json + "\"<html><head><title>Sign in \"... (syntax error at byte 0)");
    BOOST_TEST(answer("{\"id\":\"a\"") == json + "\"{\\\"id\\\":\\\"a\\\"\" (incomplete JSON at byte 9)");
    BOOST_TEST(answer("null null") == json + "\"null null\" (extra data at byte 5)");
    BOOST_TEST(answer("{'id':1}") == json + "\"{'id':1}\" (syntax error at byte 1)");
    BOOST_TEST(answer("{\"a\":[1,],}") == json + "\"{\\\"a\\\":[1,],}\" (syntax error at byte 8)");
    BOOST_TEST(answer("null // x") == json + "\"null // x\" (extra data at byte 5)");
    BOOST_TEST(answer("\xef\xbb\xbfnull") == json + "\"\\xef\\xbb\\xbfnull\" (syntax error at byte 0)");
}

BOOST_AUTO_TEST_CASE(hostile_json) {
    std::string const json = "in the document: expected JSON, found ";
    auto const nested = [](std::size_t arrays) {
        return R"({"id":"a","allottedUnits":1,"consumedUnits":1,"x":)" + std::string(arrays, '[') +
               std::string(arrays, ']') + '}';
    };
    std::string const begin = "\"{\\\"id\\\":\\\"a\\\",\\\"allottedUni\"... ";
    BOOST_TEST(answer(nested(31)) == "id a");
    BOOST_TEST(answer(nested(32)) == json + begin + "(too deep at byte 81)");
    BOOST_TEST(
        answer("{\"id\":\"\xff\"}") == json + "\"{\\\"id\\\":\\\"\\xff\\\"}\" (syntax error at byte 7)");
    BOOST_TEST(
        answer("{\"id\":\"\xed\xa0\x80\"}") ==
        json + "\"{\\\"id\\\":\\\"\\xed\\xa0\\x80\\\"}\" (syntax error at byte 7)");
    BOOST_TEST(answer(R"(["\ud800"])") == json + R"("[\"\\ud800\"]" (syntax error at byte 8))");
    BOOST_TEST(answer(R"(["\udc00"])") == json + R"("[\"\\udc00\"]" (illegal trailing surrogate at byte 8))");
    BOOST_TEST(answer("[\"a\nb\"]") == json + R"("[\"a\x0ab\"]" (syntax error at byte 3))");
    BOOST_TEST(answer("[1e99999999999]") == json + "\"[1e99999999999]\" (exponent overflow at byte 12)");
    BOOST_TEST(
        answer(R"({"id":"a","allottedUnits":1e400,"consumedUnits":1})") ==
        "at /allottedUnits: expected an integer from -2147483648 to 2147483647, found the number 1e999");
    BOOST_TEST(
        answer(R"({"id":"a","allottedUnits":1,"consumedUnits":2147483648})") ==
        "at /consumedUnits: expected an integer from -2147483648 to 2147483647, found the number 2147483648");
}

BOOST_AUTO_TEST_CASE(required_members_without_select) {
    BOOST_TEST(answer(R"({"allottedUnits":2,"consumedUnits":1})") == "at /id" + required + "nothing");
    BOOST_TEST(answer(R"({"id":null,"allottedUnits":2,"consumedUnits":1})") == "at /id" + required + "null");
    BOOST_TEST(answer(R"({"id":"a","consumedUnits":1})") == "at /allottedUnits" + required + "nothing");
    BOOST_TEST(
        answer(R"({"id":"a","allottedUnits":2,"consumedUnits":null})") ==
        "at /consumedUnits" + required + "null");
    auto const expanded = query().expand("assignments");
    BOOST_TEST(
        answer(R"({"id":"a","assignments":[]})", expanded) == "at /allottedUnits" + required + "nothing");
}

BOOST_AUTO_TEST_CASE(required_members_under_select) {
    auto const id = query().select("id").select("skuId");
    BOOST_TEST(answer(R"({"id":"a"})", id) == "id a");
    BOOST_TEST(answer(R"({"skuId":null})", id) == "at /id" + required + "nothing");
    auto const units = query().select("consumedUnits");
    BOOST_TEST(answer(R"({"consumedUnits":1})", units) == "id -");
    BOOST_TEST(
        answer(R"({"value":{"allottedUnits":1}})", units) ==
        "at /value/consumedUnits" + required + "nothing");
    // Graph takes names in $select in any case.
    BOOST_TEST(
        answer(R"({"id":"a"})", query().select("ALLOTTEDUNITS")) ==
        "at /allottedUnits" + required + "nothing");

    auto const others = query().select("SkuId").select("planet");
    BOOST_TEST(answer(R"({"skuId":null})", others) == "id -");
    BOOST_TEST(answer(R"({"planet":1})", others) == "id -");
    std::string const rule =
        "expected an object with SkuId or another selected member, found an object with none of them";
    BOOST_TEST(answer("{}", others) == "in the document: " + rule);
    BOOST_TEST(answer(R"({"id":"a","skuPartNumber":"x"})", others) == "in the document: " + rule);
    BOOST_TEST(answer(R"({"value":[{"x":1}]})", others) == "at /value/0: " + rule);
    BOOST_TEST(answer(R"({"value":null})", others) == "none");
}

BOOST_AUTO_TEST_CASE(one_decoder_serves_many_answers) {
    allot::allotment_decoder decoder;
    auto const bare = allot_test::fixture("allotment-bare.json");
    auto const first = decoder.decode_answer(bare, {}).value();
    BOOST_TEST(!decoder.decode_answer("<html>", {}));
    BOOST_TEST(!decoder.decode_answer("{\"value\":", {}));
    // Larger than what the decoder keeps buffers for.
    auto const large = bare.substr(0, bare.rfind('}')) + ",\"x\":\"" + std::string(100'000, 'x') + "\"}";
    auto const big = decoder.decode_answer(large, {}).value();
    BOOST_TEST(big->unknown_members.at(0).json.size() == 100'002u);
    auto moved = std::move(decoder);
    auto const again = moved.decode_answer(bare, {}).value();
    BOOST_TEST(bool(first == again));
    BOOST_TEST(first->services->at(3).plan_name.value() == "BPOS_S_TODO_1");
}

BOOST_AUTO_TEST_SUITE_END()
