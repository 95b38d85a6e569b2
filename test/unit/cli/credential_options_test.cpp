#include "cli/credential_options.hpp"
#include "cli/usage_error.hpp"
#include "unit/audit/scratch_folder.hpp"

#include <CLI/App.hpp>
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace allot;
using namespace allot::test;

namespace {

struct fixture {
    credential_options options;
    connection_options connection;
    std::map<std::string, std::string> variables;
    scratch_folder folder;

    environment lookup() const {
        return [this](char const* name) -> std::optional<std::string> {
            auto const found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        };
    }

    credential_settings chosen() const { return choose_settings(options, connection, lookup()); }

    void parse(std::vector<std::string> arguments) {
        CLI::App app;
        add_credential_options(app, options);
        std::reverse(arguments.begin(), arguments.end());
        app.parse(std::move(arguments));
    }

    void set_application() {
        variables["AZURE_TENANT_ID"] = "contoso.com";
        variables["AZURE_CLIENT_ID"] = "app";
        variables["AZURE_CLIENT_SECRET"] = "marker";
    }

    void expect_refused(std::string const& text) const {
        BOOST_CHECK_EXCEPTION(chosen(), usage_error, [&](usage_error const& error) {
            std::string const message = error.what();
            BOOST_TEST(message.find(text) != std::string::npos, message);
            BOOST_TEST(message.find("marker") == std::string::npos, message);
            return true;
        });
    }
};

}

BOOST_FIXTURE_TEST_SUITE(credential_options_, fixture)

BOOST_AUTO_TEST_CASE(the_environment_alone_is_enough) {
    set_application();
    auto const settings = chosen();
    BOOST_TEST((settings.kind == credential_kind::automatic));
    BOOST_TEST(settings.tenant_id == "contoso.com");
    BOOST_TEST(settings.client_id == "app");
    BOOST_TEST(settings.client_secret.reveal() == "marker");
    BOOST_TEST(settings.authority_url == "https://login.microsoftonline.com");
}

BOOST_AUTO_TEST_CASE(every_kind_has_a_name) {
    std::vector<std::pair<char const*, credential_kind>> const names{
        {"auto", credential_kind::automatic},
        {"token", credential_kind::token},
        {"secret", credential_kind::client_secret},
        {"certificate", credential_kind::client_certificate},
        {"workload", credential_kind::workload_identity},
        {"managed", credential_kind::managed_identity},
        {"cli", credential_kind::azure_cli},
    };
    for (auto const& [name, kind] : names) {
        parse({"--auth", name});
        BOOST_TEST((chosen().kind == kind), name);
    }
    BOOST_CHECK_THROW(parse({"--auth", "device"}), CLI::ValidationError);
}

BOOST_AUTO_TEST_CASE(the_command_line_comes_before_the_environment) {
    set_application();
    variables["AZURE_CLIENT_CERTIFICATE_PATH"] = "env.pem";
    variables["AZURE_FEDERATED_TOKEN_FILE"] = "env.jwt";
    parse(
        {"--tenant", "fabrikam.com", "--client-id", "other", "--certificate", "mine.pem",
         "--certificate-algorithm", "RS256"});
    auto const settings = chosen();
    BOOST_TEST((settings.kind == credential_kind::client_certificate));
    BOOST_TEST(settings.tenant_id == "fabrikam.com");
    BOOST_TEST(settings.client_id == "other");
    BOOST_TEST(settings.certificate_file == "mine.pem");
    BOOST_TEST((settings.algorithm == assertion_algorithm::rs256));
    BOOST_TEST(settings.federated_token_file == "env.jwt");
}

BOOST_AUTO_TEST_CASE(an_option_of_one_source_chooses_it) {
    set_application();
    variables["ALLOT_TOKEN"] = "marker";
    auto const secret_file = folder.write("secret", "from file\n");
    std::vector<std::pair<std::vector<std::string>, credential_kind>> const cases{
        {{"--token-file", "token.txt"}, credential_kind::token},
        {{"--client-secret-file", secret_file}, credential_kind::client_secret},
        {{"--certificate", "a.pem"}, credential_kind::client_certificate},
        {{"--federated-token-file", "a.jwt"}, credential_kind::workload_identity},
        {{"--object-id", "1"}, credential_kind::managed_identity},
        {{"--resource-id", "1"}, credential_kind::managed_identity},
    };
    for (auto const& [arguments, kind] : cases) {
        options = {};
        parse(arguments);
        BOOST_TEST((chosen().kind == kind), arguments[0]);
    }
}

