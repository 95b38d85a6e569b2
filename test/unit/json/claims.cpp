#include "json/claims.hpp"

#include "helpers.hpp"

using allot::client_capability;
using allot::merge_claims;

namespace {

std::string merged(std::string_view challenge, client_capability capability = client_capability::cp1) {
    auto const claims = merge_claims(challenge, capability);
    return claims ? *claims : to_string(claims.error());
}

// A challenge whose text has this many bytes.
std::string of_size(std::size_t size) {
    std::string const begin = R"({"a":")";
    std::string const end = R"("})";
    return begin + std::string(size - begin.size() - end.size(), 'x') + end;
}

std::string nested(int depth) {
    std::string out;
    for (int level = 0; level != depth; ++level)
        out += R"({"a":)";
    return out + "1" + std::string(static_cast<std::size_t>(depth), '}');
}

std::string const cp1 = R"({"access_token":{"xms_cc":{"values":["cp1"]}}})";

}

BOOST_AUTO_TEST_SUITE(claims)

BOOST_AUTO_TEST_CASE(the_capability_alone) {
    BOOST_TEST(merged("") == cp1);
    BOOST_TEST(merged("{}") == cp1);
    BOOST_TEST(merged(" { \n} ") == cp1);
    BOOST_TEST(merged("", client_capability::none) == "");
    BOOST_TEST(merged("{}", client_capability::none) == "");
}

BOOST_AUTO_TEST_CASE(a_challenge_keeps_what_it_asks_for) {
    BOOST_TEST(
        merged(R"({"access_token":{"nbf":{"essential":true,"value":"1774087025"}}})") ==
        R"({"access_token":{"nbf":{"essential":true,"value":"1774087025"},"xms_cc":{"values":["cp1"]}}})");
    BOOST_TEST(
        merged(
            R"({"id_token":{"auth_time":null},"access_token":{"acrs":{"essential":true,"value":"c1"}},"z":[1]})") ==
        R"({"id_token":{"auth_time":null},"access_token":{"acrs":{"essential":true,"value":"c1"},)"
        R"("xms_cc":{"values":["cp1"]}},"z":[1]})");
    BOOST_TEST(
        merged(R"({"userinfo":{"a":{}}})") ==
        R"({"userinfo":{"a":{}},"access_token":{"xms_cc":{"values":["cp1"]}}})");
}

BOOST_AUTO_TEST_CASE(without_the_capability_the_challenge_stays_as_it_is) {
    BOOST_TEST(
        merged(R"( {"access_token" : {"nbf": {"essential":true}} } )", client_capability::none) ==
        R"({"access_token":{"nbf":{"essential":true}}})");
    BOOST_TEST(merged(R"({"access_token":"x"})", client_capability::none) == R"({"access_token":"x"})");
}

BOOST_AUTO_TEST_CASE(capabilities_of_both_are_kept_once) {
    BOOST_TEST(merged(cp1) == cp1);
    BOOST_TEST(
        merged(R"({"access_token":{"xms_cc":{"values":["llt"],"essential":true}}})") ==
        R"({"access_token":{"xms_cc":{"values":["llt","cp1"],"essential":true}}})");
    BOOST_TEST(
        merged(R"({"access_token":{"xms_cc":{"values":["cp1","llt"]}}})") ==
        R"({"access_token":{"xms_cc":{"values":["cp1","llt"]}}})");
    BOOST_TEST(
        merged(R"({"access_token":{"xms_cc":{"values":["CP1",1]}}})") ==
        R"({"access_token":{"xms_cc":{"values":["CP1",1,"cp1"]}}})");
    BOOST_TEST(
        merged(R"({"access_token":{"xms_cc":{"value":"cp1"}}})") ==
        R"({"access_token":{"xms_cc":{"value":"cp1","values":["cp1"]}}})");
}

BOOST_AUTO_TEST_CASE(null_counts_as_missing) {
    BOOST_TEST(merged(R"({"access_token":null})") == cp1);
    BOOST_TEST(merged(R"({"access_token":{"xms_cc":null}})") == cp1);
    BOOST_TEST(merged(R"({"access_token":{"xms_cc":{"values":null}}})") == cp1);
}

