#include "io/credentials/choose_source.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

namespace allot {
namespace {

using kind = credential_kind;

environment lookup_in(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](char const* name) -> std::optional<std::string> {
        auto const found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

credential_settings from(std::map<std::string, std::string> variables) {
    return settings_from_environment(lookup_in(std::move(variables)));
}

std::string error_of(credential_settings settings) {
    auto const source = choose_source(std::move(settings));
    if (source)
        return "chosen";
    BOOST_TEST((source.error().code == errc::invalid_params));
    return source.error().message;
}

template <class T>
T chosen(credential_settings settings) {
    auto source = choose_source(std::move(settings));
    auto const problem = source ? std::string() : source.error().message;
    BOOST_TEST_REQUIRE(problem == "");
    auto* const out = std::get_if<T>(&*source);
    BOOST_TEST_REQUIRE(out != nullptr, "another source was chosen: " << source->index());
    return std::move(*out);
}

struct fixture {
    // All that there is.
    std::map<std::string, std::string> variables{
        {"ALLOT_TOKEN", "marker-token"},
        {"AZURE_CLIENT_SECRET", "marker-secret"},
        {"AZURE_CLIENT_CERTIFICATE_PATH", "/keys/app.pem"},
        {"AZURE_CLIENT_CERTIFICATE_PASSWORD", "marker-password"},
        {"AZURE_FEDERATED_TOKEN_FILE", "/var/run/token"},
        {"AZURE_TENANT_ID", "contoso.com"},
        {"AZURE_CLIENT_ID", "app"},
        {"AZURE_AUTHORITY_HOST", "https://login.example/"},
        {"IDENTITY_ENDPOINT", "http://127.0.0.1/identity"},
        {"IDENTITY_HEADER", "marker-header"},
        {"IMDS_ENDPOINT", "http://127.0.0.1/imds"},
        {"MSI_ENDPOINT", "http://127.0.0.1/msi"},
        {"MSI_SECRET", "marker-msi"},
        {"AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:2579"},
    };
    std::string const token_url = "https://login.example/contoso.com/oauth2/v2.0/token";

    credential_settings settings(kind which) const {
        auto out = from(variables);
        out.kind = which;
        return out;
    }
};

BOOST_FIXTURE_TEST_SUITE(credential_settings_, fixture)

BOOST_AUTO_TEST_CASE(the_environment) {
    auto const all = from(variables);
    BOOST_TEST((all.kind == kind::automatic));
    BOOST_TEST(all.authority_url == "https://login.example/");
    BOOST_TEST(all.token_url == "");
    BOOST_TEST(all.tenant_id == "contoso.com");
    BOOST_TEST(all.client_id == "app");
    BOOST_TEST(all.token.reveal() == "marker-token");
    BOOST_TEST(all.client_secret.reveal() == "marker-secret");
    BOOST_TEST(all.certificate_file == "/keys/app.pem");
    BOOST_TEST(all.certificate_passphrase.reveal() == "marker-password");
    BOOST_TEST(all.federated_token_file == "/var/run/token");
    BOOST_TEST(all.host.identity_endpoint == "http://127.0.0.1/identity");
    BOOST_TEST(all.host.identity_header.reveal() == "marker-header");
    BOOST_TEST(all.host.imds_endpoint == "http://127.0.0.1/imds");
    BOOST_TEST(all.host.msi_endpoint == "http://127.0.0.1/msi");
    BOOST_TEST(all.host.msi_secret.reveal() == "marker-msi");
    BOOST_TEST(all.host.metadata_url == "http://127.0.0.1:2579");
}

BOOST_AUTO_TEST_CASE(what_is_empty_is_not_set) {
    for (auto& [name, value] : variables)
        value.clear();
    auto const none = from(variables);
    BOOST_TEST(none.authority_url == "https://login.microsoftonline.com");
    BOOST_TEST(none.host.metadata_url == "http://169.254.169.254");
    BOOST_TEST(none.tenant_id == "");
    BOOST_TEST(none.token.empty());
    chosen<ambient_sources>(from(variables));
}

BOOST_AUTO_TEST_CASE(only_sources_that_read_the_authority_mind_what_it_is) {
    for (std::string const host : {"http://login.example", "https://"}) {
        variables["AZURE_AUTHORITY_HOST"] = host;
        for (auto const which : {kind::client_secret, kind::client_certificate, kind::workload_identity}) {
            auto const refused = error_of(settings(which));
            BOOST_TEST(
                refused.ends_with(
                    ": the authority (AZURE_AUTHORITY_HOST) must be a host name or an https URL, not \"" +
                    host + "\"; correct it or give --cloud"),
                refused);
            auto elsewhere = settings(which);
            elsewhere.token_url = "https://localhost/token";
            BOOST_TEST(error_of(elsewhere) == "chosen");
        }
        for (auto const which : {kind::automatic, kind::token, kind::managed_identity, kind::azure_cli})
            BOOST_TEST(error_of(settings(which)) == "chosen");
    }
}

BOOST_AUTO_TEST_CASE(the_first_that_is_set_is_chosen) {
    BOOST_TEST(chosen<secret>(from(variables)).reveal() == "marker-token");
    variables.erase("ALLOT_TOKEN");
    BOOST_TEST(chosen<client_secret_params>(from(variables)).client_secret.reveal() == "marker-secret");
    variables.erase("AZURE_CLIENT_SECRET");
    BOOST_TEST(chosen<client_certificate_params>(from(variables)).certificate_file == "/keys/app.pem");
    variables.erase("AZURE_CLIENT_CERTIFICATE_PATH");
    BOOST_TEST(chosen<workload_identity_params>(from(variables)).federated_token_file == "/var/run/token");
    variables.erase("AZURE_FEDERATED_TOKEN_FILE");
    chosen<ambient_sources>(from(variables));
}

BOOST_AUTO_TEST_CASE(a_file_of_a_token_comes_before_a_token) {
    auto settings = from(variables);
    settings.token_file = "/some/file";
    BOOST_TEST(chosen<token_file_source>(settings).path == "/some/file");
    settings.token = {};
    BOOST_TEST(chosen<token_file_source>(settings).path == "/some/file");
}

BOOST_AUTO_TEST_CASE(a_named_kind_leaves_the_others_out) {
    BOOST_TEST(chosen<secret>(settings(kind::token)).reveal() == "marker-token");

    auto all = settings(kind::client_secret);
    all.transport.ca_file = "ca.pem";
    auto const by_secret = chosen<client_secret_params>(all);
    BOOST_TEST(by_secret.token_url == token_url);
    BOOST_TEST(by_secret.client_id == "app");
    BOOST_TEST(by_secret.client_secret.reveal() == "marker-secret");
    BOOST_TEST(by_secret.transport.ca_file == "ca.pem");

    all.kind = kind::client_certificate;
    all.algorithm = assertion_algorithm::rs256;
    auto const by_certificate = chosen<client_certificate_params>(all);
    BOOST_TEST(by_certificate.token_url == token_url);
    BOOST_TEST(by_certificate.client_id == "app");
    BOOST_TEST(by_certificate.certificate_file == "/keys/app.pem");
    BOOST_TEST(by_certificate.passphrase.reveal() == "marker-password");
    BOOST_TEST((by_certificate.algorithm == assertion_algorithm::rs256));
    BOOST_TEST(by_certificate.transport.ca_file == "ca.pem");

    all.kind = kind::workload_identity;
    auto const by_federation = chosen<workload_identity_params>(all);
    BOOST_TEST(by_federation.token_url == token_url);
    BOOST_TEST(by_federation.client_id == "app");
    BOOST_TEST(by_federation.federated_token_file == "/var/run/token");
    BOOST_TEST(by_federation.transport.ca_file == "ca.pem");

    all.kind = kind::managed_identity;
    all.object_id = "object";
    all.resource_id = "resource";
    auto const by_host = chosen<managed_identity_params>(all);
    BOOST_TEST(by_host.client_id == "app");
    BOOST_TEST(by_host.object_id == "object");
    BOOST_TEST(by_host.resource_id == "resource");
    BOOST_TEST(by_host.host.identity_header.reveal() == "marker-header");
    BOOST_TEST(!by_host.probe);

    BOOST_TEST(chosen<azure_cli_params>(settings(kind::azure_cli)).tenant_id == "contoso.com");
}

BOOST_AUTO_TEST_CASE(missing_settings_are_named_with_the_ways_to_give_them) {
    struct {
        kind which;
        char const* variable;
        std::string error;
    } const rows[] = {
        {kind::token, "ALLOT_TOKEN", "token: no token; set ALLOT_TOKEN or give --token-file"},
        {kind::client_secret, "AZURE_CLIENT_SECRET",
         "client secret: no secret; set AZURE_CLIENT_SECRET or give --client-secret-file"},
        {kind::client_secret, "AZURE_CLIENT_ID",
         "client secret: no client id; set AZURE_CLIENT_ID or give --client-id"},
        {kind::client_secret, "AZURE_TENANT_ID",
         "client secret: no tenant; set AZURE_TENANT_ID or give --tenant"},
        {kind::client_certificate, "AZURE_CLIENT_CERTIFICATE_PATH",
         "client certificate: no certificate; set AZURE_CLIENT_CERTIFICATE_PATH or give --certificate"},
        {kind::client_certificate, "AZURE_CLIENT_ID",
         "client certificate: no client id; set AZURE_CLIENT_ID or give --client-id"},
        {kind::client_certificate, "AZURE_TENANT_ID",
         "client certificate: no tenant; set AZURE_TENANT_ID or give --tenant"},
        {kind::workload_identity, "AZURE_FEDERATED_TOKEN_FILE",
         "workload identity: no federated token file; set AZURE_FEDERATED_TOKEN_FILE or give "
         "--federated-token-file"},
        {kind::workload_identity, "AZURE_CLIENT_ID",
         "workload identity: no client id; set AZURE_CLIENT_ID or give --client-id"},
        {kind::workload_identity, "AZURE_TENANT_ID",
         "workload identity: no tenant; set AZURE_TENANT_ID or give --tenant"},
    };
    for (auto const& row : rows) {
        auto fewer = variables;
        fewer.erase(row.variable);
        auto settings = from(fewer);
        settings.kind = row.which;
        BOOST_TEST(error_of(settings) == row.error);
    }
}

BOOST_AUTO_TEST_CASE(a_source_that_is_set_in_part_is_an_error_and_no_other_source) {
    for (std::string const own :
         {"AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE"}) {
        auto const message = error_of(from({{own, "marker"}, {"AZURE_TENANT_ID", "contoso.com"}}));
        BOOST_TEST(message.find(": no client id; set AZURE_CLIENT_ID") != std::string::npos, message);
    }
}

BOOST_AUTO_TEST_CASE(a_token_url_stands_for_authority_and_tenant) {
    auto all = settings(kind::client_secret);
    all.token_url = "https://localhost/token";
    all.tenant_id = "";
    BOOST_TEST(chosen<client_secret_params>(all).token_url == "https://localhost/token");
}

BOOST_AUTO_TEST_CASE(only_sources_that_read_the_tenant_mind_what_it_is) {
    auto all = settings(kind::client_secret);
    all.tenant_id = "a/b";
    BOOST_TEST(
        error_of(all) ==
        "client secret: the tenant (AZURE_TENANT_ID, --tenant) must be a GUID or a domain name, not \"a/b\"");
    all.token_url = "https://localhost/token";
    BOOST_TEST(error_of(all) == "chosen");
    all = settings(kind::managed_identity);
    all.tenant_id = "common";
    BOOST_TEST(error_of(all) == "chosen");
}

BOOST_AUTO_TEST_CASE(where_nothing_is_set_the_machine_is_asked) {
    for (auto const* const name :
         {"ALLOT_TOKEN", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH",
          "AZURE_FEDERATED_TOKEN_FILE"})
        variables.erase(name);
    auto const sources = chosen<ambient_sources>(from(variables));
    BOOST_TEST(sources.managed_identity.probe);
    BOOST_TEST(sources.managed_identity.client_id == "app");
    BOOST_TEST(sources.managed_identity.host.msi_secret.reveal() == "marker-msi");
    BOOST_TEST(sources.azure_cli.tenant_id == "contoso.com");
    std::vector<std::string> const wanted{
        "token: no token; set ALLOT_TOKEN or give --token-file",
        "client secret: no secret; set AZURE_CLIENT_SECRET or give --client-secret-file",
        "client certificate: no certificate; set AZURE_CLIENT_CERTIFICATE_PATH or give --certificate",
        "workload identity: no federated token file; set AZURE_FEDERATED_TOKEN_FILE or give "
        "--federated-token-file"};
    BOOST_TEST(sources.absent == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(credentials_are_made_of_what_is_chosen) {
    auto all = settings(kind::token);
    BOOST_TEST(make_credential(all).value()->description() == "a given token");
    all.token_file = "/some/file";
    BOOST_TEST(make_credential(all).value()->description() == "token file /some/file");
    all.kind = kind::client_secret;
    BOOST_TEST(make_credential(all).value()->description() == "client secret of app at " + token_url);
    all.kind = kind::azure_cli;
    BOOST_TEST(make_credential(all).value()->description() == "Azure CLI, tenant contoso.com");
    credential_settings none;
    none.tenant_id = "contoso.com";
    BOOST_TEST(make_credential(none).value()->description().find("managed identity") != std::string::npos);
    BOOST_TEST(make_credential(none).value()->description().ends_with(", Azure CLI, tenant contoso.com"));
    all.tenant_id = "--tenant";
    BOOST_TEST((make_credential(all).error().code == errc::invalid_params));
    all.kind = kind::client_secret;
    BOOST_TEST((make_credential(all).error().code == errc::invalid_params));
}

BOOST_AUTO_TEST_CASE(no_error_shows_a_secret) {
    for (auto const which :
         {kind::token, kind::client_secret, kind::client_certificate, kind::workload_identity,
          kind::managed_identity, kind::azure_cli}) {
        auto all = settings(which);
        all.tenant_id = "a/b";
        all.token = {};
        auto const made = make_credential(all);
        auto const text = made ? (*made)->description() + (*made)->cache_key() : to_string(made.error());
        BOOST_TEST(text.find("marker") == std::string::npos, text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}
}
