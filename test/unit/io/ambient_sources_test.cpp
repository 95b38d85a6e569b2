#include "fetched.hpp"
#include "scripts.hpp"
#include "support/plain_server.hpp"

#include <allot/credential_settings.hpp>

#include <boost/test/unit_test.hpp>

/// Where nothing is set: a source that cannot be made does not keep the others from being asked.
namespace allot {
namespace {

struct fixture {
    boost::asio::io_context context;
    test::temporary_folder empty;
    test::variable const no_programs{"PATH", empty.path().string()};
    // What answers is no metadata service.
    test::plain_server const proxy{[](std::size_t, std::string const&) {
        return test::plain_reply{test::http_answer("503 Oh", "<html>")};
    }};
    credential_settings settings;

    fixture() { settings.host.metadata_url = proxy.url(); }

    std::shared_ptr<token_credential> made() const { return make_credential(settings).value(); }

    void set_arc() {
        settings.host.identity_endpoint = "http://127.0.0.1:1/identity";
        settings.host.imds_endpoint = "http://127.0.0.1:1";
    }

    /// That there is no token, with the reasons.
    std::string reasons() {
        auto const got = *test::run(context, test::fetch_once(made(), "https://graph.example/.default"));
        BOOST_TEST_REQUIRE(!got.has_value());
        BOOST_TEST((got.error().code == errc::token_unavailable));
        return got.error().message;
    }
};

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

BOOST_FIXTURE_TEST_SUITE(ambient_sources_, fixture)

BOOST_AUTO_TEST_CASE(a_proxy_in_the_metadata_services_place_leads_to_the_azure_cli) {
    auto const said = reasons();
    BOOST_TEST(proxy.requests().size() == 1u);
    BOOST_TEST(has(said, "status 503"), said);
    BOOST_TEST(has(said, "; (2) Azure CLI: there is no Azure CLI"), said);
}

BOOST_AUTO_TEST_CASE(a_client_id_on_a_server_of_arc) {
    set_arc();
    settings.client_id = "app";
    BOOST_TEST(made()->description() == "the first that there is of: Azure CLI");
    auto const said = reasons();
    BOOST_TEST(has(said, "(1) Azure CLI: there is no Azure CLI"), said);
    BOOST_TEST(
        has(said, "; (2) managed identity: Azure Arc knows no managed identity by its client id "
                  "(AZURE_CLIENT_ID, --client-id)"),
        said);
    BOOST_TEST(has(said, "; (3) token: no token"), said);
}

BOOST_AUTO_TEST_CASE(an_endpoint_of_service_fabric) {
    settings.host.identity_endpoint = "https://localhost:2377/metadata/identity/oauth2/token";
    settings.host.identity_header = secret(std::string_view("marker"));
    auto const said = reasons();
    BOOST_TEST(has(said, "; (2) managed identity: identity_endpoint (IDENTITY_ENDPOINT)"), said);
    BOOST_TEST(has(said, "Service Fabric"), said);
    BOOST_TEST(!has(said, "marker"), said);
}

BOOST_AUTO_TEST_CASE(a_tenant_that_only_the_azure_cli_reads) {
    settings.tenant_id = "common";
    BOOST_TEST(has(made()->description(), ": managed identity (IMDS at "));
    auto const said = reasons();
    BOOST_TEST(has(said, "(1) managed identity (IMDS"), said);
    BOOST_TEST(
        has(said, "; (2) Azure CLI: the tenant (AZURE_TENANT_ID, --tenant) must be a GUID or a domain name, "
                  "not \"common\"; (3) token: no token"),
        said);
}

BOOST_AUTO_TEST_CASE(where_none_can_be_made_each_says_why) {
    set_arc();
    settings.client_id = "app";
    settings.tenant_id = "common";
    auto const said = reasons();
    BOOST_TEST(has(said, "(1) managed identity: Azure Arc"), said);
    BOOST_TEST(has(said, "; (2) Azure CLI: the tenant"), said);
}

BOOST_AUTO_TEST_CASE(an_identity_that_no_variable_names_is_meant) {
    set_arc();
    for (auto const member : {&credential_settings::object_id, &credential_settings::resource_id}) {
        auto named = settings;
        named.*member = "1";
        auto const refused = make_credential(named);
        BOOST_TEST_REQUIRE(!refused.has_value());
        BOOST_TEST((refused.error().code == errc::invalid_params));
        BOOST_TEST(has(refused.error().message, "Azure Arc knows no managed identity by its"));
    }
}

BOOST_AUTO_TEST_CASE(a_source_that_is_asked_for_is_not_left_out) {
    set_arc();
    settings.client_id = "app";
    settings.tenant_id = "common";
    for (auto const kind : {credential_kind::managed_identity, credential_kind::azure_cli}) {
        settings.kind = kind;
        BOOST_TEST((make_credential(settings).error().code == errc::invalid_params));
    }
}

BOOST_AUTO_TEST_SUITE_END()

}
}