BOOST_AUTO_TEST_CASE(what_is_merged_merges_to_the_same) {
    auto const once = merged(R"({"b":{"c":"\u0085\"\\","d":1.5},"access_token":{"nbf":{"value":"1"}}})");
    BOOST_TEST(merged(once) == once);
    BOOST_TEST(merged(once, client_capability::none) == once);
}

BOOST_AUTO_TEST_CASE(texts_that_are_no_claims) {
    BOOST_TEST(
        merged("<html>") == R"(in the document: expected JSON, found "<html>" (syntax error at byte 0))");
    BOOST_TEST(merged("{").starts_with("in the document: expected JSON, found \"{\" (incomplete JSON"));
    BOOST_TEST(merged("{}x").starts_with("in the document: expected JSON, found "));
    BOOST_TEST(merged("{'a':1}").starts_with("in the document: expected JSON, found "));
    BOOST_TEST(merged("{\"a\":\"\xff\"}").starts_with("in the document: expected JSON, found "));
    BOOST_TEST(merged("[]") == "in the document: expected an object of claims, found an array");
    BOOST_TEST(merged("null") == "in the document: expected an object of claims, found null");
    BOOST_TEST(merged("\"{}\"") == R"(in the document: expected an object of claims, found the string "{}")");
    BOOST_TEST(
        merged("[]", client_capability::none) ==
        "in the document: expected an object of claims, found an array");
}

BOOST_AUTO_TEST_CASE(another_type_where_the_capability_goes) {
    BOOST_TEST(merged(R"({"access_token":["a"]})") == "at /access_token: expected an object, found an array");
    BOOST_TEST(
        merged(R"({"access_token":{"xms_cc":"cp1"}})") ==
        R"(at /access_token/xms_cc: expected an object, found the string "cp1")");
    BOOST_TEST(
        merged(R"({"access_token":{"xms_cc":{"values":{}}}})") ==
        "at /access_token/xms_cc/values: expected an array, found an object");
}

BOOST_AUTO_TEST_CASE(names_come_once) {
    auto const twice = [](std::string const& name) {
        return "in the document: expected objects with each name once, found the name " + name + " twice";
    };
    BOOST_TEST(merged(R"({"a":1,"b":2,"a":3})") == twice("\"a\""));
    BOOST_TEST(merged(R"({"a":1,"\u0061":3})") == twice("\"a\""));
    BOOST_TEST(merged(R"({"":1,"":3})") == twice("\"\""));
    BOOST_TEST(merged(R"({"a":{"b":1,"c":[{"n\n":1,"n\n":2}]}})") == twice(R"("n\x0a")"));
    BOOST_TEST(
        merged(R"({"access_token":{},"access_token":{}})", client_capability::none) ==
        twice("\"access_token\""));
    // Other objects may use a name again.
    std::string const apart = R"({"a":{"a":[{"a":1},{"a":2}],"b":{"a":3}},"b":{"a":4}})";
    BOOST_TEST(merged(apart, client_capability::none) == apart);
}

BOOST_AUTO_TEST_CASE(depth) {
    BOOST_TEST(merged(nested(32), client_capability::none) == nested(32));
    BOOST_TEST(merged(nested(33)).find("too deep") != std::string::npos, merged(nested(33)));
}

BOOST_AUTO_TEST_CASE(size) {
    BOOST_TEST(merged(of_size(16 * 1024), client_capability::none) == of_size(16 * 1024));
    BOOST_TEST(
        merged(of_size(16 * 1024 + 1)) ==
        "in the document: expected claims of at most 16384 bytes, found 16385 bytes");
    auto const added = cp1.size() - 1; // the comma takes the place of two braces
    BOOST_TEST(merged(of_size(16 * 1024 - added)).size() == 16 * 1024u);
    BOOST_TEST(
        (merged(of_size(16 * 1024 - added + 1)) == "in the document: expected claims that stay within 16384 "
                                                   "bytes with the capability, found 16385 bytes"));
    // Escapes may make a text longer.
    std::string controls;
    for (int count = 0; count != 4000; ++count)
        controls += "\xc2\x85";
    BOOST_TEST(
        merged(R"({"a":")" + controls + "\"}", client_capability::none).find("found 24008 bytes") !=
        std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
