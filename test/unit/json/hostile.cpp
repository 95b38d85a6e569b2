#include "helpers.hpp"
#include "json/decode.hpp"
#include "json/doubled_name.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

using allot::query;
using allot_test::error_of;
using namespace std::string_literals;

namespace {

std::string repeated(std::size_t count, std::string_view piece) {
    std::string out;
    for (; count != 0; --count)
        out += piece;
    return out;
}

// The text as an allotment, or as what else an answer may be: of all, one and the same thing is wrong.
struct kind {
    char const* name;
    std::string (*document)(std::string const& members);
    std::string (*outcome)(std::string_view body); ///< "decoded" or the error
};

std::string const required = R"("id":"a","allottedUnits":2,"consumedUnits":1)";

std::string outcome_of_answer(std::string_view body) {
    allot::allotment_decoder decoder;
    auto const found = decoder.decode_answer(body, {});
    return found ? *found ? "decoded" : "nothing" : to_string(found.error());
}

std::string outcome_of_page(std::string_view body) {
    return error_of(allot::decode_assignment_page(body, query().expand("allotment")));
}

std::string outcome_of_error(std::string_view body) {
    return allot::decode_graph_error(body) ? "decoded" : "no error body";
}

kind const kinds[] = {
    {"bare allotment", [](std::string const& members) { return '{' + required + members + '}'; },
     outcome_of_answer},
    {"allotment", [](std::string const& members) { return R"({"value":{)" + required + members + "}}"; },
     outcome_of_answer},
    {"page", [](std::string const& members) { return R"({"value":[{"id":"a"},{"id":"b")" + members + "}]}"; },
     outcome_of_page},
    {"expanded allotment",
     [](std::string const& members) {
         return R"({"value":[{"id":"a","allotment":{)" + required + members + "}}]}";
     },
     outcome_of_page},
    {"error", [](std::string const& members) { return R"({"error":{"code":"a")" + members + "}}"; },
     outcome_of_error},
};

// Whether every kind refuses it with such an error; one that is too long for a log is none.
void check_refused(std::string const& members, std::string_view why) {
    for (auto const& each : kinds) {
        BOOST_TEST_CONTEXT(each.name << ": " << members.substr(0, 100)) {
            BOOST_TEST(each.outcome(each.document("")) == "decoded");
            auto const outcome = each.outcome(each.document(members));
            BOOST_TEST(outcome != "decoded");
            if (each.outcome != outcome_of_error)
                BOOST_TEST(outcome.find(why) != std::string::npos, outcome);
            BOOST_TEST(outcome.size() < 400u);
        }
    }
}

void check_decoded(std::string const& members) {
    for (auto const& each : kinds)
        BOOST_TEST(
            each.outcome(each.document(members)) == "decoded", each.name << ": " << members.substr(0, 100));
}

// Bodies that are no document at all.
void check_no_document(std::string_view body, std::string_view why) {
    for (auto const outcome : {outcome_of_answer, outcome_of_page}) {
        auto const got = outcome(body);
        BOOST_TEST(got.find(why) != std::string::npos, body.substr(0, 100) << ": " << got);
        BOOST_TEST(got.size() < 400u);
    }
    BOOST_TEST(outcome_of_error(body) == "no error body");
    BOOST_TEST(!allot::decode_token_answer(body));
    BOOST_TEST(!allot::decode_token_error(body));
}

}

BOOST_AUTO_TEST_SUITE(hostile)

