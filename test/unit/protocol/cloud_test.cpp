#include <allot/cloud.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace allot {
namespace {

cloud const& named(char const* name) {
    return *find_cloud(name);
}

BOOST_AUTO_TEST_SUITE(cloud_hosts)

BOOST_AUTO_TEST_CASE(every_clouds_own_hosts) {
    for (auto const& each : clouds()) {
        BOOST_TEST(cloud_of_graph(each.graph_url) == &each);
        BOOST_TEST(is_authority_of(each, each.authority_url));
        for (auto const* const other : each.other_authority_urls)
            BOOST_TEST(is_authority_of(each, other));
    }
    BOOST_TEST(find_cloud("mars") == nullptr);
}

BOOST_AUTO_TEST_CASE(china_has_two_authorities) {
    BOOST_TEST(is_authority_of(named("china"), "https://login.partner.microsoftonline.cn"));
    BOOST_TEST(is_authority_of(named("china"), "https://login.chinacloudapi.cn"));
    for (auto const* const other : {"global", "usgov", "dod"})
        BOOST_TEST(!is_authority_of(named(other), "https://login.chinacloudapi.cn"), other);
}

BOOST_AUTO_TEST_CASE(the_governments_clouds_share_an_authority) {
    for (auto const* const url : {"https://login.microsoftonline.us", "https://login.usgovcloudapi.net"}) {
        BOOST_TEST(is_authority_of(named("usgov"), url));
        BOOST_TEST(is_authority_of(named("dod"), url));
        BOOST_TEST(!is_authority_of(named("global"), url));
    }
}

BOOST_AUTO_TEST_CASE(a_host_however_it_is_written) {
    for (auto const* const url :
         {"https://GRAPH.Microsoft.US", "https://graph.microsoft.us/", "https://graph.microsoft.us:443/beta"})
        BOOST_TEST(cloud_of_graph(url) == find_cloud("usgov"), url);
    BOOST_TEST(is_authority_of(named("global"), "https://login.microsoftonline.com/contoso.com/"));
}

BOOST_AUTO_TEST_CASE(any_other_host) {
    for (auto const* const url :
         {"", "graph.microsoft.us", "http://graph.microsoft.us", "https://graph.microsoft.us.example",
          "https://x.graph.microsoft.us", "https://graph.microsoft.us:8443",
          "https://localhost/graph.microsoft.us", "https://login.microsoftonline.us"})
        BOOST_TEST(cloud_of_graph(url) == nullptr, url);
    BOOST_TEST(!is_authority_of(named("usgov"), "https://login.example/login.microsoftonline.us"));
    BOOST_TEST(!is_authority_of(named("usgov"), "login.microsoftonline.us"));
}

BOOST_AUTO_TEST_SUITE_END()

}
}
