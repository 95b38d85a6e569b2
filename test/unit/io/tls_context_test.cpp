#include "io/tls_context.hpp"
#include "support/test_ca.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/err.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace {

using allot::tls_context;

void check_refused(std::string const& ca_file, std::string_view reason) {
    auto const answer = tls_context::make_client(ca_file);
    BOOST_TEST_REQUIRE(answer.has_error());
    BOOST_TEST(answer.error().code == make_error_code(allot::errc::invalid_params));
    BOOST_TEST(answer.error().cause.failed());
    auto const& message = answer.error().message;
    BOOST_TEST(message.starts_with("ca_file \"" + ca_file + "\""), message);
    BOOST_TEST(message.find(reason) != std::string::npos, message);
    BOOST_TEST(ERR_peek_error() == 0u);
}

std::string file_of(allot::test::temporary_folder const& folder, std::string_view content) {
    auto const path = folder.path() / "ca.pem";
    std::ofstream(path) << content;
    return path.string();
}

}

BOOST_AUTO_TEST_SUITE(tls_context_rules)

BOOST_AUTO_TEST_CASE(the_rules_are_set) {
    auto const made = tls_context::make_client("");
    BOOST_TEST_REQUIRE(made.has_value());
    auto* const context = (*made)->native();
    BOOST_TEST(SSL_CTX_get_min_proto_version(context) >= TLS1_2_VERSION);
    BOOST_TEST(SSL_CTX_get_security_level(context) >= 2);
    BOOST_TEST(SSL_CTX_get_verify_mode(context) == SSL_VERIFY_PEER);
    auto const flags = X509_VERIFY_PARAM_get_flags(SSL_CTX_get0_param(context));
    BOOST_TEST((flags & X509_V_FLAG_X509_STRICT) != 0u);
    BOOST_TEST((flags & X509_V_FLAG_PARTIAL_CHAIN) == 0u);
    auto const options = SSL_CTX_get_options(context);
    BOOST_TEST((options & SSL_OP_NO_RENEGOTIATION) != 0u);
    BOOST_TEST((options & SSL_OP_NO_COMPRESSION) != 0u);
    BOOST_TEST((options & SSL_OP_IGNORE_UNEXPECTED_EOF) == 0u);
}

BOOST_AUTO_TEST_CASE(secret_answers_are_overwritten) {
    auto const made = tls_context::make_client("", allot::tls_answers::secret);
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST((SSL_CTX_get_options((*made)->native()) & SSL_OP_CLEANSE_PLAINTEXT) != 0u);
}

BOOST_AUTO_TEST_CASE(a_file_of_roots_replaces_the_system) {
    allot::test::temporary_folder const folder;
    allot::test::test_ca const root;
    auto const made = tls_context::make_client(root.self().write(folder.path(), "root"));
    BOOST_TEST_REQUIRE(made.has_value());
    auto const* const roots = X509_STORE_get0_objects(SSL_CTX_get_cert_store((*made)->native()));
    BOOST_TEST(sk_X509_OBJECT_num(roots) == 1);
}

BOOST_AUTO_TEST_CASE(a_bad_file_is_named_with_the_reason) {
    allot::test::temporary_folder const folder;
    check_refused((folder.path() / "missing.pem").string(), "No such file");
    check_refused(folder.path().string(), "no certificate");
    check_refused(file_of(folder, ""), "no certificate");
    check_refused(file_of(folder, "not PEM at all"), "no certificate");
    check_refused(
        file_of(folder, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), "wrong tag");
    allot::test::test_ca::self_signed({}).write(folder.path(), "pair");
    check_refused((folder.path() / "pair.key").string(), "no certificate");
}

BOOST_AUTO_TEST_CASE(openssl_errors_are_taken_and_cleared) {
    ERR_clear_error();
    BOOST_TEST(!allot::take_openssl_error());
    ERR_raise(ERR_LIB_PEM, PEM_R_NO_START_LINE);
    ERR_raise(ERR_LIB_SSL, SSL_R_WRONG_VERSION_NUMBER);
    ERR_raise(ERR_LIB_SSL, SSL_R_BAD_LENGTH);
    BOOST_TEST(allot::take_openssl_error().message().find("wrong version number") != std::string::npos);
    BOOST_TEST(ERR_peek_error() == 0u);
    ERR_raise(ERR_LIB_SYS, ENOENT);
    BOOST_TEST((allot::take_openssl_error() == std::errc::no_such_file_or_directory));
}

BOOST_AUTO_TEST_SUITE_END()