BOOST_AUTO_TEST_CASE(options_of_two_sources_do_not_go_together) {
    options.token_file = "token.txt";
    options.certificate = "a.pem";
    expect_refused("--certificate does not go with --token-file");
    options.token_file.reset();
    options.kind = credential_kind::managed_identity;
    expect_refused("--certificate does not go with --auth managed");
    options.kind = credential_kind::automatic;
    BOOST_TEST((chosen().kind == credential_kind::client_certificate));
}

BOOST_AUTO_TEST_CASE(a_token_file_takes_the_place_of_the_environments_token) {
    variables["ALLOT_TOKEN"] = "marker";
    options.token_file = "token.txt";
    BOOST_TEST(chosen().token.empty());
    BOOST_TEST(chosen().token_file == "token.txt");
}

BOOST_AUTO_TEST_CASE(a_descriptor_gives_a_secret_once) {
    set_application();
    auto const open = [this](char const* name, char const* text) {
        return "fd:" + std::to_string(::open(folder.write(name, text).c_str(), O_RDONLY));
    };
    options.client_secret_file = open("secret", "from descriptor\n");
    BOOST_TEST(chosen().client_secret.reveal() == "from descriptor");
    options = {};
    options.certificate = "a.pem";
    options.certificate_passphrase_file = open("passphrase", "of the key\n");
    BOOST_TEST(chosen().certificate_passphrase.reveal() == "of the key");
    options = {};
    options.token_file = open("token", "marker-token\n");
    BOOST_TEST(chosen().token.reveal() == "marker-token");
    expect_refused("--token-file: cannot read fd:");
}

BOOST_AUTO_TEST_CASE(the_authority_is_the_clouds_or_the_environments) {
    set_application();
    variables["AZURE_AUTHORITY_HOST"] = "https://login.example/";
    BOOST_TEST(chosen().authority_url == "https://login.example/");
    cloud const other{"x", "https://graph.x", "https://login.x", true};
    connection.cloud = &other;
    BOOST_TEST(chosen().authority_url == "https://login.x");
    connection.token_url = "https://localhost/token";
    BOOST_TEST(chosen().token_url == "https://localhost/token");
}

BOOST_AUTO_TEST_CASE(an_authority_that_nobody_reads_is_not_judged) {
    variables["AZURE_AUTHORITY_HOST"] = "http://login.example";
    auto const make = [this] { return make_checked_credential(chosen()); };
    options.token_file = "token.txt";
    BOOST_TEST(make()->description() == "token file token.txt");
    options = {};
    options.kind = credential_kind::managed_identity;
    BOOST_TEST(make() != nullptr);
    options = {};
    set_application();
    BOOST_CHECK_EXCEPTION(make(), usage_error, [](usage_error const& error) {
        return std::string_view(error.what()).find("(AZURE_AUTHORITY_HOST) must be") !=
               std::string_view::npos;
    });
    connection.token_url = "https://localhost/token";
    BOOST_TEST(make() != nullptr);
    connection.token_url.reset();
    connection.cloud = find_cloud("usgov");
    BOOST_TEST(make() != nullptr);
}

BOOST_AUTO_TEST_CASE(an_option_that_names_an_identity_comes_before_the_environment) {
    set_application();
    for (std::string const option : {"--object-id", "--resource-id"}) {
        options = {};
        parse({option, "1"});
        auto const settings = chosen();
        BOOST_TEST(settings.client_id == "");
        BOOST_TEST(settings.object_id + settings.resource_id == "1");
        BOOST_TEST(make_checked_credential(settings) != nullptr);
        // Two options are not one more than the other.
        options.client_id = "other";
        BOOST_CHECK_EXCEPTION(make_checked_credential(chosen()), usage_error, [](usage_error const& error) {
            return std::string_view(error.what()).find("named twice") != std::string_view::npos;
        });
    }
}

BOOST_AUTO_TEST_CASE(files_that_hold_no_secret) {
    set_application();
    options.client_secret_file = folder / "none";
    expect_refused("none: No such file or directory");
    options.client_secret_file = folder.write("empty", "\r\n");
    expect_refused("empty is empty");
    options.client_secret_file = folder.write("large", std::string(70'000, 'x'));
    expect_refused("larger than 64 KiB");
    options.client_secret_file = folder / ".";
    expect_refused("cannot read");
}

BOOST_AUTO_TEST_CASE(the_transport_is_that_of_the_connection) {
    connection.transport.ca_file = "ca.pem";
    connection.transport.connect_to.push_back({"a", 1, "b", 2});
    BOOST_TEST(chosen().transport.ca_file == "ca.pem");
    BOOST_TEST(chosen().transport.connect_to.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_the_library_refuses_is_a_usage_error) {
    set_application();
    options.tenant = "a/b";
    BOOST_CHECK_THROW(make_checked_credential(chosen()), usage_error);
    options.tenant = "contoso.com";
    BOOST_TEST(make_checked_credential(chosen())->description().find("marker") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