BOOST_AUTO_TEST_CASE(a_name_twice) {
    std::string const twice = "expected objects with each name once, found the name ";
    check_refused(R"(,"x":1,"x":1)", twice + "\"x\" twice");
    check_refused(R"(,"x":1,"y":2,"\u0078":3)", twice + "\"x\" twice");
    check_refused(R"(,"x":[[],{"y":{"z":null,"z":null}}])", twice + "\"z\" twice");
    check_refused(R"(,"":0,"":0)", twice + "\"\" twice");
    check_refused(R"(,"x":{"a":1,"a":{"b":1,"b":2}})", twice + "\"a\" twice");
    check_refused(R"(,"\u0000\u001b":1,"\u0000\u001b":1)", twice + R"("\x00\x1b" twice)");
    // Objects this large are found by a table of hashes.
    std::string many;
    for (int i = 0; i != 1000; ++i)
        many += ",\"n" + std::to_string(i) + "\":" + std::to_string(i);
    check_decoded(many);
    check_refused(many + R"(,"n500":0)", twice + "\"n500\" twice");
    auto const long_name = ",\"" + std::string(100'000, 'n') + "\":1";
    check_refused(long_name + long_name, twice + "\"nnn");
    check_decoded(R"(,"x":{"x":{"x":[{"x":1},{"x":1}]}})");
}

BOOST_AUTO_TEST_CASE(a_known_name_twice) {
    std::string const twice = "expected objects with each name once, found the name ";
    BOOST_TEST(
        outcome_of_answer('{' + required + R"(,"id":"b"})") == "in the document: " + twice + "\"id\" twice");
    BOOST_TEST(
        outcome_of_answer(R"({"value":null,"value":{)" + required + "}}") ==
        "in the document: " + twice + "\"value\" twice");
    BOOST_TEST(
        outcome_of_page(R"({"value":[],"@odata.nextLink":"a","@odata.nextLink":"b"})") ==
        "in the document: " + twice + "\"@odata.nextLink\" twice");
    BOOST_TEST(
        outcome_of_page(R"({"value":[{"id":"a","id":"a"}]})").find("\"id\" twice") != std::string::npos);
    BOOST_TEST(outcome_of_error(R"({"error":{"code":"a"},"error":{"code":"b"}})") == "no error body");
    BOOST_TEST(
        error_of(allot::decode_token_answer(R"({"access_token":"secret","access_token":"other"})")) ==
        "in the document: expected objects with each name once, found a name twice");
    BOOST_TEST(!allot::decode_token_error(R"({"error":"a","error":"b"})"));
}

BOOST_AUTO_TEST_CASE(nested_too_deep) {
    // Arrays around the innermost one; the answer itself is an object, or several in one another.
    auto const nested = [](std::size_t depth) {
        return ",\"x\":" + std::string(depth, '[') + std::string(depth, ']');
    };
    check_decoded(nested(28));
    check_refused(nested(32), "too deep");
    check_refused(nested(100'000), "too deep");
    check_refused(",\"x\":" + repeated(100'000, R"({"a":)"), "too deep");
    check_refused(",\"x\":" + std::string(500'000, '['), "too deep");
    BOOST_TEST(outcome_of_answer('{' + required + nested(31) + '}') == "decoded");
    check_no_document(std::string(1'000'000, '['), "too deep");
    check_no_document(repeated(100'000, R"({"value":)"), "too deep");
}

BOOST_AUTO_TEST_CASE(wide_unknown_members) {
    check_decoded(",\"x\":[" + repeated(20'000, "[],") + "{}]");
    check_decoded(",\"x\":[" + repeated(50'000, "0,") + "0]");
    check_decoded(",\"x\":[" + repeated(1'000, std::string(20, '[') + std::string(20, ']') + ',') + "0]");
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf_8) {
    std::string const bad[] = {
        "\xff",
        "\xc0\x80",
        "\xc1\xbf",
        "\xe0\x80\x80",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\x80",
        "\xc3",
        "\xe2\x82",
        "\xf0\x9f\x98",
        "\xc3(",
        "\xe2(\xa1"};
    for (auto const& bytes : bad) {
        check_refused(",\"x\":\"" + bytes + '"', "expected JSON");
        check_refused(",\"" + bytes + "\":1", "expected JSON");
        check_refused(
            ",\"x\":\"" + std::string(5000, 'a') + bytes + std::string(5000, 'a') + '"', "expected JSON");
    }
    check_decoded(",\"x\":\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\xef\xbf\xbf\"");
}

BOOST_AUTO_TEST_CASE(lone_surrogates) {
    for (auto const* const escape :
         {R"(\ud800)", R"(\udbff)", R"(\udc00)", R"(\udfff)", R"(\ud800x)", R"(\ud800\n)", R"(\ud800\ud800)",
          R"(\ud800A)", R"(\udc00\ud800)"}) {
        check_refused(",\"x\":\"" + std::string(escape) + '"', "expected JSON");
        check_refused(",\"" + std::string(escape) + "\":1", "expected JSON");
    }
    check_decoded(R"(,"x":"\ud83d\ude00\uD800\uDC00\uffff")");
}

BOOST_AUTO_TEST_CASE(numbers) {
    check_decoded(R"(,"x":[1e400,-1e400,1e-400,123456789012345678901234567890])");
    check_refused(R"(,"x":1e99999999999)", "exponent overflow");
    check_decoded(",\"x\":1" + std::string(100'000, '0'));
    check_decoded(",\"x\":0." + std::string(100'000, '0') + "1");
    for (auto const* const number :
         {"01", "+1", "-", "1.", ".5", "1e", "1e+", "0x1", "NaN", "Infinity", "-Infinity", "1_000", "--1"})
        check_refused(",\"x\":" + std::string(number), "expected JSON");

    std::string const rule = "expected an integer from -2147483648 to 2147483647, found the number ";
    auto const units = [](std::string const& number) {
        return outcome_of_answer(R"({"id":"a","allottedUnits":1,"consumedUnits":)" + number + "}");
    };
    for (auto const& [number, found] : std::vector<std::array<std::string, 2>>{
             {"2147483648", "2147483648"},
             {"-2147483649", "-2147483649"},
             {"4294967297", "4294967297"}, // 1 in 32 bits
             {"9223372036854775808", "9223372036854775808"},
             {"18446744073709551617", "18446744073709551616.0"},
             {"1e400", "1e999"},
             {"-1e400", "-1e999"},
             {"1e9", "1000000000.0"},
             {"1.0", "1.0"},
             {"-0.0", "-0.0"},
             {"1" + std::string(100'000, '0'), "1e999"}})
        BOOST_TEST(units(number).starts_with("at /consumedUnits: " + rule), units(number) << " " << found);
    BOOST_TEST(units("2147483647") == "decoded");
    BOOST_TEST(units("-2147483648") == "decoded");
    BOOST_TEST(units("-0") == "decoded");
}

BOOST_AUTO_TEST_CASE(strings_of_a_mebibyte) {
    constexpr std::size_t mebibyte = 1024 * 1024;
    std::string const text(mebibyte, 'x');
    check_decoded(",\"x\":\"" + text + '"');
    check_decoded(",\"" + text + "\":1");
    auto const in_skus = outcome_of_answer('{' + required + ",\"skuId\":\"" + text + "\"}");
    BOOST_TEST(in_skus.starts_with("at /skuId: expected a GUID, found the string \"xxx"));
    BOOST_TEST(in_skus.size() < 120u);
    BOOST_TEST(
        outcome_of_answer(R"({"id":")" + text + R"(","allottedUnits":2,"consumedUnits":1})") == "decoded");
    auto const said = allot::decode_graph_error(R"({"error":{"code":"a","message":")" + text + "\"}}");
    BOOST_TEST(said.value().message.size() == mebibyte);
    check_refused(",\"x\":\"" + repeated(mebibyte / 6, R"(\u0041)") + "\\q\"", "expected JSON");
    check_no_document('"' + text, "incomplete");
}

BOOST_AUTO_TEST_CASE(a_list_of_a_mebibyte_of_names) {
    std::string names = "user";
    for (int i = 0; i != 150'000; ++i)
        names += ",n" + std::to_string(i);
    auto const with = [](std::string const& list) {
        return outcome_of_answer('{' + required + ",\"assignableTo\":\"" + list + "\"}");
    };
    BOOST_TEST(with(names).starts_with(
        "at /assignableTo: expected a list of at most 64 names that are not documented, "
        "found the string \"user,n0,n1"));
    BOOST_TEST(with("user" + repeated(200'000, ",user")) == "decoded");
    BOOST_TEST(with("x" + repeated(200'000, ",x")) == "decoded");
    std::string few = "none";
    for (int i = 0; i != 64; ++i)
        few += ",n" + std::to_string(i);
    BOOST_TEST(with(few) == "decoded");
    BOOST_TEST(with(few + ",m") != "decoded");
}

BOOST_AUTO_TEST_CASE(nul_and_other_controls) {
    check_refused(",\"x\":\"a\0b\""s, "expected JSON");
    check_refused(",\"x\0\":1"s, "expected JSON");
    check_refused("\0"s, "expected JSON");
    check_refused(
        ",\"x\":\0"
        "1"s,
        "expected JSON");
    check_refused(",\"x\":\"\n\"", "expected JSON");
    check_refused(",\"x\":\"\x1f\"", "expected JSON");
    check_decoded(R"(,"x":"\u0000","\u0000":1)");
    check_decoded(",\"x\":\"\x7f\"");
}

BOOST_AUTO_TEST_CASE(what_stands_before_and_behind) {
    for (auto const& each : kinds) {
        auto const body = each.document("");
        for (auto const& wrong :
             {"\xef\xbb\xbf" + body, body + 'x', body + body, body + ",", body + "\0"s, body + "null",
              "\0"s + body, ")]}'\n" + body, body + "/**/", "// a\n" + body, body.substr(0, body.size() - 1),
              body + "]"}) {
            auto const outcome = each.outcome(wrong);
            BOOST_TEST(outcome != "decoded", each.name << ": " << wrong);
        }
        BOOST_TEST(each.outcome(" \t\r\n" + body + "\n \t\r") == "decoded", each.name);
    }
    check_no_document("", "incomplete");
    check_no_document(" ", "incomplete");
    check_no_document("\xef\xbb\xbf{}", "expected JSON");
    check_no_document("\xfe\xff\0{\0}"s, "expected JSON");
    check_no_document("{\0}\0"s, "expected JSON");
    check_no_document("{'value':null}", "expected JSON");
    check_no_document("{value:null}", "expected JSON");
    check_no_document("{\"value\":null,}", "expected JSON");
    check_no_document("True", "expected JSON");
    check_no_document("undefined", "expected JSON");
}

BOOST_AUTO_TEST_CASE(a_decoder_is_good_after_what_it_refused) {
    allot::allotment_decoder decoder;
    auto const good = '{' + required + '}';
    for (auto const& bad :
         {'{' + required + R"(,"id":"b"})", "{\"id\":\""s + std::string(70'000, 'x'), "[[[[{\"a\":[1,2,"s,
          std::string(40, '['), "{\"a\":\"\xff\"}"s, ""s}) {
        BOOST_TEST(!decoder.decode_answer(bad, {}));
        auto const found = decoder.decode_answer(good, {});
        BOOST_REQUIRE(found);
        BOOST_TEST((*found)->id.value() == "a");
        BOOST_TEST((*found)->unknown_members.empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
