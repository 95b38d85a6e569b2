#include "cli/client_options.hpp"
#include "cli/secret_file_check.hpp"
#include "cli/usage_error.hpp"
#include "unit/audit/scratch_folder.hpp"
#include "unit/cli/captured_output.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

using namespace allot;
using namespace allot::test;

namespace {

struct fixture {
    scratch_folder folder;

    std::string file(std::string const& name, ::mode_t mode) const {
        auto path = folder.write(name, "marker");
        BOOST_TEST_REQUIRE(::chmod(path.c_str(), mode) == 0);
        return path;
    }

    credential_settings settings;

    std::string warned(credential_options const& options) const {
        std::string out;
        for (auto const& line : secret_file_warnings(options, settings))
            out += line + '\n';
        return out;
    }

    fixture() {
        settings.tenant_id = "contoso.com";
        settings.client_id = "app";
    }
};

bool has(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

}

BOOST_FIXTURE_TEST_SUITE(secret_file_check_, fixture)

BOOST_AUTO_TEST_CASE(others_can_read_it) {
    for (auto const& [mode, shown] :
         {std::pair(0640U, "0640"), std::pair(0604U, "0604"), std::pair(0644U, "0644")}) {
        auto const path = file("secret", mode);
        auto const expected =
            "--option " + path + " has mode " + shown +
            ", so that other users of this machine can read the secret; close it: chmod 600 " + path;
        BOOST_TEST(open_mode_warning("--option", path).value() == expected);
    }
}

BOOST_AUTO_TEST_CASE(others_can_write_to_it) {
    auto path = file("secret", 0622);
    BOOST_TEST(
        open_mode_warning("--option", path).value() ==
        "--option " + path +
            " has mode 0622, so that other users of this machine can put another secret in its place; close "
            "it: "
            "chmod 600 " +
            path);
    path = file("secret", 0660);
    BOOST_TEST(
        open_mode_warning("--option", path).value() ==
        "--option " + path +
            " has mode 0660, so that other users of this machine can read the secret and put another in its "
            "place; "
            "close it: chmod 600 " +
            path);
}

BOOST_AUTO_TEST_CASE(the_owner_alone_has_access) {
    for (auto const mode : {0600U, 0400U, 0700U, 0711U})
        BOOST_TEST(!open_mode_warning("--option", file("secret", mode)));
}

BOOST_AUTO_TEST_CASE(what_others_may_read_they_may_not_write) {
    BOOST_TEST(!open_mode_warning("--option", file("secret", 0644), file_guard::write));
    auto const path = file("secret", 0646);
    auto const warning = open_mode_warning("--option", path, file_guard::write).value();
    BOOST_TEST(has(warning, " can put another secret in its place; close it: chmod go-w " + path), warning);
}

BOOST_AUTO_TEST_CASE(the_command_can_be_pasted) {
    auto const path = file("my secret", 0644);
    auto const warning = open_mode_warning("--option", path).value();
    BOOST_TEST(warning.ends_with("chmod 600 '" + path + "'"), warning);
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_for_others_to_say) {
    BOOST_TEST(!open_mode_warning("--option", folder / "none"));
    BOOST_TEST(!open_mode_warning("--option", folder / "."));
    auto const path = folder / "pipe";
    BOOST_TEST_REQUIRE(::mkfifo(path.c_str(), 0666) == 0);
    BOOST_TEST(!open_mode_warning("--option", path));
}

BOOST_AUTO_TEST_CASE(every_option_that_names_a_secret_is_checked) {
    credential_options options;
    options.client_secret_file = file("client-secret", 0644);
    settings.client_secret = secret(std::string_view("read from there"));
    BOOST_TEST(has(warned(options), "--client-secret-file " + folder / "client-secret" + " has mode 0644"));

    options = {};
    options.token_file = file("token", 0644);
    settings.token_file = *options.token_file;
    BOOST_TEST(has(warned(options), "--token-file " + folder / "token" + " has mode 0644"));
    settings.token_file.clear();

    options = {};
    options.certificate = file("certificate", 0644);
    options.certificate_passphrase_file = file("passphrase", 0644);
    settings.kind = credential_kind::client_certificate;
    settings.certificate_file = *options.certificate;
    auto const text = warned(options);
    BOOST_TEST(has(text, "--certificate " + folder / "certificate" + " has mode 0644"), text);
    BOOST_TEST(has(text, "--certificate-passphrase-file " + folder / "passphrase" + " has mode 0644"), text);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_the_environment_names_is_checked) {
    settings.certificate_file = file("certificate", 0644);
    BOOST_TEST(has(warned({}), "AZURE_CLIENT_CERTIFICATE_PATH " + folder / "certificate" + " has mode 0644"));
    // Where another source is chosen nobody reads it.
    settings.client_secret = secret(std::string_view("marker"));
    BOOST_TEST(warned({}) == "");
}

BOOST_AUTO_TEST_CASE(a_federated_token_may_be_read_by_others_and_not_written) {
    settings.federated_token_file = file("federated", 0644);
    BOOST_TEST(warned({}) == "");
    file("federated", 0666);
    BOOST_TEST(has(warned({}), "AZURE_FEDERATED_TOKEN_FILE " + folder / "federated" + " has mode 0666"));
    credential_options options;
    options.federated_token_file = settings.federated_token_file;
    BOOST_TEST(has(warned(options), "--federated-token-file " + folder / "federated" + " has mode 0666"));
}

BOOST_AUTO_TEST_CASE(a_descriptor_has_no_mode) {
    file("fd:3", 0644);
    credential_options options;
    options.client_secret_file = "fd:3";
    options.certificate_passphrase_file = "fd:3";
    BOOST_TEST(warned(options) == "");
}

BOOST_AUTO_TEST_CASE(a_command_warns) {
    captured_output const errors(STDERR_FILENO);
    client_options options;
    auto const path = file("certificate", 0644);
    auto const lookup = [&path](char const* name) -> std::optional<std::string> {
        if (name == std::string("AZURE_CLIENT_CERTIFICATE_PATH"))
            return path;
        return name == std::string("AZURE_CLIENT_SECRET") ? std::nullopt
                                                          : std::optional<std::string>("contoso.com");
    };
    options.credential.kind = credential_kind::client_certificate;
    console terminal(options.seeing);
    // The file holds no certificate.
    BOOST_CHECK_THROW(make_client_params(options, lookup, terminal), usage_error);
    BOOST_TEST(
        has(errors.text(), "allot: warning: AZURE_CLIENT_CERTIFICATE_PATH " + path + " has mode 0644"));
}

BOOST_AUTO_TEST_SUITE_END()
