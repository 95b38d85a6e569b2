#include "simulator/openid_documents.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace allot::simulation {
namespace {

namespace json = boost::json;

struct fixture {
    reply get(std::string target, std::string host = "localhost:1", std::string method = "GET") const {
        return documents.answer(
            {std::move(method), std::move(target), {{"Host", std::move(host)}}, {}, true},
            {"rid", "cid", {}});
    }

    json::value good(std::string target, std::string host = "localhost:1") const {
        auto const got = get(std::move(target), std::move(host));
        BOOST_TEST_REQUIRE(got.status == 200u);
        return json::parse(*got.body);
    }

    void check_refused(std::string target, std::string_view error, int code) const {
        BOOST_TEST_CONTEXT(target) {
            auto const got = get(target);
            BOOST_TEST(got.status == 400u);
            auto const body = json::parse(*got.body);
            BOOST_TEST(std::string_view(body.at("error").as_string()) == error);
            BOOST_TEST(body.at("error_codes").at(0).as_int64() == code);
        }
    }

    openid_documents documents{"tenant-1", "contoso.example", {"https://127.0.0.1:1", "https://localhost:1"}};
};

std::string_view text(json::value const& from, std::string_view name) {
    return from.at(name).as_string();
}

BOOST_FIXTURE_TEST_SUITE(openid_documents_suite, fixture)

BOOST_AUTO_TEST_CASE(paths) {
    for (auto const* path :
         {"/t/v2.0/.well-known/openid-configuration", "/t/discovery/v2.0/keys", "/common/discovery/instance"})
        BOOST_TEST(openid_documents::owns(path));
    for (auto const* path :
         {"/v2.0/.well-known/openid-configuration", "//v2.0/.well-known/openid-configuration",
          "/beta/a/v2.0/.well-known/openid-configuration", "/t/discovery/instance", "/", ""})
        BOOST_TEST(!openid_documents::owns(path));
}

BOOST_AUTO_TEST_CASE(configuration_leads_to_the_host_that_was_asked) {
    for (std::string const tenant : {"tenant-1", "contoso.example"}) {
        auto const path = '/' + tenant + "/v2.0/.well-known/openid-configuration";
        auto const here = good(path);
        BOOST_TEST(text(here, "issuer") == "https://localhost:1/tenant-1/v2.0");
        BOOST_TEST(text(here, "token_endpoint") == "https://localhost:1/tenant-1/oauth2/v2.0/token");
        BOOST_TEST(text(here, "jwks_uri") == "https://localhost:1/tenant-1/discovery/v2.0/keys");
        auto const cloud = good(path, "login.microsoftonline.us");
        BOOST_TEST(
            text(cloud, "token_endpoint") == "https://login.microsoftonline.us/tenant-1/oauth2/v2.0/token");
        BOOST_TEST(text(here, "msgraph_host") == "localhost:1");
        BOOST_TEST(text(cloud, "msgraph_host") == "graph.microsoft.us");
        auto const other = good(path, "elsewhere.example");
        BOOST_TEST(text(other, "issuer") == "https://127.0.0.1:1/tenant-1/v2.0");
    }
    BOOST_TEST(good("/tenant-1/discovery/v2.0/keys").at("keys").as_array().empty());
}

BOOST_AUTO_TEST_CASE(graph_is_beside_its_authority) {
    std::pair<std::string, std::string_view> const pairs[] = {
        {"login.microsoftonline.com", "graph.microsoft.com"},
        {"login.microsoftonline.us", "graph.microsoft.us"},
        {"login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn"},
        {"login.chinacloudapi.cn", "microsoftgraph.chinacloudapi.cn"},
        {"sts.windows.net", "graph.microsoft.com"},
        {"login.usgovcloudapi.net", "graph.microsoft.us"}};
    for (auto const& [authority, graph] : pairs)
        BOOST_TEST(
            text(good("/tenant-1/v2.0/.well-known/openid-configuration", authority), "msgraph_host") ==
            graph);
}

BOOST_AUTO_TEST_CASE(instances_that_are_known) {
    auto const path = std::string("/common/discovery/instance?api-version=1.1&authorization_endpoint=");
    auto const here = good(path + "https%3A%2F%2Flocalhost%3A1%2Ftenant-1%2Foauth2%2Fv2.0%2Fauthorize");
    BOOST_TEST(
        text(here, "tenant_discovery_endpoint") ==
        "https://localhost:1/tenant-1/v2.0/.well-known/openid-configuration");
    BOOST_TEST(text(here.at("metadata").at(0), "preferred_network") == "localhost:1");
    auto const cloud = good(path + "https://login.microsoftonline.com/x/");
    BOOST_TEST(
        text(cloud, "tenant_discovery_endpoint") ==
        "https://login.microsoftonline.com/x/v2.0/.well-known/openid-configuration");
}

BOOST_AUTO_TEST_CASE(refusals) {
    check_refused("/other/v2.0/.well-known/openid-configuration", "invalid_tenant", 90002);
    check_refused("/other/discovery/v2.0/keys", "invalid_tenant", 90002);
    check_refused("/common/discovery/instance", "invalid_instance", 50049);
    for (std::string const authority :
         {"", "x", "https://", "http://localhost:1/t/", "https://elsewhere.example/t/",
          "https://localhost:1"})
        check_refused(
            "/common/discovery/instance?authorization_endpoint=" + authority, "invalid_instance", 50049);
    BOOST_TEST(get("/common/discovery/instance", "localhost:1", "POST").status == 405u);
}

BOOST_AUTO_TEST_SUITE_END()

}
}
