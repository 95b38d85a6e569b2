#include "io/credentials/certificate_file.hpp"
#include "support/client_certificates.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/err.h>
#include <openssl/provider.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace allot {
namespace {

constexpr std::string_view passphrase = "correct horse + battery";
constexpr auto none_given =
    "is protected by a passphrase, and none is given; set AZURE_CLIENT_CERTIFICATE_PASSWORD or give "
    "--certificate-passphrase-file";
constexpr auto is_wrong = "the passphrase is wrong; correct AZURE_CLIENT_CERTIFICATE_PASSWORD or what "
                          "--certificate-passphrase-file holds";

struct fixture {
    test::temporary_folder folder;
    test::certificate const& own = test::client_certificate_of();
    test::certificate const& other = test::client_certificate_of(1);
    std::string const certificate = test::pem_of(own.x509.get());
    std::string const key = test::pkcs8_of(own.key.get());
    std::chrono::system_clock::time_point now = std::chrono::sys_days(std::chrono::year(2030) / 1 / 1);

    result<std::shared_ptr<client_certificate const>>
    read(std::string_view content, std::string_view given = {}) {
        auto const path = test::write_file(folder.path() / "client.pem", content);
        auto made = read_certificate_file(path, secret(given), file_reading::first, now);
        BOOST_TEST(ERR_peek_error() == 0u);
        return made;
    }

