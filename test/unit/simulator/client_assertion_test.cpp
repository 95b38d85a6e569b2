#include "base/base64.hpp"
#include "simulator/client_assertion.hpp"
#include "support/client_certificates.hpp"
#include "support/jws.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

namespace allot::simulation {
namespace {

using namespace std::chrono_literals;

constexpr auto audience = "https://localhost:1/tenant-1/oauth2/v2.0/token";

struct fixture {
    test::certificate const& own = test::client_certificate_of();
    test::certificate const& other = test::client_certificate_of(1);
    assertion_checker checker{{test::pem_of(own.x509.get())}, {"other-issuers.token"}};
    std::chrono::system_clock::time_point const noon{1'767'268'800s};
    std::string subject = "app-1";
    std::string issuer = "app-1";
    std::string aud = audience;
    std::string id = "id-1";
    long begin = 1'767'268'800;
    long end = 1'767'269'400;
    std::string more; ///< claims, with a comma before each

    static std::string thumbprint(test::certificate const& of, EVP_MD const* digest) {
        unsigned char bytes[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        X509_digest(of.x509.get(), digest, bytes, &size);
        return base64url_encode({reinterpret_cast<char const*>(bytes), size});
    }
    static std::string header(test::certificate const& of, bool pss = true) {
        return pss ? R"({"alg":"PS256","typ":"JWT","x5t#S256":")" + thumbprint(of, EVP_sha256()) + R"("})"
                   : R"({"alg":"RS256","typ":"JWT","x5t":")" + thumbprint(of, EVP_sha1()) + R"("})";
    }
    std::string payload() const {
        return R"({"aud":")" + aud + R"(","iss":")" + issuer + R"(","sub":")" + subject + R"(","jti":")" +
               id + R"(","nbf":)" + std::to_string(begin) + R"(,"exp":)" + std::to_string(end) + more + "}";
    }
    std::string assertion() const { return test::signed_jwt(own.key.get(), true, header(own), payload()); }

    /// 0 when there is nothing against it.
    unsigned check(std::string const& text, std::chrono::seconds after_noon = 0s) {
        auto const against = checker.check(
            text, "app-1", audience, {std::chrono::steady_clock::time_point(), noon + after_noon});
        return against ? against->code : 0;
    }
};

BOOST_FIXTURE_TEST_SUITE(client_assertion_suite, fixture)

BOOST_AUTO_TEST_CASE(both_algorithms_by_a_registered_certificate) {
    BOOST_TEST(check(assertion()) == 0u);
    id = "id-2";
    BOOST_TEST(check(test::signed_jwt(own.key.get(), false, header(own, false), payload())) == 0u);
}

BOOST_AUTO_TEST_CASE(signatures_that_do_not_count) {
    BOOST_TEST(check(test::signed_jwt(other.key.get(), true, header(other), payload())) == 700027u);
    BOOST_TEST(check(test::signed_jwt(other.key.get(), true, header(own), payload())) == 700027u);
    BOOST_TEST(check(test::signed_jwt(own.key.get(), false, header(own), payload())) == 700027u);
    auto text = assertion();
    text[text.find('.') + 5] ^= 1;
    BOOST_TEST(check(text) == 700027u);
    auto const none = R"({"alg":"none","x5t#S256":")" + thumbprint(own, EVP_sha256()) + R"("})";
    BOOST_TEST(check(test::signed_jwt(own.key.get(), true, none, payload())) == 700027u);
    for (auto const* const text_of_no_jwt : {"", ".", "a", "a.b"})
        BOOST_TEST(check(text_of_no_jwt) == 50027u, text_of_no_jwt);
}

BOOST_AUTO_TEST_CASE(headers_that_say_two_things_or_more_than_is_known) {
    auto const with = [this](std::string const& members) {
        auto header = fixture::header(own);
        header.insert(header.size() - 1, members);
        return check(test::signed_jwt(own.key.get(), true, header, payload()));
    };
    BOOST_TEST(with(R"(,"x5t":")" + thumbprint(other, EVP_sha1()) + '"') == 700027u);
    BOOST_TEST(with(R"(,"crit":["b64"],"b64":false)") == 50027u);
    BOOST_TEST(with(R"(,"x5t":")" + thumbprint(own, EVP_sha1()) + R"(","kid":"k")") == 0u);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_has_expired) {
    begin = 3'792'000'000; // 2090-03-01
    end = begin + 600;
    auto const after_noon =
        std::chrono::floor<std::chrono::seconds>(std::chrono::seconds(begin) - noon.time_since_epoch());
    BOOST_TEST(check(assertion(), after_noon) == 700027u);
}

BOOST_AUTO_TEST_CASE(claims_that_do_not_fit) {
    issuer = "app-2";
    BOOST_TEST(check(assertion()) == 50048u);
    subject = "app-2";
    BOOST_TEST(check(assertion()) == 700021u);
    issuer = subject = "app-1";
    aud = "https://localhost:1/tenant-2/oauth2/v2.0/token";
    BOOST_TEST(check(assertion()) == 700023u);
}

BOOST_AUTO_TEST_CASE(times_with_five_minutes_of_tolerance) {
    BOOST_TEST(check(assertion(), 15min) == 700024u);
    BOOST_TEST(check(assertion(), 15min - 1s) == 0u);
    id = "id-2";
    BOOST_TEST(check(assertion(), -5min - 1s) == 700024u);
    BOOST_TEST(check(assertion(), -5min) == 0u);
    for (long const no_time : {-1L, 10'000'000'000L, 100'000'000'000L, 9'223'372'036'854'775'807L}) {
        end = no_time;
        BOOST_TEST(check(assertion()) == 700024u, no_time);
    }
    // Of a name that comes twice the last one counts (RFC 7519 section 4).
    id = "id-3";
    more = R"(,"exp":1767269400.5)";
    BOOST_TEST(check(assertion()) == 0u);
    id = "id-4";
    for (std::string const begin_text : {"\"later\"", "null", "99999999999", "1767269400.5", "[]"}) {
        more = R"(,"exp":1767269400,"nbf":)" + begin_text;
        BOOST_TEST(check(assertion()) == 700024u, begin_text);
    }
}

BOOST_AUTO_TEST_CASE(an_id_serves_once) {
    BOOST_TEST(check(assertion()) == 0u);
    BOOST_TEST(check(assertion()) == 50013u);
    id = "";
    BOOST_TEST(check(assertion()) == 50013u);
    // It is forgotten when no assertion of that id can be good any more.
    id = "id-1";
    BOOST_TEST(check(assertion(), 15min) == 700024u);
    begin += 3600;
    end += 3600;
    BOOST_TEST(check(assertion(), 1h) == 0u);
}

BOOST_AUTO_TEST_CASE(another_issuers_token_serves_again_and_again) {
    BOOST_TEST(check("other-issuers.token") == 0u);
    BOOST_TEST(check("other-issuers.token") == 0u);
    assertion_checker with_an_empty_one({}, {""});
    BOOST_TEST(with_an_empty_one.check("", "app-1", audience, {}).has_value());
    BOOST_TEST(
        check(test::signed_jwt(other.key.get(), false, R"({"alg":"RS256","kid":"k"})", "{}")) == 700213u);
}

BOOST_AUTO_TEST_CASE(what_is_registered_must_be_a_certificate) {
    BOOST_CHECK_THROW(assertion_checker({"no certificate"}, {}), std::runtime_error);
    auto const elliptic = test::test_ca::self_signed({.common_name = "client"});
    BOOST_CHECK_THROW(assertion_checker({test::pem_of(elliptic.x509.get())}, {}), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
