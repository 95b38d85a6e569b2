#include "protocol/token_error_advice.hpp"
#include "protocol/token_error_text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace allot {
namespace {

using namespace std::chrono_literals;

token_error coded(std::int64_t code, std::string error = "invalid_client") {
    token_error out;
    out.error = std::move(error);
    out.codes.push_back(code);
    return out;
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}

BOOST_AUTO_TEST_SUITE(token_error_texts)

BOOST_AUTO_TEST_CASE(what_entra_repeats_is_shown_once) {
    token_error said;
    said.error = "invalid_scope";
    said.description =
        "AADSTS70011: The provided value for the input parameter 'scope' isn't valid.\r\nTrace ID: "
        "t-1\r\nCorrelation ID: c-1\r\nTimestamp: 2016-01-09 02:02:12Z";
    said.codes = {70011};
    said.trace_id = "t-1";
    said.correlation_id = "c-1";
    said.timestamp = "2016-01-09 02:02:12Z";
    std::string const expected = "invalid_scope: AADSTS70011: The provided value for the input parameter "
                                 "'scope' isn't valid. (trace id "
                                 "t-1, correlation id c-1, time 2016-01-09 02:02:12Z)";
    BOOST_TEST(to_text(said) == expected);
    // Members may be missing: the description has it all.
    said.trace_id = said.correlation_id = said.timestamp = "";
    BOOST_TEST(to_text(said) == expected);
    // And the description may lack what the members have.
    said.description = "no scope";
    said.trace_id = "t-2";
    BOOST_TEST(to_text(said) == "invalid_scope: no scope (AADSTS70011, trace id t-2)");
    said = coded(1, "x");
    BOOST_TEST(to_text(said) == "x (AADSTS1)");
    said.codes.clear();
    BOOST_TEST(to_text(said) == "x");
}

BOOST_AUTO_TEST_CASE(a_code_is_not_taken_for_the_beginning_of_another) {
    auto said = coded(70021, "x");
    said.description = "AADSTS700213: subject";
    BOOST_TEST(to_text(said) == "x: AADSTS700213: subject (AADSTS70021)");
}

BOOST_AUTO_TEST_CASE(the_text_is_one_bounded_line_of_ascii) {
    token_error said;
    said.error = std::string(5000, 'e');
    said.description = "a\x1b[31m\n\n\tb\xc2\x9b\xe2\x80\x99 c" + std::string(5000, 'd');
    said.trace_id = said.correlation_id = said.timestamp = std::string(5000, 'i');
    said.codes.assign(1000, 7);
    auto const text = to_text(said);
    BOOST_TEST(text.size() <= 1024u);
    BOOST_TEST(has(text, ": a [31m b? cddd"), text);
    for (char const character : text)
        BOOST_TEST_REQUIRE((character >= ' ' && character <= '~'));
}

BOOST_AUTO_TEST_CASE(the_code_can_be_read_from_the_description) {
    token_error said;
    said.description = "AADSTS7000222: The provided client secret keys are expired.";
    BOOST_TEST((with_codes(said).codes == std::vector<std::int64_t>{7000222}));
    for (auto const* const none : {"", "AADSTS", "AADSTSx", "7000222"}) {
        said.description = none;
        BOOST_TEST(with_codes(said).codes.empty(), none);
    }
    BOOST_TEST((with_codes(coded(5)).codes == std::vector<std::int64_t>{5}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(token_error_advices)

BOOST_AUTO_TEST_CASE(each_known_code_has_a_next_step) {
    BOOST_TEST(has(advice_for(coded(7000215)), "value, not its id"));
    BOOST_TEST(has(advice_for(coded(7000222)), "expired"));
    BOOST_TEST(has(advice_for(coded(7000218)), "needs a client secret or an assertion"));
    for (auto const code : {700016, 700011})
        BOOST_TEST(has(advice_for(coded(code)), "client id"));
    for (auto const code : {7000112, 70001})
        BOOST_TEST(has(advice_for(coded(code)), "disabled"));
    BOOST_TEST(has(advice_for(coded(90002)), "tenant"));
    for (auto const code : {90038, 900382, 900432})
        BOOST_TEST(has(advice_for(coded(code)), "another cloud"));
    for (auto const code : {65001, 650056, 90094})
        BOOST_TEST(has(advice_for(coded(code)), "consent"));
    for (auto const code : {500011, 50001, 650057, 70011, 700022})
        BOOST_TEST(has(advice_for(coded(code)), "Graph URL"));
    for (auto const code : {50012, 700027, 700030})
        BOOST_TEST(has(advice_for(coded(code)), "certificate that is registered"));
    for (auto const code : {50013, 700024, 500133})
        BOOST_TEST(has(advice_for(coded(code)), "clock"));
    BOOST_TEST(has(advice_for(coded(900384)), "signature"));
    for (auto const code : {700021, 700023, 50048})
        BOOST_TEST(has(advice_for(coded(code)), "token URL"));
    for (auto const code : {70021, 700211, 700212, 7002121, 700213})
        BOOST_TEST(has(advice_for(coded(code)), "issuer, subject and audience"));
    for (auto const code : {9001023, 50194, 50059})
        BOOST_TEST(has(advice_for(coded(code)), "not common"));
    for (auto const code : {530032, 53003})
        BOOST_TEST(has(advice_for(coded(code)), "Conditional Access"));
    BOOST_TEST(has(advice_for(coded(1002016)), "TLS"));
}

BOOST_AUTO_TEST_CASE(the_first_known_code_counts_then_the_error) {
    auto said = coded(1);
    said.codes.push_back(7000222);
    said.codes.push_back(90002);
    BOOST_TEST(has(advice_for(said), "expired"));
    for (auto const* const error :
         {"invalid_client", "unauthorized_client", "invalid_scope", "invalid_resource", "invalid_request",
          "invalid_grant", "unsupported_grant_type", "interaction_required", "access_denied",
          "temporarily_unavailable", "server_error"})
        BOOST_TEST(!advice_for(coded(1, error)).empty(), error);
    BOOST_TEST(advice_for(coded(1, "odd")).empty());
}

BOOST_AUTO_TEST_CASE(what_can_pass) {
    BOOST_TEST(may_pass(coded(1, "temporarily_unavailable")));
    for (auto const code : {90006, 90012, 90024, 90033, 90055, 90090}) {
        BOOST_TEST(may_pass(coded(code)));
        BOOST_TEST(has(advice_for(coded(code)), "later"));
    }
    BOOST_TEST(!may_pass(coded(7000215)));
    BOOST_TEST(!may_pass(coded(1, "server_error")));
}

BOOST_AUTO_TEST_CASE(answers_without_an_oauth_error) {
    BOOST_TEST(has(advice_for_status(302), "not followed"));
    BOOST_TEST(has(advice_for_status(404), "/oauth2/v2.0/token"));
    BOOST_TEST(has(advice_for_status(429), "later"));
    BOOST_TEST(has(advice_for_status(503), "later"));
}

BOOST_AUTO_TEST_CASE(no_answer) {
    BOOST_TEST(has(advice_for_transport(errc::resolve_failed), "host name"));
    BOOST_TEST(has(advice_for_transport(errc::connect_failed), "firewall"));
    BOOST_TEST(has(advice_for_transport(errc::certificate_rejected), "ca_file"));
    BOOST_TEST(has(advice_for_transport(errc::tls_failed), "TLS 1.2"));
    BOOST_TEST(has(advice_for_transport(errc::malformed_response), "token URL"));
    BOOST_TEST(has(advice_for_transport(errc::response_too_large), "token URL"));
    BOOST_TEST(has(advice_for_transport(errc::timed_out), "later"));
}

BOOST_AUTO_TEST_CASE(row_21_clocks_more_than_five_minutes_apart) {
    BOOST_TEST(clock_advice(std::nullopt) == "");
    BOOST_TEST(clock_advice(5min) == "");
    BOOST_TEST(clock_advice(-5min) == "");
    BOOST_TEST(
        clock_advice(5min + 1s) == "this machine's clock is 5 min behind the token endpoint's: set it");
    BOOST_TEST(
        clock_advice(-119min) == "this machine's clock is 119 min ahead of the token endpoint's: set it");
    BOOST_TEST(clock_advice(3h + 59min) == "this machine's clock is 3 h behind the token endpoint's: set it");
    BOOST_TEST(has(clock_advice(-std::chrono::days(400)), "is 400 days ahead"));
}

BOOST_AUTO_TEST_SUITE_END()

}
