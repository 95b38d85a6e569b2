#include "protocol/managed_identity_request.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

using allot::managed_identity_kind;
using allot::managed_identity_params;
using allot::managed_identity_request;
using allot::secret;

constexpr std::string_view scope = "https://graph.microsoft.com/.default";
std::string const resource_id = "/subscriptions/1/resourcegroups/g&h/providers/Microsoft.ManagedIdentity/"
                                "userAssignedIdentities/a b";
std::string const encoded_resource_id =
    "%2Fsubscriptions%2F1%2Fresourcegroups%2Fg%26h%2Fproviders%2FMicrosoft.ManagedIdentity%2F"
    "userAssignedIdentities%2Fa%20b";

managed_identity_params app_service() {
    managed_identity_params made;
    made.host.identity_endpoint = "http://127.0.0.1:41741/MSI/token/";
    made.host.identity_header = secret(std::string_view("853b9a84-5bfa-4b22-a3f3-0b9a43d9ad8a"));
    return made;
}

managed_identity_params app_service_2017() {
    managed_identity_params made;
    made.host.msi_endpoint = "http://localhost:4141/MSI/token";
    made.host.msi_secret = secret(std::string_view("853b9a84"));
    return made;
}

managed_identity_params arc() {
    managed_identity_params made;
    made.host.identity_endpoint = "http://localhost:40342/metadata/identity/oauth2/token";
    made.host.imds_endpoint = "http://localhost:40342";
    return made;
}

managed_identity_request make(managed_identity_params params) {
    return managed_identity_request::make(std::move(params)).value();
}

std::string sent(managed_identity_params params) {
    return std::string(make(std::move(params)).write(scope).reveal());
}

std::string refusal(managed_identity_params params) {
    auto const made = managed_identity_request::make(std::move(params));
    BOOST_TEST_REQUIRE(!made.has_value());
    BOOST_TEST((made.error().code == allot::errc::invalid_params));
    return made.error().message;
}

bool has(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

}

BOOST_AUTO_TEST_SUITE(managed_identity_requests)

BOOST_AUTO_TEST_CASE(a_metadata_service_byte_for_byte) {
    BOOST_TEST(
        sent({}) == "GET /metadata/identity/oauth2/token?api-version=2018-02-01"
                    "&resource=https%3A%2F%2Fgraph.microsoft.com HTTP/1.1\r\n"
                    "Host: 169.254.169.254\r\n"
                    "User-Agent: allot/" ALLOT_VERSION "\r\n"
                    "Accept: application/json\r\n"
                    "Metadata: true\r\n"
                    "\r\n");
    auto const request = make({});
    BOOST_TEST((request.kind() == managed_identity_kind::imds));
    BOOST_TEST(request.url() == "http://169.254.169.254/metadata/identity/oauth2/token");
    BOOST_TEST(request.identity() == "");
    BOOST_TEST(request.header().empty());
    BOOST_TEST(request.where().port == 80);
}

BOOST_AUTO_TEST_CASE(app_service_byte_for_byte) {
    BOOST_TEST(
        sent(app_service()) == "GET /MSI/token/?api-version=2019-08-01"
                               "&resource=https%3A%2F%2Fgraph.microsoft.com HTTP/1.1\r\n"
                               "Host: 127.0.0.1:41741\r\n"
                               "User-Agent: allot/" ALLOT_VERSION "\r\n"
                               "Accept: application/json\r\n"
                               "X-IDENTITY-HEADER: 853b9a84-5bfa-4b22-a3f3-0b9a43d9ad8a\r\n"
                               "\r\n");
    BOOST_TEST((make(app_service()).kind() == managed_identity_kind::app_service));
}

BOOST_AUTO_TEST_CASE(app_service_of_2017_byte_for_byte) {
    BOOST_TEST(
        sent(app_service_2017()) == "GET /MSI/token?api-version=2017-09-01"
                                    "&resource=https%3A%2F%2Fgraph.microsoft.com HTTP/1.1\r\n"
                                    "Host: localhost:4141\r\n"
                                    "User-Agent: allot/" ALLOT_VERSION "\r\n"
                                    "Accept: application/json\r\n"
                                    "secret: 853b9a84\r\n"
                                    "\r\n");
    BOOST_TEST((make(app_service_2017()).kind() == managed_identity_kind::app_service_2017));
}

