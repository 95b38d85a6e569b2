#include "cli/connection_options.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>

using namespace allot;

namespace {

constexpr char const* by_default = "https://login.microsoftonline.com";

struct fixture {
    connection_options options;
    std::string host; ///< AZURE_AUTHORITY_HOST; empty as a variable counts as not set

    environment lookup() const {
        return [this](char const* name) {
            return name == std::string("AZURE_AUTHORITY_HOST") ? std::optional(host) : std::nullopt;
        };
    }

    std::string authority() const {
        return authority_of(options, lookup(), host.empty() ? by_default : host);
    }

    void expect_warning(std::string const& text) const {
        BOOST_TEST(authority_warning(options, lookup()).value_or("no warning") == text);
    }
    void expect_no_warning() const {
        auto const warning = authority_warning(options, lookup());
        BOOST_TEST(!warning, warning.value_or(""));
    }
};

}

BOOST_FIXTURE_TEST_SUITE(connection_options_, fixture)

BOOST_AUTO_TEST_CASE(without_the_variable_the_authority_is_that_of_the_cloud) {
    BOOST_TEST(authority() == by_default);
    options.graph_url = "https://graph.microsoft.us";
    BOOST_TEST(authority() == "https://login.microsoftonline.us");
    options.graph_url = "https://localhost:8443";
    BOOST_TEST(authority() == by_default);
    options.cloud = find_cloud("china");
    BOOST_TEST(authority() == "https://login.partner.microsoftonline.cn");
    expect_no_warning();
}

BOOST_AUTO_TEST_CASE(the_variable_is_taken_where_no_cloud_is_named) {
    for (auto const* const each : {"login.example", "https://login.chinacloudapi.cn/", "no host"}) {
        host = each;
        BOOST_TEST(authority() == host);
        options.graph_url = "https://graph.microsoft.us";
        BOOST_TEST(authority() == host);
        options.graph_url.reset();
    }
}

BOOST_AUTO_TEST_CASE(a_cloud_keeps_each_of_its_authoritys_hosts) {
    options.cloud = find_cloud("china");
    for (auto const* const each : {"login.chinacloudapi.cn", "https://login.chinacloudapi.cn/"}) {
        host = each;
        BOOST_TEST(authority() == host);
        expect_no_warning();
    }
    host = "https://login.partner.microsoftonline.cn";
    BOOST_TEST(authority() == host);
    expect_no_warning();
}

BOOST_AUTO_TEST_CASE(a_cloud_comes_before_the_host_of_another_one) {
    options.cloud = find_cloud("china");
    host = "login.microsoftonline.us";
    BOOST_TEST(authority() == "https://login.partner.microsoftonline.cn");
    expect_warning(
        "AZURE_AUTHORITY_HOST is https://login.microsoftonline.us, of the cloud usgov; --cloud china comes "
        "before it and means https://login.partner.microsoftonline.cn; unset the variable, or give --cloud "
        "usgov");
    host = "https://login.example";
    BOOST_TEST(authority() == "https://login.partner.microsoftonline.cn");
    expect_warning(
        "AZURE_AUTHORITY_HOST is https://login.example, which is none of the cloud china; --cloud china "
        "comes "
        "before it and means https://login.partner.microsoftonline.cn; unset the variable, or leave --cloud "
        "out");
}

BOOST_AUTO_TEST_CASE(an_authority_of_another_cloud_than_graphs_is_warned_of) {
    host = "https://login.microsoftonline.com/";
    expect_no_warning();
    host = "login.microsoftonline.us";
    expect_warning("AZURE_AUTHORITY_HOST is that of the cloud usgov, whose tokens are worth nothing at "
                   "https://graph.microsoft.com, the Graph of the cloud global; give --cloud usgov");
    // Two clouds have this one.
    options.graph_url = "https://dod-graph.microsoft.us";
    expect_no_warning();
    options.graph_url = "https://microsoftgraph.chinacloudapi.cn";
    expect_warning("AZURE_AUTHORITY_HOST is that of the cloud usgov, whose tokens are worth nothing at "
                   "https://microsoftgraph.chinacloudapi.cn, the Graph of the cloud china; give --cloud "
                   "china and unset the "
                   "variable");
    host = "login.chinacloudapi.cn";
    expect_no_warning();
    options.graph_url = "https://localhost:8443";
    expect_no_warning();
    host = "login.example";
    options.graph_url.reset();
    expect_no_warning();
}

BOOST_AUTO_TEST_CASE(a_cloud_that_is_not_graphs_is_warned_of) {
    options.cloud = find_cloud("usgov");
    options.graph_url = "https://graph.microsoft.com/";
    expect_warning(
        "--cloud is usgov, whose tokens are worth nothing at https://graph.microsoft.com/, the Graph of the "
        "cloud global; give --cloud global");
    options.token_url = "https://login.example/t/oauth2/v2.0/token";
    expect_no_warning();
}

BOOST_AUTO_TEST_SUITE_END()