    void check_chosen(test::certificate const& pair, std::string_view content, std::string_view given = {}) {
        auto const made = read(content, given);
        BOOST_TEST_REQUIRE(made.has_value(), (made ? "" : made.error().message));
        BOOST_TEST(EVP_PKEY_eq((*made)->key(), X509_get0_pubkey(pair.x509.get())) == 1);
        unsigned char digest[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        X509_digest(pair.x509.get(), EVP_sha256(), digest, &size);
        BOOST_TEST((*made)->sha256_thumbprint() == std::string(reinterpret_cast<char const*>(digest), size));
        X509_digest(pair.x509.get(), EVP_sha1(), digest, &size);
        BOOST_TEST((*made)->sha1_thumbprint() == std::string(reinterpret_cast<char const*>(digest), size));
    }

    void check_own(std::string_view content, std::string_view given = {}) {
        check_chosen(own, content, given);
    }

    void check_refused(std::string_view content, std::string_view reason, std::string_view given = {}) {
        auto const made = read(content, given);
        BOOST_TEST_REQUIRE(made.has_error());
        auto const& message = made.error().message;
        BOOST_TEST((made.error().code == errc::invalid_params));
        BOOST_TEST(
            message.starts_with("certificate file " + (folder.path() / "client.pem").string() + ": "),
            message);
        BOOST_TEST(message.find(reason) != std::string::npos, message);
        BOOST_TEST(message.find("horse") == std::string::npos, message);
    }
};

BOOST_FIXTURE_TEST_SUITE(certificate_files, fixture)

BOOST_AUTO_TEST_CASE(pem_in_any_order_and_form) {
    check_own(certificate + key);
    check_own(key + certificate);
    check_own(test::traditional_of(own.key.get()) + certificate);
    check_own("Bag Attributes\n    friendlyName: client\n" + certificate + "\nKey Attributes: none\n" + key);
    // A passphrase that nothing needs.
    check_own(certificate + key, "unneeded");
}

BOOST_AUTO_TEST_CASE(encrypted_keys) {
    std::string const given(passphrase);
    auto const pkcs8 = test::pkcs8_of(own.key.get(), given);
    auto const traditional = test::traditional_of(own.key.get(), given);
    BOOST_TEST(pkcs8.find("ENCRYPTED PRIVATE KEY") != std::string::npos);
    BOOST_TEST(traditional.find("Proc-Type: 4,ENCRYPTED") != std::string::npos);
    for (auto const& encrypted : {pkcs8, traditional}) {
        check_own(certificate + encrypted, given);
        check_refused(encrypted + certificate, none_given);
        check_refused(certificate + encrypted, is_wrong, "wrong");
        check_refused(certificate + encrypted, is_wrong, std::string(5000, 'x'));
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_passphrase_that_seems_to_fit_is_still_wrong) {
    // The padding alone lets one in 256 pass.
    auto const traditional = test::traditional_of(own.key.get(), std::string(passphrase));
    for (int i = 0; i != 600; ++i)
        check_refused(certificate + traditional, is_wrong, "wrong" + std::to_string(i));
}

BOOST_AUTO_TEST_CASE(of_a_chain_the_certificate_of_the_key_counts) {
    auto const above = test::pem_of(other.x509.get());
    check_own(above + certificate + key);
    check_own(key + above + certificate + above);
    // Of two pairs the one whose key comes first.
    check_own(above + certificate + key + test::pkcs8_of(other.key.get()));
}

BOOST_AUTO_TEST_CASE(of_the_certificates_of_a_key_one_that_is_valid_counts) {
    auto const of_years = [this](std::string const& from, std::string const& to) {
        test::certificate_params params{.common_name = "client", .key = test::key_kind::rsa_2048};
        params.not_before = from + "0101000000Z";
        params.not_after = to + "0101000000Z";
        return test::test_ca::self_signed(std::move(params), own.key.get());
    };
    auto const past = of_years("2000", "2020");
    auto const present = of_years("2029", "2031");
    auto const later = of_years("2029", "2032");
    auto const future = of_years("2040", "2041");
    using certificates = std::vector<test::certificate const*>;
    struct {
        certificates in_file;
        test::certificate const* chosen;
    } const rows[] = {
        {{&past, &present}, &present},
        {{&present, &past}, &present},
        {{&past, &future, &present}, &present},
        {{&present, &later}, &present},
        {{&later, &present}, &later},
        {{&past, &future}, &future},
        {{&future, &past}, &future},
        {{&past, &other, &past}, &past},
    };
    for (auto const& row : rows) {
        auto content = key;
        for (auto const* const each : row.in_file)
            content += test::pem_of(each->x509.get());
        check_chosen(*row.chosen, content);
    }
    // An expired pair comes after one of another key.
    check_chosen(
        other, key + test::pem_of(past.x509.get()) + test::pkcs8_of(other.key.get()) +
                   test::pem_of(other.x509.get()));
}

BOOST_AUTO_TEST_CASE(pkcs12_by_its_content) {
    std::string const given(passphrase);
    auto const bytes = test::pkcs12_of(own, given, own.key.get());
    check_own(bytes, given);
    check_refused(bytes, none_given);
    check_refused(bytes, is_wrong, "wrong");
    check_own(test::pkcs12_of(own, "", own.key.get()));
    auto* const chain = sk_X509_new_null();
    sk_X509_push(chain, other.x509.get());
    check_own(test::pkcs12_of(own, given, own.key.get(), chain), given);
    sk_X509_free(chain);
    check_refused(test::pkcs12_of(own, given, nullptr), "without its private key", given);
    check_refused(bytes.substr(0, bytes.size() / 2), "neither PEM nor PKCS#12", given);
}

BOOST_AUTO_TEST_CASE(pkcs12_of_the_legacy_kind) {
    // In a library context of its own: the legacy provider must not help the reader.
    auto* const context = OSSL_LIB_CTX_new();
    auto* const legacy = OSSL_PROVIDER_load(context, "legacy");
    auto* const standard = OSSL_PROVIDER_load(context, "default");
    if (legacy != nullptr) {
        auto const bytes = test::der_of(PKCS12_create_ex(
            "x", "client", own.key.get(), own.x509.get(), nullptr, NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
            NID_pbe_WithSHA1And40BitRC2_CBC, 0, 0, 0, context, nullptr));
        check_refused(bytes, "openssl pkcs12 -legacy", "x");
        // What it does not have to decrypt it with comes second: a wrong passphrase is a wrong passphrase.
        check_refused(bytes, is_wrong, "y");
        OSSL_PROVIDER_unload(legacy);
    } else {
        BOOST_TEST_MESSAGE(
            "skipped: OpenSSL has no legacy provider here, so nothing can be encrypted by RC2");
    }
    OSSL_PROVIDER_unload(standard);
    OSSL_LIB_CTX_free(context);
    ERR_clear_error();
}

BOOST_AUTO_TEST_CASE(what_is_missing_or_does_not_fit) {
    check_refused(
        "", "neither PEM nor PKCS#12; give the file that holds the certificate with its private key");
    check_refused("just text", "neither PEM nor PKCS#12");
    check_refused("0ab", "neither PEM nor PKCS#12");
    check_refused(key, "holds no certificate");
    check_refused(certificate, "without its private key");
    check_refused(certificate + test::pkcs8_of(other.key.get()), "not the one of its certificate");
    check_refused(certificate.substr(0, certificate.size() / 2), "is damaged PEM; copy or export it again");
    check_refused(
        certificate + "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "damaged private key; export it again");
    check_refused(
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "damaged certificate; export it again");
}

BOOST_AUTO_TEST_CASE(keys_that_do_not_serve) {
    auto const elliptic = test::test_ca::self_signed({});
    check_refused(test::pem_of(elliptic.x509.get()) + test::pkcs8_of(elliptic.key.get()), "not RSA but EC");
    check_refused(
        test::pem_of(elliptic.x509.get()) + test::traditional_of(elliptic.key.get()), "not RSA but EC");
    auto const weak = test::test_ca::self_signed({.key = test::key_kind::rsa_1024});
    check_refused(test::pem_of(weak.x509.get()) + test::pkcs8_of(weak.key.get()), "1024 bits");
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_used) {
    auto const missing =
        read_certificate_file((folder.path() / "no").string(), secret(), file_reading::first, now);
    BOOST_TEST(missing.error().message.find("cannot be opened: No such file") != std::string::npos);
    BOOST_TEST(missing.error().cause.value() == ENOENT);
    auto const directory = read_certificate_file(folder.path().string(), secret(), file_reading::first, now);
    BOOST_TEST(directory.error().message.find("cannot be read: Is a directory") != std::string::npos);
    check_refused(std::string(256 * 1024 + 1, '\n'), "larger than 256 KiB");
}

BOOST_AUTO_TEST_CASE(the_thumbprint_is_shown_as_azure_shows_it) {
    auto const made = read(certificate + key).value();
    now = std::chrono::system_clock::time_point(std::chrono::hours(24 * 365 * 50));
    auto const shown = made->describe(now);
    BOOST_TEST(shown.size() == 40u);
    BOOST_TEST(shown.find_first_not_of("0123456789ABCDEF") == std::string::npos);
    BOOST_TEST(made->describe(now + std::chrono::hours(24 * 365 * 80)) == shown + " (expired)");
}

BOOST_AUTO_TEST_SUITE_END()

}
}
