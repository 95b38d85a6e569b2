#include "base/base64.hpp"
#include "io/credentials/jws.hpp"
#include "support/jws.hpp"
#include "unit/io/jws_examples.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <memory>
#include <string>
#include <vector>

namespace allot {
namespace {

test::openssl_ptr<EVP_PKEY> key_of(test::rsa_jwk const& from) {
    struct member {
        char const* name;
        std::string_view value;
    };
    member const members[] = {
        {OSSL_PKEY_PARAM_RSA_N, from.n},          {OSSL_PKEY_PARAM_RSA_E, from.e},
        {OSSL_PKEY_PARAM_RSA_D, from.d},          {OSSL_PKEY_PARAM_RSA_FACTOR1, from.p},
        {OSSL_PKEY_PARAM_RSA_FACTOR2, from.q},    {OSSL_PKEY_PARAM_RSA_EXPONENT1, from.dp},
        {OSSL_PKEY_PARAM_RSA_EXPONENT2, from.dq}, {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, from.qi},
    };
    std::vector<std::unique_ptr<BIGNUM, decltype(&BN_free)>> numbers;
    std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)> const builder(
        OSSL_PARAM_BLD_new(), &OSSL_PARAM_BLD_free);
    for (auto const& each : members) {
        auto const bytes = base64_decode(each.value).value();
        numbers.emplace_back(
            BN_bin2bn(
                reinterpret_cast<unsigned char const*>(bytes.data()), static_cast<int>(bytes.size()),
                nullptr),
            &BN_free);
        test::must(OSSL_PARAM_BLD_push_BN(builder.get(), each.name, numbers.back().get()) == 1, each.name);
    }
    std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)> const params(
        OSSL_PARAM_BLD_to_param(builder.get()), &OSSL_PARAM_free);
    std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> const context(
        EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr), &EVP_PKEY_CTX_free);
    EVP_PKEY* made = nullptr;
    test::must(
        EVP_PKEY_fromdata_init(context.get()) == 1 &&
            EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_KEYPAIR, params.get()) == 1,
        "making a key");
    return test::openssl_ptr<EVP_PKEY>(made);
}

void check_example(test::jws_example const& of) {
    auto const made = sign_jws(
        key_of(of.key).get(), assertion_algorithm::rs256, base64_decode(of.header).value(),
        base64_decode(of.payload).value());
    BOOST_TEST_REQUIRE(made.has_value());
    auto const expected =
        std::string(of.header) + '.' + std::string(of.payload) + '.' + std::string(of.signature);
    BOOST_TEST(made->reveal() == expected);
}

}

BOOST_AUTO_TEST_SUITE(jws_signatures)

BOOST_AUTO_TEST_CASE(rfc_7515_appendix_a_2_byte_for_byte) {
    check_example(test::rfc_7515_a2);
}

BOOST_AUTO_TEST_CASE(rfc_7520_section_4_1_byte_for_byte) {
    check_example(test::rfc_7520_4_1);
}

BOOST_AUTO_TEST_CASE(ps256_is_verified_with_the_public_key) {
    auto const key = key_of(test::rfc_7520_4_1.key);
    auto const made =
        sign_jws(key.get(), assertion_algorithm::ps256, R"({"alg":"PS256"})", "payload").value();
    auto const text = made.reveal();
    auto const dot = text.rfind('.');
    BOOST_TEST(text.substr(0, dot) == "eyJhbGciOiJQUzI1NiJ9.cGF5bG9hZA");
    auto const signature = base64_decode(text.substr(dot + 1)).value();
    BOOST_TEST(test::verifies(key.get(), true, text.substr(0, dot), signature));
    BOOST_TEST(!test::verifies(key.get(), false, text.substr(0, dot), signature));
    BOOST_TEST(!test::verifies(key.get(), true, "eyJhbGciOiJQUzI1NiJ9.cGF5bG9hZB", signature));
    // Its salt makes every signature another.
    auto const second =
        sign_jws(key.get(), assertion_algorithm::ps256, R"({"alg":"PS256"})", "payload").value();
    BOOST_TEST(second.reveal() != text);
}

BOOST_AUTO_TEST_CASE(a_key_that_cannot_sign_is_a_failure) {
    test::openssl_ptr<EVP_PKEY> const elliptic(EVP_EC_gen("P-256"));
    auto const made = sign_jws(elliptic.get(), assertion_algorithm::ps256, "{}", "{}");
    BOOST_TEST((made.error().code == errc::token_unavailable));
    BOOST_TEST(made.error().message.find("cannot be signed") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}
