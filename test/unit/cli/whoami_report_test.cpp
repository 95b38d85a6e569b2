#include "cli/whoami_report.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

namespace allot {
namespace {

using namespace std::chrono_literals;

whoami_report sample() {
    whoami_report out;
    out.source = "client secret of 1111 at https://login.example/t/oauth2/v2.0/token";
    out.graph_url = "https://graph.microsoft.com";
    out.tenant = "contoso.com";
    out.client_id = "1111";
    out.now = std::chrono::sys_days(std::chrono::year(2026) / 3 / 9);
    out.lifetime = 3599s;
    out.refresh_in = 2879s;
    return out;
}

jwt_claims application() {
    jwt_claims out;
    out.tid = "2222";
    out.appid = "1111";
    out.roles = {"Other.Read", "Directory.Read.All", "User.Read.All"};
    return out;
}

bool has(std::string const& text, std::string const& words) {
    return text.find(words) != std::string::npos;
}

boost::json::object json_of(whoami_report const& report) {
    return boost::json::parse(whoami_json(report)).as_object();
}

BOOST_AUTO_TEST_SUITE(whoami_report_suite)

BOOST_AUTO_TEST_CASE(source_tenant_client_lifetime_and_permissions) {
    BOOST_TEST(
        whoami_text(sample()) ==
        "source    client secret of 1111 at https://login.example/t/oauth2/v2.0/token\n"
        "graph     https://graph.microsoft.com\n"
        "tenant    contoso.com\n"
        "client    1111\n"
        "lifetime  59m59s, until 2026-03-09T00:59:59Z; a run fetches the next one after 47m59s\n"
        "\n"
        "/admin needs the application permission CloudLicensing.Read.All (delegated: CloudLicensing.Read)\n"
        "/users needs the application permission User-CloudLicensing.Read.All (delegated: "
        "User-CloudLicensing.Read)\n"
        "/groups needs the application permission Group-CloudLicensing.Read.All (delegated: "
        "Group-CloudLicensing.Read)\n");
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_said) {
    auto report = sample();
    report.tenant.clear();
    report.client_id.clear();
    report.lifetime.reset();
    auto const text = whoami_text(report);
    BOOST_TEST(has(text, "tenant    not known before --roles reads the token\n"));
    BOOST_TEST(has(text, "client    not known before --roles reads the token\n"));
    BOOST_TEST(has(text, "lifetime  not known: it serves until Graph refuses it\n"));
    report.asked_for_roles = true;
    BOOST_TEST(has(whoami_text(report), "roles     not known: the token is no JWT that can be read\n"));
}

BOOST_AUTO_TEST_CASE(roles_say_which_scopes_can_be_read) {
    auto report = sample();
    report.asked_for_roles = true;
    report.claims = application();
    auto const text = whoami_text(report);
    BOOST_TEST(has(text, "tenant    2222 (the source names contoso.com)\n"));
    BOOST_TEST(has(text, "client    1111\n"));
    BOOST_TEST(has(text, "roles     Other.Read, Directory.Read.All, User.Read.All\n"));
    BOOST_TEST(has(text, "(delegated: CloudLicensing.Read): granted by Directory.Read.All\n"));
    // The least of those the token has.
    BOOST_TEST(has(text, "(delegated: User-CloudLicensing.Read): granted by User.Read.All\n"));
    BOOST_TEST(has(text, "(delegated: Group-CloudLicensing.Read): granted by Directory.Read.All\n"));
    report.claims->roles = {"User.Read"};
    BOOST_TEST(has(whoami_text(report), "(delegated: CloudLicensing.Read): not in the token\n"));
}

BOOST_AUTO_TEST_CASE(delegated_permissions_count_as_such) {
    auto report = sample();
    report.asked_for_roles = true;
    report.claims.emplace();
    report.claims->scp = "openid CloudLicensing.Read  User.Read";
    auto const text = whoami_text(report);
    BOOST_TEST(has(text, "(delegated: CloudLicensing.Read): granted by CloudLicensing.Read\n"));
    BOOST_TEST(has(text, "(delegated: User-CloudLicensing.Read): not in the token\n"));
    // As a role of the application it would be another permission.
    report.claims->scp.clear();
    report.claims->roles = {"CloudLicensing.Read"};
    BOOST_TEST(has(whoami_text(report), "(delegated: CloudLicensing.Read): not in the token\n"));
}

BOOST_AUTO_TEST_CASE(row_21_a_clock_that_is_off_is_to_be_set) {
    auto report = sample();
    report.clock_offset = 7min;
    BOOST_TEST(
        has(whoami_text(report),
            "clock     this machine's clock is 7m00s behind that of the token endpoint: set it\n"));
    report.clock_offset = -2s;
    BOOST_TEST(has(whoami_text(report), "clock     2s ahead of that of the token endpoint\n"));
    report.clock_offset = 0s;
    BOOST_TEST(has(whoami_text(report), "clock     as that of the token endpoint\n"));
}

BOOST_AUTO_TEST_CASE(text_of_a_token_does_not_steer_the_terminal) {
    auto report = sample();
    report.asked_for_roles = true;
    report.claims = application();
    report.claims->roles = {"\x1b[31mred"};
    report.claims->tid = "\r\x1b]0;x\x07";
    auto const text = whoami_text(report);
    BOOST_TEST(!has(text, "\x1b"));
    BOOST_TEST(!has(text, "\r"));
}

BOOST_AUTO_TEST_CASE(json_for_programs) {
    auto report = sample();
    auto const plain = json_of(report);
    BOOST_TEST(plain.at("source").as_string() == report.source);
    BOOST_TEST(plain.at("tenant").as_string() == "contoso.com");
    BOOST_TEST(plain.at("expiresAt").as_string() == "2026-03-09T00:59:59Z");
    BOOST_TEST(plain.at("lifetimeSeconds").as_int64() == 3599);
    BOOST_TEST(plain.at("refreshInSeconds").as_int64() == 2879);
    BOOST_TEST(plain.at("clockOffsetSeconds").is_null());
    BOOST_TEST(plain.at("claims").is_null());
    BOOST_TEST(plain.at("permissions").as_array().size() == 3u);

    report.claims = application();
    report.lifetime.reset();
    auto const read = json_of(report);
    BOOST_TEST(read.at("expiresAt").is_null());
    BOOST_TEST(read.at("claims").at("tid").as_string() == "2222");
    BOOST_TEST(read.at("claims").at("roles").as_array().size() == 3u);
    BOOST_TEST(read.at("claims").at("scp").is_null());
    auto const& admin = read.at("permissions").as_array().at(0);
    BOOST_TEST(admin.at("path").as_string() == "/admin");
    BOOST_TEST(admin.at("needs").as_string() == "CloudLicensing.Read.All");
    BOOST_TEST(admin.at("grantedBy").as_string() == "Directory.Read.All");
}

BOOST_AUTO_TEST_SUITE_END()

}
}