BOOST_AUTO_TEST_CASE(arc_byte_for_byte_first_without_a_key_then_with_it) {
    std::string const first = "GET /metadata/identity/oauth2/token?api-version=2020-06-01"
                              "&resource=https%3A%2F%2Fgraph.microsoft.com HTTP/1.1\r\n"
                              "Host: localhost:40342\r\n"
                              "User-Agent: allot/" ALLOT_VERSION "\r\n"
                              "Accept: application/json\r\n"
                              "Metadata: true\r\n";
    auto const request = make(arc());
    BOOST_TEST((request.kind() == managed_identity_kind::arc));
    BOOST_TEST(request.write(scope).reveal() == first + "\r\n");
    BOOST_TEST(
        request.write(scope, secret(std::string_view("key"))).reveal() ==
        first + "Authorization: Basic key\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(each_host_has_its_own_options_for_identities) {
    auto with = [](managed_identity_params made, std::string managed_identity_params::*id,
                   std::string value) {
        made.*id = std::move(value);
        return sent(std::move(made));
    };
    auto const client_id = &managed_identity_params::client_id;
    auto const object_id = &managed_identity_params::object_id;
    auto const resource = &managed_identity_params::resource_id;
    std::string const end = " HTTP/1.1\r\n";
    BOOST_TEST(has(with({}, client_id, "c/1"), "&client_id=c%2F1" + end));
    BOOST_TEST(has(with({}, object_id, "o=1"), "&object_id=o%3D1" + end));
    BOOST_TEST(has(with({}, resource, resource_id), "&msi_res_id=" + encoded_resource_id + end));
    BOOST_TEST(has(with(app_service(), client_id, "c&1"), "&client_id=c%261" + end));
    BOOST_TEST(has(with(app_service(), object_id, "o#1"), "&principal_id=o%231" + end));
    BOOST_TEST(has(with(app_service(), resource, resource_id), "&mi_res_id=" + encoded_resource_id + end));
    BOOST_TEST(has(with(app_service_2017(), client_id, "c\r\n1"), "&clientid=c%0D%0A1" + end));
}

BOOST_AUTO_TEST_CASE(an_identity_is_told_in_words) {
    managed_identity_params params;
    params.client_id = "11111111-2222-3333-4444-555555555555\x1b";
    BOOST_TEST(make(params).identity() == "client id \"11111111-2222-3333-4444-555555555555\\x1b\"");
    BOOST_TEST(make(params).identity_settings() == "AZURE_CLIENT_ID, --client-id");
    params.client_id.clear();
    params.resource_id = "/subscriptions/1";
    BOOST_TEST(make(params).identity() == "resource id \"/subscriptions/1\"");
}

BOOST_AUTO_TEST_CASE(identities_a_host_does_not_know_are_refused) {
    auto params = arc();
    params.client_id = "c";
    BOOST_TEST(
        refusal(params) == "Azure Arc knows no managed identity by its client id (AZURE_CLIENT_ID, "
                           "--client-id), only the one of the machine itself; leave it out");
    params = arc();
    params.resource_id = "r";
    BOOST_TEST(has(refusal(params), "leave it out"));
    params = app_service_2017();
    params.object_id = "o";
    BOOST_TEST(has(refusal(params), "by its object id (--object-id); give its client_id"));
    params = app_service_2017();
    params.resource_id = "r";
    BOOST_TEST(has(refusal(params), "by its resource id (--resource-id); give its client_id"));
    params = {};
    params.client_id = "c";
    params.resource_id = "r";
    BOOST_TEST(
        refusal(params) == "a managed identity is named twice, by client id \"c\" (AZURE_CLIENT_ID, "
                           "--client-id) and by its resource id (--resource-id); give one of client_id, "
                           "object_id and resource_id");
}

BOOST_AUTO_TEST_CASE(the_settings_choose_the_endpoint_in_order) {
    auto params = app_service();
    params.host.imds_endpoint = "http://localhost:40342";
    params.host.msi_endpoint = "http://localhost:4141/MSI/token";
    params.host.msi_secret = secret(std::string_view("s"));
    BOOST_TEST((make(params).kind() == managed_identity_kind::app_service));
    params.host.identity_header = {};
    BOOST_TEST((make(params).kind() == managed_identity_kind::arc));
    params.host.imds_endpoint.clear();
    BOOST_TEST((make(params).kind() == managed_identity_kind::app_service_2017));
    // Cloud Shell sets an endpoint without a secret.
    params.host.msi_secret = {};
    BOOST_TEST((make(params).kind() == managed_identity_kind::imds));
}

BOOST_AUTO_TEST_CASE(the_metadata_service_can_be_elsewhere_on_this_machine) {
    for (std::string const url : {"http://127.0.0.1:2579", "http://127.0.0.1:2579/"}) {
        managed_identity_params params;
        params.host.metadata_url = url;
        BOOST_TEST(make(params).url() == "http://127.0.0.1:2579/metadata/identity/oauth2/token");
    }
    managed_identity_params params;
    params.host.metadata_url = "http://localhost/pod/";
    BOOST_TEST(make(params).url() == "http://localhost/pod/metadata/identity/oauth2/token");
}

BOOST_AUTO_TEST_CASE(an_endpoint_without_a_path_is_asked_at_the_root) {
    auto params = app_service();
    params.host.identity_endpoint = "http://[::1]:8081";
    BOOST_TEST(sent(params).starts_with("GET /?api-version="));
}

BOOST_AUTO_TEST_CASE(endpoints_on_other_machines_are_refused_and_named) {
    auto params = app_service();
    params.host.identity_endpoint = "http://192.0.2.1/token";
    BOOST_TEST(has(refusal(params), "identity_endpoint (IDENTITY_ENDPOINT) \"http://192.0.2.1/token\""));
    params = arc();
    params.host.identity_endpoint = "https://localhost:2377/metadata/identity/oauth2/token";
    BOOST_TEST(has(refusal(params), "use another source of tokens"));
    params = app_service_2017();
    params.host.msi_endpoint = "http://example.com/token";
    BOOST_TEST(has(refusal(params), "msi_endpoint (MSI_ENDPOINT)"));
    params = {};
    params.host.metadata_url = "http://metadata.example";
    BOOST_TEST(has(refusal(params), "AZURE_POD_IDENTITY_AUTHORITY_HOST"));
}

BOOST_AUTO_TEST_CASE(a_secret_that_could_break_a_field_is_refused_and_not_shown) {
    auto params = app_service();
    params.host.identity_header = secret(std::string_view("marker\r\nInjected: yes"));
    BOOST_TEST(has(refusal(params), "IDENTITY_HEADER"));
    BOOST_TEST(!has(refusal(params), "marker"));
    params = app_service_2017();
    params.host.msi_secret = secret(std::string_view("marker\n"));
    BOOST_TEST(has(refusal(params), "MSI_SECRET"));
    BOOST_TEST(!has(refusal(params), "marker"));
}

BOOST_AUTO_TEST_SUITE_END()
