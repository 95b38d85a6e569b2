#include "json/jwt_claims.hpp"

#include "base/base64.hpp"

#include <boost/test/unit_test.hpp>

using allot::base64url_encode;
using allot::decode_jwt_claims;

namespace {

std::string jwt(std::string_view payload, std::string_view header = R"({"alg":"none"})") {
    return base64url_encode(header) + '.' + base64url_encode(payload) + ".c2lnbmF0dXJl";
}

allot::jwt_claims claims(std::string_view payload) {
    auto const found = decode_jwt_claims(jwt(payload));
    BOOST_REQUIRE(found);
    return *found;
}

using texts = std::vector<std::string>;
using boost::test_tools::per_element;

}

BOOST_AUTO_TEST_SUITE(jwt_claims)

BOOST_AUTO_TEST_CASE(an_application) {
    auto const found = claims(
        R"({"aud":"https://graph.microsoft.com","iss":"https://sts.windows.net/t/","iat":1774087025,
            "exp":1774090925,"tid":"0a1b","appid":"5e29","azp":"other","oid":"9c8d","idtyp":"app","ver":"1.0",
            "roles":["CloudLicensing.Read.All","User.Read.All"]})");
    BOOST_TEST(found.aud == texts{"https://graph.microsoft.com"}, per_element());
    BOOST_TEST(found.iss == "https://sts.windows.net/t/");
    BOOST_TEST(found.iat->time_since_epoch().count() == 1774087025);
    BOOST_TEST(found.exp->time_since_epoch().count() == 1774090925);
    BOOST_TEST(found.tid == "0a1b");
    BOOST_TEST(found.appid == "5e29");
    BOOST_TEST(found.oid == "9c8d");
    BOOST_TEST(found.roles == (texts{"CloudLicensing.Read.All", "User.Read.All"}), per_element());
    BOOST_TEST(found.scp == "");
    BOOST_TEST(found.upn == "");
}

BOOST_AUTO_TEST_CASE(a_user) {
    auto const found = claims(
        R"({"aud":["a","b"],"azp":"5e29","scp":"CloudLicensing.Read User.Read","unique_name":"ada@example.com"})");
    BOOST_TEST(found.aud == (texts{"a", "b"}), per_element());
    BOOST_TEST(found.appid == "5e29");
    BOOST_TEST(found.scp == "CloudLicensing.Read User.Read");
    BOOST_TEST(found.upn == "ada@example.com");
    BOOST_TEST(claims(R"({"upn":"a","unique_name":"b"})").upn == "a");
}

BOOST_AUTO_TEST_CASE(missing_and_odd_members_are_empty) {
    for (auto const* const payload :
         {"{}",
          R"({"tid":null,"appid":1,"azp":[],"roles":"","scp":["a"],"aud":{},"iss":true,"oid":1.5,"upn":{},
                    "unique_name":0,"exp":-1,"iat":1.5})",
          R"({"roles":[1,null,{"a":"b"}],"exp":"tomorrow","iat":1e300})"}) {
        auto const found = claims(payload);
        BOOST_TEST(found.tid + found.appid + found.scp + found.iss + found.oid + found.upn == "", payload);
        BOOST_TEST(found.aud.empty(), payload);
        BOOST_TEST(!found.exp, payload);
        BOOST_TEST(!found.iat, payload);
    }
    BOOST_TEST(claims(R"({"roles":[1,"a",null,"b"]})").roles == (texts{"a", "b"}), per_element());
}

BOOST_AUTO_TEST_CASE(texts_stay_as_they_are) {
    BOOST_TEST(claims(R"({"tid":"\u001b[31m\u0000x"})").tid == std::string("\x1b[31m\0x", 7));
}

BOOST_AUTO_TEST_CASE(a_token_without_a_signature) {
    BOOST_TEST(decode_jwt_claims("e30.e30.").has_value());
}

// RFC 7519 section 3.1.
BOOST_AUTO_TEST_CASE(the_example_of_the_rfc) {
    auto const found = decode_jwt_claims(
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    BOOST_REQUIRE(found);
    BOOST_TEST(found->iss == "joe");
    BOOST_TEST(found->exp->time_since_epoch().count() == 1300819380);
}

BOOST_AUTO_TEST_CASE(other_tokens_are_none) {
    auto const header = base64url_encode(R"({"alg":"none"})");
    for (std::string const& token :
         {std::string(),
          std::string("opaque"),
          std::string("."),
          std::string(".."),
          std::string("..."),
          std::string("e30"),
          std::string("e30.e30"),
          std::string("e30.e30.e30.e30.e30"),
          std::string(".e30."),
          std::string("e30.."),
          std::string("e30=.e30."),
          std::string("e30.e30=."),
          std::string("e30.e 0."),
          std::string("eyJhIjoiPz8/In0.e30."),
          jwt("[]"),
          jwt("{}", "[]"),
          jwt("{"),
          jwt("{}", "{"),
          jwt(""),
          jwt("{}", "html"),
          header + "." + base64url_encode("{}x") + ".",
          jwt("{\"a\":\"\xff\"}")})
        BOOST_TEST(!decode_jwt_claims(token), token);
    auto const long_payload = [](std::size_t size) { return R"({"a":")" + std::string(size, 'x') + "\"}"; };
    BOOST_TEST(decode_jwt_claims(jwt(long_payload(48'000))).has_value());
    BOOST_TEST(!decode_jwt_claims(jwt(long_payload(50'000))));
}

BOOST_AUTO_TEST_SUITE_END()
