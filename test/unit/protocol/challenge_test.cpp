#include "base/base64.hpp"
#include "protocol/challenge.hpp"
#include "unit/json/helpers.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace {

using lines = std::vector<std::string_view>;

// One challenge to a piece: `Basic/token68`, `Bearer{name=value;name=value}`.
std::string shown(lines const& values) {
    std::string out;
    for (auto const& each : allot::parse_challenges(values)) {
        out += (out.empty() ? "" : " ") + each.scheme;
        if (!each.token68.empty())
            out += '/' + each.token68;
        out += each.parameters.empty() ? "" : "{";
        for (auto const& parameter : each.parameters) {
            out += out.ends_with('{') ? "" : ";";
            out += parameter.name + '=' + parameter.value;
        }
        out += each.parameters.empty() ? "" : "}";
    }
    return out;
}

std::string shown(std::string_view value) {
    return shown(lines{value});
}

std::optional<allot::bearer_challenge> bearer(lines const& values) {
    return allot::find_bearer_challenge(values);
}

std::string claims_of(std::string const& value) {
    auto const found = bearer({value});
    return found ? found->claims : "no challenge";
}

struct row {
    std::string_view value;
    std::string_view result;
};

void check(std::span<row const> rows) {
    for (auto const& [value, result] : rows)
        BOOST_TEST(shown(value) == result, '[' << value << "] is [" << shown(value) << ']');
}

std::string const insufficient = R"(Bearer error="insufficient_claims", claims=)";

}

BOOST_AUTO_TEST_SUITE(challenges)

BOOST_AUTO_TEST_CASE(forms_of_one_challenge) {
    row const rows[] = {
        {"Negotiate", "Negotiate"},
        {"Negotiate ", "Negotiate"},
        {"Bearer realm=\"x\"", "Bearer{realm=x}"},
        {"Bearer realm=x", "Bearer{realm=x}"},
        {"Bearer realm=\"\"", "Bearer{realm=}"},
        {"bEARER ReaLM=\"x\", b=c", "bEARER{ReaLM=x;b=c}"},
        {"Bearer   realm = \t\"x\" ,b\t=c\t,\td=e ", "Bearer{realm=x;b=c;d=e}"},
        {"Bearer\trealm=x", "Bearer{realm=x}"},
        {"Bearer realm=x,b=c,d=e", "Bearer{realm=x;b=c;d=e}"},
        {"Bearer ,realm=x", "Bearer{realm=x}"},
        {"Bearer, realm=x", "Bearer{realm=x}"},
        {"Negotiate YWJjZA==", "Negotiate/YWJjZA=="},
        {"Negotiate YWJjZA", "Negotiate/YWJjZA"},
        {"Negotiate a-._~+/=", "Negotiate/a-._~+/="},
        {"Negotiate realm=", "Negotiate/realm="},
        {"Negotiate  YWJjZA== \t", "Negotiate/YWJjZA=="},
        {"a!#$%&'*+-.^_`|~ b!#$%&'*+-.^_`|~=c!#$%&'*+-.^_`|~",
         "a!#$%&'*+-.^_`|~{b!#$%&'*+-.^_`|~=c!#$%&'*+-.^_`|~}"},
    };
    check(rows);
}

