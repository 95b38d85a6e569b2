#include "protocol/token_error_advice.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

namespace allot {
namespace {

constexpr std::string_view check_app =
    "check the client id, and that the tenant is the one the app is registered or consented to in";
constexpr std::string_view app_disabled =
    "the app is disabled in this tenant: an administrator has to enable it under Enterprise applications";
constexpr std::string_view check_tenant =
    "check the tenant (GUID or domain), and that the authority is the one of its cloud";
constexpr std::string_view other_cloud =
    "the tenant is in another cloud: choose that cloud, for the authority and for Graph";
constexpr std::string_view consent = "an administrator has to consent to the app's permissions: app "
                                     "registration, API permissions, Grant admin "
                                     "consent";
constexpr std::string_view check_scope =
    "the scope must be Graph's URL and /.default: check the Graph URL, and that it is of the tenant's cloud";
constexpr std::string_view check_certificate =
    "give the certificate that is registered with the app and has not expired, or register this one: app "
    "registration, Certificates & secrets";
constexpr std::string_view check_assertion_time =
    "the assertion is outside of its time: set this machine's clock; a federated token may have expired: see "
    "to it that its file is renewed";
constexpr std::string_view check_assertion =
    "check that the client id and the token URL are those of the app and its tenant";
constexpr std::string_view check_federation =
    "compare issuer, subject and audience of the federated token with the federated credentials of the app; "
    "case counts";
constexpr std::string_view one_tenant = "name the tenant by GUID or domain, not common or organizations";
constexpr std::string_view conditional_access = "Conditional Access blocks it: an administrator has to let "
                                                "this app in, or it has to run where the policy "
                                                "allows";
constexpr std::string_view try_later = "try again later";

struct code_advice {
    std::int64_t code;
    std::string_view text;
};

// Meanings: Entra's page "reference-error-codes"; 700021, 700023 and 70021x: Azure SDK's and Azure DevOps'
// troubleshooting pages; 1002016: Entra's page on TLS 1.0 and 1.1.
constexpr code_advice by_code[] = {
    {7000215, "give the secret's value, not its id"},
    {7000222, "the secret has expired: make a new one in the app registration, Certificates & secrets"},
    {7000218, "the app needs a client secret or an assertion: choose a source that gives one"},
    {700016, check_app},
    {700011, check_app},
    {7000112, app_disabled},
    {70001, app_disabled},
    {90002, check_tenant},
    {90038, other_cloud},
    {900382, other_cloud},
    {900432, other_cloud},
    {65001, consent},
    {650056, consent},
    {90094, consent},
    {500011, check_scope},
    {50001, check_scope},
    {650057, check_scope},
    {70011, check_scope},
    {700022, check_scope},
    {50012, check_certificate},
    {700027, check_certificate},
    {700030, check_certificate},
    {900384,
     "check that certificate or federated token and authority belong together: the signature is refused"},
    {700024, check_assertion_time},
    {500133, check_assertion_time},
    {50013, "check this machine's clock, and that the assertion is meant for this tenant and used once"},
    {700021, check_assertion},
    {700023, check_assertion},
    {50048, check_assertion},
    {70021, check_federation},
    {700211, check_federation},
    {700212, check_federation},
    {7002121, check_federation},
    {700213, check_federation},
    {9001023, one_tenant},
    {50194, one_tenant},
    {50059, one_tenant},
    {530032, conditional_access},
    {53003, conditional_access},
    {1002016, "something between here and the endpoint speaks TLS older than 1.2: look for a proxy"},
};

struct error_advice {
    std::string_view error;
    std::string_view text;
};

// RFC 6749 section 5.2 and Entra's additions.
constexpr error_advice by_error[] = {
    {"invalid_client",
     "check the client id and what proves it: a secret's value, not its id; a certificate that is registered "
     "with the app; a federated token that the app trusts"},
    {"unauthorized_client", check_app},
    {"invalid_scope", check_scope},
    {"invalid_resource", check_scope},
    {"invalid_request", "check the token URL, the tenant and the client id"},
    {"invalid_grant", "check this machine's clock, and what proves the client"},
    {"unsupported_grant_type",
     "the token URL must be the one of a v2.0 endpoint that knows client_credentials"},
    {"interaction_required", conditional_access},
    {"access_denied", consent},
    {"temporarily_unavailable", try_later},
    {"server_error", try_later},
};

constexpr std::int64_t passing_codes[] = {90006, 90012, 90024, 90033, 90055, 90090};

bool has_passing_code(token_error const& said) noexcept {
    return std::any_of(said.codes.begin(), said.codes.end(), [](std::int64_t code) {
        return std::find(std::begin(passing_codes), std::end(passing_codes), code) != std::end(passing_codes);
    });
}

}

std::string_view advice_for(token_error const& said) noexcept {
    if (has_passing_code(said))
        return try_later;
    for (auto const code : said.codes)
        for (auto const& each : by_code)
            if (each.code == code)
                return each.text;
    for (auto const& each : by_error)
        if (each.error == said.error)
            return each.text;
    return {};
}

std::string_view advice_for_status(int status) noexcept {
    if (status == 429 || status >= 500)
        return try_later;
    if (status >= 300 && status < 400)
        return "redirects are not followed: give the URL of the token endpoint itself";
    return "check the token URL: https://AUTHORITY/TENANT/oauth2/v2.0/token";
}

std::string_view advice_for_transport(error_code const& transport) noexcept {
    if (transport == errc::resolve_failed)
        return "check the host name and the network";
    if (transport == errc::connect_failed)
        return "check network, firewall and port";
    if (transport == errc::certificate_rejected)
        return "check the host, ca_file and this machine's clock";
    if (transport == errc::proxy_refused)
        return {}; // what it says is enough
    if (transport == errc::tls_failed)
        return "the endpoint must speak TLS 1.2 or newer";
    if (transport == errc::malformed_response || transport == errc::response_too_large)
        return "check that the token URL leads to a token endpoint";
    return try_later;
}

bool may_pass(token_error const& said) noexcept {
    return said.error == "temporarily_unavailable" || has_passing_code(said);
}

std::string clock_advice(std::optional<std::chrono::seconds> offset) {
    using namespace std::chrono;
    constexpr minutes tolerance{5};
    if (!offset || abs(*offset) <= tolerance)
        return {};
    auto const off = abs(*offset);
    auto const shown = off < hours(2)  ? std::to_string(floor<minutes>(off).count()) + " min"
                       : off < days(2) ? std::to_string(floor<hours>(off).count()) + " h"
                                       : std::to_string(floor<days>(off).count()) + " days";
    return "this machine's clock is " + shown + (*offset > seconds(0) ? " behind" : " ahead of") +
           " the token endpoint's: set it";
}

}
