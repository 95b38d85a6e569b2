#include "cli/secret_environment.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>

using namespace allot;

namespace {

/// An environment block that belongs to the test, as exec gives one.
struct fixture {
    std::string token = "ALLOT_TOKEN=marker-token";
    std::string twice = "ALLOT_TOKEN=marker-again";
    std::string secret_text = "AZURE_CLIENT_SECRET=marker-secret";
    std::string passphrase = "AZURE_CLIENT_CERTIFICATE_PASSWORD=marker-passphrase";
    std::string header = "IDENTITY_HEADER=marker-header";
    std::string msi = "MSI_SECRET=marker-msi";
    std::string tenant = "AZURE_TENANT_ID=marker-tenant";
    std::string like_one = "ALLOT_TOKENS=marker-other";
    std::array<char*, 9> block{token.data(),      twice.data(),    secret_text.data(),
                               passphrase.data(), header.data(),   msi.data(),
                               tenant.data(),     like_one.data(), nullptr};
    char** const before = environ;

    fixture() { environ = block.data(); }
    ~fixture() { environ = before; }

    static bool is_wiped(std::string const& variable) {
        return variable.substr(variable.find_first_of(std::string_view("=\0", 2)) + 1)
                   .find_first_not_of('\0') == std::string::npos;
    }
};

}

BOOST_FIXTURE_TEST_SUITE(secret_environment_, fixture)

BOOST_AUTO_TEST_CASE(row_23_a_secret_is_overwritten_once_it_is_read) {
    auto const lookup = secret_environment();
    BOOST_TEST(lookup("ALLOT_TOKEN").value() == "marker-token");
    BOOST_TEST(is_wiped(token));
    BOOST_TEST(is_wiped(twice));
    BOOST_TEST(std::getenv("ALLOT_TOKEN") == nullptr);
    BOOST_TEST(!lookup("ALLOT_TOKEN"));
    BOOST_TEST(!is_wiped(secret_text));
    BOOST_TEST(lookup("AZURE_CLIENT_SECRET").value() == "marker-secret");
    BOOST_TEST(is_wiped(secret_text));
}

BOOST_AUTO_TEST_CASE(what_nobody_asked_for_goes_with_the_last_lookup) {
    std::optional<environment> lookup = secret_environment();
    std::optional<environment> copy = lookup;
    lookup.reset();
    BOOST_TEST(!is_wiped(msi));
    copy.reset();
    for (auto const* variable : {&token, &twice, &secret_text, &passphrase, &header, &msi})
        BOOST_TEST(is_wiped(*variable), *variable);
}

BOOST_AUTO_TEST_CASE(other_variables_stay) {
    {
        auto const lookup = secret_environment();
        BOOST_TEST(lookup("AZURE_TENANT_ID").value() == "marker-tenant");
        BOOST_TEST(lookup("AZURE_TENANT_ID").value() == "marker-tenant");
        BOOST_TEST(!lookup("NOTHING"));
    }
    BOOST_TEST(tenant == "AZURE_TENANT_ID=marker-tenant");
    BOOST_TEST(like_one == "ALLOT_TOKENS=marker-other");
    BOOST_TEST(std::getenv("ALLOT_TOKENS") == std::string_view("marker-other"));
}

BOOST_AUTO_TEST_CASE(all_are_forgotten_at_once) {
    forget_secret_variables();
    for (auto const* variable : {&token, &twice, &secret_text, &passphrase, &header, &msi})
        BOOST_TEST(is_wiped(*variable), *variable);
    BOOST_TEST(std::getenv("MSI_SECRET") == nullptr);
    forget_secret_variables();
}

BOOST_AUTO_TEST_SUITE_END()
