#include "io/credentials/authority.hpp"

#include <boost/test/unit_test.hpp>

namespace allot {
namespace {

BOOST_AUTO_TEST_SUITE(authorities)

BOOST_AUTO_TEST_CASE(hosts_and_urls) {
    for (auto const* const host :
         {"login.example", "login.example/", "https://login.example", "https://login.example//"})
        BOOST_TEST(authority_url(host).value_or("none") == "https://login.example");
    for (auto const* const host : {"http://login.example", "https://", "", "/", "ftp://login.example"})
        BOOST_TEST(!authority_url(host), host);
}

BOOST_AUTO_TEST_CASE(tenants) {
    for (auto const* const good :
         {"11111111-2222-3333-4444-555555555555", "contoso.com", "contoso.onmicrosoft.com", "a", "A1"})
        BOOST_TEST(!tenant_problem(good), good);
    for (std::string const bad :
         {"", "a/b", "..", "a..b", ".a", "a.", "-a", "--tenant", "a b", "a%2fb", "a@b", "a;b", "$(id)", "a\n",
          "common", "organizations", "consumers"}) {
        auto const problem = tenant_problem(bad);
        BOOST_TEST_REQUIRE(problem.has_value(), bad);
        BOOST_TEST(
            problem->find("the tenant (AZURE_TENANT_ID, --tenant) must be a GUID or a domain name, not \"") ==
                0u,
            *problem);
    }
    BOOST_TEST(!tenant_problem(std::string(253, 'a')));
    BOOST_TEST(tenant_problem(std::string(254, 'a')).has_value());
}

BOOST_AUTO_TEST_CASE(token_endpoints) {
    BOOST_TEST(
        token_url("https://login.example", "contoso.com") ==
        "https://login.example/contoso.com/oauth2/v2.0/token");
}

BOOST_AUTO_TEST_SUITE_END()

}
}