BOOST_AUTO_TEST_CASE(quoted_strings) {
    row const rows[] = {
        {R"(Bearer a="b, c=d, Basic e=f")", "Bearer{a=b, c=d, Basic e=f}"},
        {R"(Bearer a="b \"c\" \\ d\e")", R"(Bearer{a=b "c" \ de})"},
        {R"(Bearer a="\"", Basic b="\\")", R"(Bearer{a="} Basic{b=\})"},
        {"Bearer a=\"\tb\\\tc\"", "Bearer{a=\tb\tc}"},
        {"Bearer a=\"\xc3\xa4\\\xff\"", "Bearer{a=\xc3\xa4\xff}"},
        {R"(Bearer a='b')", "Bearer{a='b'}"},
        {R"(Bearer a="b",c="d")", "Bearer{a=b;c=d}"},
    };
    check(rows);
}

BOOST_AUTO_TEST_CASE(several_in_one_line) {
    row const rows[] = {
        {"Negotiate, Basic realm=\"x\"", "Negotiate Basic{realm=x}"},
        {"Basic realm=x, Negotiate", "Basic{realm=x} Negotiate"},
        {"Basic realm=x,Negotiate YWI=,Bearer", "Basic{realm=x} Negotiate/YWI= Bearer"},
        {"PoP realm=\"\", nonce=\"bg==\", Bearer realm=\"\", error=\"e\"",
         "PoP{realm=;nonce=bg==} Bearer{realm=;error=e}"},
        {"Bearer a=b, Bearer a=c", "Bearer{a=b} Bearer{a=c}"},
        {"Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\", Basic realm=\"simple\"",
         "Newauth{realm=apps;type=1;title=Login to \"apps\"} Basic{realm=simple}"},
        {",, ,Basic realm=x,, , ,Negotiate, ,", "Basic{realm=x} Negotiate"},
        {"Basic realm=x,,b=c", "Basic{realm=x;b=c}"},
        {"", ""},
        {" , ,", ""},
    };
    check(rows);
}

BOOST_AUTO_TEST_CASE(several_lines) {
    BOOST_TEST(shown(lines{}) == "");
    BOOST_TEST(
        shown(lines{"Basic realm=x", "", "Negotiate YQ==, PoP", "Bearer a=b"}) ==
        "Basic{realm=x} Negotiate/YQ== PoP Bearer{a=b}");
    // A challenge does not go on in the next line.
    BOOST_TEST(shown(lines{"Basic realm=x", "b=c", "Bearer d=e"}) == "Basic{realm=x} Bearer{d=e}");
    BOOST_TEST(shown(lines{"Basic realm=\"x", "y\", Bearer a=b", "Bearer d=e"}) == "Bearer{d=e}");
}

BOOST_AUTO_TEST_CASE(a_malformed_part_ends_its_line) {
    row const rows[] = {
        {"\"x\"", ""},
        {"=x", ""},
        {"a=b", ""},
        {"a=b, Basic realm=x", ""},
        {"Bearer a", "Bearer/a"},
        {"Bearer a b", ""},
        {"Bearer a=b c", ""},
        {"Bearer a=b c=d", ""},
        {"Bearer a=\"b\"c", ""},
        {"Bearer a=\"b", ""},
        {"Bearer a=\"b\\", ""},
        {"Bearer a=\"b\\\"", ""},
        {"Bearer a=\"b\x01\"", ""},
        {"Bearer a=\"b\\\x7f\"", ""},
        {"Bearer a=\"b\n\"", ""},
        {"Bearer a==b", ""},
        {"Bearer a=b=", ""},
        {"Bearer =", ""},
        {"Bearer a/b=c", ""},
        {"Bearer a=, b=c", ""},
        {"Bearer a=b, c=", ""},
        {"Bearer a=b, c", "Bearer{a=b} c"},
        {"Bearer a=b, c d", "Bearer{a=b} c/d"},
        {"Bearer YQ==, a=b", ""},
        {"Bearer\"a\"", ""},
        {"Bearer@ a=b", ""},
        {"Be\xc3\xa4rer a=b", ""},
        {"Bearer a=b, A=c", ""},
        {"Basic realm=x, Bearer a=b, @, Negotiate", "Basic{realm=x}"},
        {"Basic realm=x, Bearer a=\"b, Negotiate", "Basic{realm=x}"},
        {"Basic realm=x, Bearer a=b, a=b, Negotiate", "Basic{realm=x}"},
        {"Basic realm=x; charset=y, Negotiate", ""},
    };
    check(rows);
    BOOST_TEST(shown(std::string_view("Bearer a=\"b\0\"", 12)) == "");
    BOOST_TEST(shown(lines{"Basic realm=x, Bearer a=\"b", "Negotiate"}) == "Basic{realm=x} Negotiate");
}

BOOST_AUTO_TEST_CASE(limits) {
    std::string schemes;
    for (int count = 0; count != 40; ++count)
        schemes += "A" + std::to_string(count) + " x=y, ";
    auto const in_one_line = allot::parse_challenges(lines{schemes});
    BOOST_TEST(in_one_line.size() == 32u);
    BOOST_TEST(in_one_line.back().scheme == "A31");
    BOOST_TEST(in_one_line.back().parameters.size() == 1u);
    auto const in_lines = allot::parse_challenges(lines(40, "Basic x=y"));
    BOOST_TEST(in_lines.size() == 32u);

    std::string parameters = "Basic, Bearer ";
    for (int count = 0; count != 64; ++count)
        parameters += (count == 0 ? "p" : ", p") + std::to_string(count) + "=v";
    auto const most = allot::parse_challenges(lines{parameters});
    BOOST_REQUIRE(most.size() == 2u);
    BOOST_TEST(most[1].parameters.size() == 64u);
    BOOST_TEST(shown(parameters + ", p64=v") == "Basic");

    std::string const longest = "Bearer a=" + std::string(32 * 1024 - 9, 'x');
    BOOST_TEST(allot::parse_challenges(lines{longest}).size() == 1u);
    BOOST_TEST(shown(lines{longest + 'x', "Basic"}) == "Basic");
}

BOOST_AUTO_TEST_CASE(parameters_by_name) {
    auto const found = allot::parse_challenges(lines{"Bearer Error=\"a\", claims=b"});
    BOOST_REQUIRE(found.size() == 1u);
    BOOST_REQUIRE(found[0].find("eRROR") != nullptr);
    BOOST_TEST(*found[0].find("eRROR") == "a");
    BOOST_TEST(*found[0].find("claims") == "b");
    BOOST_TEST(found[0].find("clai") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(bearer_challenges)

BOOST_AUTO_TEST_CASE(a_recorded_answer) {
    auto const answer = boost::json::parse(allot_test::fixture("error-401-claims.json"));
    std::string const value(answer.at("headers").at("WWW-Authenticate").as_string());
    auto const found = bearer({value});
    BOOST_REQUIRE(found);
    BOOST_TEST(found->error == "insufficient_claims");
    BOOST_TEST(
        found->error_description ==
        "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: "
        "TokenIssuedBeforeRevocationTimestamp");
    BOOST_TEST(found->claims == boost::json::serialize(answer.at("expected_claims")));
    auto const all = allot::parse_challenges(lines{value});
    BOOST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].scheme == "PoP");
    BOOST_TEST(*all[0].find("nonce") == "ZHVtbXk=");
    BOOST_TEST(all[1].parameters.size() == 6u);
}

BOOST_AUTO_TEST_CASE(claims_in_every_coding) {
    std::string const json = R"({"a":"??>>"})"; // has both characters that tell the alphabets apart
    BOOST_TEST(allot::base64url_encode(json) == "eyJhIjoiPz8-PiJ9");
    BOOST_TEST(claims_of(insufficient + "\"eyJhIjoiPz8-PiJ9\"") == json);
    BOOST_TEST(claims_of(insufficient + "\"eyJhIjoiPz8+PiJ9\"") == json);
    BOOST_TEST(claims_of(insufficient + "\"e30=\"") == "{}");
    BOOST_TEST(claims_of(insufficient + "\"e30\"") == "{}");
    BOOST_TEST(claims_of(insufficient + "e30") == "{}");
    BOOST_TEST(claims_of(insufficient + R"("{\"a\":\"??>>\"}")") == json);
    BOOST_TEST(claims_of(insufficient + "\"\"") == "");
    BOOST_TEST(claims_of(insufficient + "\"e3\"") == "");
    BOOST_TEST(claims_of(insufficient + "\"%7B%7D\"") == "");
    BOOST_TEST(claims_of("Bearer error=insufficient_claims") == "");
}

BOOST_AUTO_TEST_CASE(claims_only_with_the_error_that_asks_for_them) {
    BOOST_TEST(claims_of("Bearer claims=e30, error=Insufficient_CLAIMS") == "{}");
    BOOST_TEST(claims_of("BEARER CLAIMS=e30, ERROR=insufficient_claims") == "{}");
    BOOST_TEST(claims_of("Bearer claims=e30, error=invalid_token") == "");
    BOOST_TEST(claims_of("Bearer claims=e30, error=insufficient_claims_") == "");
    BOOST_TEST(claims_of("Bearer claims=e30") == "");
}

BOOST_AUTO_TEST_CASE(only_bearer_counts) {
    BOOST_TEST(!bearer({}));
    BOOST_TEST(!bearer({"PoP error=insufficient_claims, claims=e30", "Basic realm=x"}));
    auto const found = bearer(
        {"PoP error=insufficient_claims, claims=e30, Bearer error=invalid_token, error_description=x"});
    BOOST_REQUIRE(found);
    BOOST_TEST(found->error == "invalid_token");
    BOOST_TEST(found->error_description == "x");
    BOOST_TEST(found->claims == "");
}

BOOST_AUTO_TEST_CASE(the_most_telling_of_several) {
    auto const said = [](lines const& values) {
        auto const found = bearer(values);
        return found ? found->error + '/' + found->error_description + '/' + found->claims : "none";
    };
    BOOST_TEST(said({"Bearer"}) == "//");
    BOOST_TEST(said({"Bearer, Bearer error=a, Bearer error=b"}) == "a//");
    BOOST_TEST(said({"Bearer error_description=x", "Bearer error_description=y"}) == "/x/");
    BOOST_TEST(
        said(
            {"Bearer error=a, Bearer error=insufficient_claims, claims=e30", "Bearer error=b",
             "Bearer error=insufficient_claims, claims=\"{ }\""}) == "insufficient_claims//{}");
}

BOOST_AUTO_TEST_CASE(half_a_challenge_is_none) {
    BOOST_TEST(!bearer({"Bearer error=insufficient_claims, claims=\"e30"}));
    BOOST_TEST(!bearer({"Bearer error=insufficient_claims, claims=e30, claims=e30"}));
    BOOST_TEST(claims_of("Bearer error=insufficient_claims, claims=e30, Basic @") == "{}");
}

BOOST_AUTO_TEST_SUITE_END()
