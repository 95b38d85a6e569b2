#include "cli/credential_options.hpp"
#include "cli/usage_error.hpp"
#include "unit/audit/scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <map>
#include <string>
#include <variant>

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

    credential_choice choose() const { return choose_credential(options, connection, lookup()); }

    client_secret_params chosen_secret() const { return std::get<client_secret_params>(choose()); }

    void set_application() {
        variables["AZURE_TENANT_ID"] = "contoso.com";
        variables["AZURE_CLIENT_ID"] = "app";
        variables["AZURE_CLIENT_SECRET"] = "marker";
    }

    void expect_refused(std::string const& text) const {
        BOOST_CHECK_EXCEPTION(choose(), usage_error, [&](usage_error const& error) {
            std::string const message = error.what();
            BOOST_TEST(message.find(text) != std::string::npos, message);
            BOOST_TEST(message.find("marker") == std::string::npos, message);
            return true;
        });
    }
};

}

BOOST_FIXTURE_TEST_SUITE(credential_choice_, fixture)

BOOST_AUTO_TEST_CASE(nothing_given_names_all_ways) {
    expect_refused(
        "no credential: for a token give --token-file or set ALLOT_TOKEN; for a client secret give");
}

BOOST_AUTO_TEST_CASE(a_token_comes_before_a_client_secret) {
    set_application();
    BOOST_TEST(chosen_secret().client_id == "app");
    variables["ALLOT_TOKEN"] = "marker-token";
    BOOST_TEST(std::get<secret>(choose()).reveal() == "marker-token");
    options.token_file = "/some/file";
    BOOST_TEST(std::get<std::string>(choose()) == "/some/file");
}

BOOST_AUTO_TEST_CASE(the_command_line_comes_before_the_environment) {
    set_application();
    variables["ALLOT_TOKEN"] = "marker";
    options.client_secret_file = folder.write("secret", "from file\n");
    options.client_id = "other";
    options.tenant = "fabrikam.com";
    auto const params = chosen_secret();
    BOOST_TEST(params.client_secret.reveal() == "from file");
    BOOST_TEST(params.client_id == "other");
    BOOST_TEST(params.token_url == "https://login.microsoftonline.com/fabrikam.com/oauth2/v2.0/token");
}

BOOST_AUTO_TEST_CASE(a_descriptor_gives_a_token_or_a_secret_once) {
    set_application();
    auto const open = [this](char const* name, char const* text) {
        return "fd:" + std::to_string(::open(folder.write(name, text).c_str(), O_RDONLY));
    };
    options.client_secret_file = open("secret", "from descriptor\n");
    BOOST_TEST(chosen_secret().client_secret.reveal() == "from descriptor");
    options.token_file = open("token", "marker-token\n");
    BOOST_TEST(std::get<secret>(choose()).reveal() == "marker-token");
    expect_refused("--token-file: cannot read fd:");
}

BOOST_AUTO_TEST_CASE(a_named_kind_leaves_the_other_out) {
    set_application();
    options.kind = auth_kind::token;
    expect_refused("--auth token: there is no token");
    variables["ALLOT_TOKEN"] = "marker";
    options.kind = auth_kind::client_secret;
    BOOST_TEST(chosen_secret().client_secret.reveal() == "marker");
    variables.erase("AZURE_CLIENT_SECRET");
    expect_refused("--auth secret: there is no client secret");
}

BOOST_AUTO_TEST_CASE(a_client_secret_needs_tenant_and_id) {
    set_application();
    variables.erase("AZURE_TENANT_ID");
    expect_refused("--tenant or the environment variable AZURE_TENANT_ID");
    connection.token_url = "https://localhost/token";
    BOOST_TEST(chosen_secret().token_url == "https://localhost/token");
    variables.erase("AZURE_CLIENT_ID");
    expect_refused("--client-id or the environment variable AZURE_CLIENT_ID");
}

BOOST_AUTO_TEST_CASE(the_authority_is_the_clouds_or_the_environments) {
    set_application();
    variables["AZURE_AUTHORITY_HOST"] = "https://login.example/";
    BOOST_TEST(chosen_secret().token_url == "https://login.example/contoso.com/oauth2/v2.0/token");
    variables["AZURE_AUTHORITY_HOST"] = "login.example";
    BOOST_TEST(chosen_secret().token_url == "https://login.example/contoso.com/oauth2/v2.0/token");
    variables["AZURE_AUTHORITY_HOST"] = "http://login.example";
    expect_refused("AZURE_AUTHORITY_HOST must be");
    cloud const other{"x", "https://graph.x", "https://login.x", true};
    connection.cloud = &other;
    BOOST_TEST(chosen_secret().token_url == "https://login.x/contoso.com/oauth2/v2.0/token");
}

BOOST_AUTO_TEST_CASE(a_tenant_cannot_change_the_path) {
    set_application();
    for (auto const* const tenant : {"a/b", "../x", "a?b", "a b", "a%2fb", "a@b"}) {
        options.tenant = tenant;
        expect_refused("the tenant must be a GUID or a domain name");
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
    set_application();
    connection.transport.ca_file = "ca.pem";
    connection.transport.connect_to.push_back({"a", 1, "b", 2});
    auto const params = chosen_secret();
    BOOST_TEST(params.transport.ca_file == "ca.pem");
    BOOST_TEST(params.transport.connect_to.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
