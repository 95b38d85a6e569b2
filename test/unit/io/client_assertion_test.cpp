#include "base/base64.hpp"
#include "io/credentials/client_assertion.hpp"
#include "support/client_certificates.hpp"
#include "support/jws.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <set>
#include <string>

namespace allot {
namespace {

using namespace std::chrono_literals;

struct parts {
    std::string header;
    std::string payload;
};

struct fixture {
    client_certificate certificate = make();
    assertion_claims claims;

    fixture() {
        claims.audience = "https://login.example/tenant/oauth2/v2.0/token";
        claims.client_id = "app-1";
        claims.id = "0b1c2d3e-0000-4000-8000-000000000000";
        claims.now = std::chrono::system_clock::time_point(1'767'225'600s + 250ms); // 2026-01-01
    }

    static client_certificate make() {
        auto const& own = test::client_certificate_of();
        X509_up_ref(own.x509.get());
        EVP_PKEY_up_ref(own.key.get());
        return {x509_ptr(own.x509.get()), private_key_ptr(own.key.get())};
    }

    parts check(assertion_algorithm algorithm) {
        auto const made = make_client_assertion(certificate, algorithm, claims).value();
        auto const text = made.reveal();
        auto const first = text.find('.');
        auto const last = text.rfind('.');
        BOOST_TEST(test::verifies(
            certificate.key(), algorithm == assertion_algorithm::ps256, text.substr(0, last),
            base64_decode(text.substr(last + 1)).value()));
        return {
            base64_decode(text.substr(0, first)).value(),
            base64_decode(text.substr(first + 1, last - first - 1)).value()};
    }
};

BOOST_FIXTURE_TEST_SUITE(client_assertions, fixture)

BOOST_AUTO_TEST_CASE(ps256_names_the_certificate_by_its_sha256_digest) {
    auto const made = check(assertion_algorithm::ps256);
    BOOST_TEST(
        made.header == R"({"alg":"PS256","typ":"JWT","x5t#S256":")" +
                           base64url_encode(certificate.sha256_thumbprint()) + R"("})");
    BOOST_TEST(
        made.payload ==
        R"({"aud":"https://login.example/tenant/oauth2/v2.0/token","iss":"app-1","sub":"app-1",)"
        R"("jti":"0b1c2d3e-0000-4000-8000-000000000000","nbf":1767225600,"iat":1767225600,)"
        R"("exp":1767226140})");
}

BOOST_AUTO_TEST_CASE(rs256_names_it_by_its_sha1_digest) {
    auto const made = check(assertion_algorithm::rs256);
    BOOST_TEST(
        made.header ==
        R"({"alg":"RS256","typ":"JWT","x5t":")" + base64url_encode(certificate.sha1_thumbprint()) + R"("})");
}

BOOST_AUTO_TEST_CASE(ids_stay_json) {
    claims.client_id = "a\"b\\c\n";
    auto const made = check(assertion_algorithm::ps256);
    BOOST_TEST(
        made.payload.find(R"("iss":"a\"b\\c\n","sub":"a\"b\\c\n")") != std::string::npos, made.payload);
}

BOOST_AUTO_TEST_CASE(the_life_is_between_five_and_ten_minutes) {
    BOOST_TEST((assertion_life >= 5min && assertion_life < 10min));
}

BOOST_AUTO_TEST_CASE(every_id_is_another_guid) {
    std::set<std::string> seen;
    for (int i = 0; i != 1000; ++i) {
        auto const id = make_assertion_id();
        BOOST_TEST(id.size() == 36u);
        BOOST_TEST(id[14] == '4');
        seen.insert(id);
    }
    BOOST_TEST(seen.size() == 1000u);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
