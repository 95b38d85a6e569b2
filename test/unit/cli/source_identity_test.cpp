#include "cli/source_identity.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace allot;

namespace {

/// Everything that may be set beside what the source uses.
struct fixture {
    credential_settings settings;

    fixture() {
        settings.tenant_id = "contoso.com";
        settings.client_id = "app";
    }

    void
    expect(std::string const& tenant, std::string const& client_id, std::string const& worked = {}) const {
        auto const identity = identity_of(choose_source(settings).value(), worked);
        BOOST_TEST(identity.tenant == tenant);
        BOOST_TEST(identity.client_id == client_id);
    }
};

}

BOOST_FIXTURE_TEST_SUITE(source_identities, fixture)

BOOST_AUTO_TEST_CASE(a_given_token_is_whose_it_is) {
    settings.token = secret(std::string_view("marker"));
    expect("", "");
    settings.token_file = "token";
    expect("", "");
}

BOOST_AUTO_TEST_CASE(an_application_asks_in_its_own_name) {
    settings.client_secret = secret(std::string_view("marker"));
    expect("contoso.com", "app");
    settings.kind = credential_kind::client_certificate;
    settings.certificate_file = "certificate";
    expect("contoso.com", "app");
    settings.kind = credential_kind::workload_identity;
    settings.federated_token_file = "token";
    expect("contoso.com", "app");
}

BOOST_AUTO_TEST_CASE(the_tenant_is_the_one_that_is_asked) {
    settings.client_secret = secret(std::string_view("marker"));
    settings.token_url = "https://login.example/fabrikam.com/oauth2/v2.0/token";
    expect("fabrikam.com", "app");
    settings.token_url = "https://login.example/token";
    expect("", "app");
}

BOOST_AUTO_TEST_CASE(a_managed_identity_is_known_where_it_is_named) {
    settings.kind = credential_kind::managed_identity;
    expect("", "app");
    settings.client_id.clear();
    settings.object_id = "object";
    expect("", "");
}

BOOST_AUTO_TEST_CASE(the_azure_cli_has_a_client_of_its_own) {
    settings.kind = credential_kind::azure_cli;
    expect("contoso.com", "");
    settings.tenant_id.clear();
    expect("", "");
}

BOOST_AUTO_TEST_CASE(of_several_the_one_that_worked_counts) {
    auto const described = [this](credential_kind kind) {
        auto of = settings;
        of.kind = kind;
        return make_credential(of).value()->description();
    };
    expect("", "app", described(credential_kind::managed_identity));
    expect("contoso.com", "", described(credential_kind::azure_cli));
}

BOOST_AUTO_TEST_SUITE_END()
