#include "protocol/managed_identity_request.hpp"

#include "model/printable.hpp"
#include "protocol/http_request.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace allot {
namespace {

namespace urls = boost::urls;

/// What one kind of endpoint has its own of. An identity whose option is empty cannot be named there.
struct endpoint_rules {
    char const* name;
    char const* api_version;
    char const* client_id;
    char const* object_id;
    char const* resource_id;
};

endpoint_rules const& rules_of(managed_identity_kind kind) {
    static constexpr endpoint_rules imds{"IMDS", "2018-02-01", "client_id", "object_id", "msi_res_id"};
    static constexpr endpoint_rules app_service{
        "App Service", "2019-08-01", "client_id", "principal_id", "mi_res_id"};
    static constexpr endpoint_rules app_service_2017{"App Service of 2017", "2017-09-01", "clientid", "", ""};
    static constexpr endpoint_rules arc{"Azure Arc", "2020-06-01", "", "", ""};
    switch (kind) {
    case managed_identity_kind::imds:
        break;
    case managed_identity_kind::app_service:
        return app_service;
    case managed_identity_kind::app_service_2017:
        return app_service_2017;
    case managed_identity_kind::arc:
        return arc;
    }
    return imds;
}

managed_identity_kind kind_of(managed_identity_host const& host) {
    if (!host.identity_endpoint.empty() && !host.identity_header.empty())
        return managed_identity_kind::app_service;
    if (!host.identity_endpoint.empty() && !host.imds_endpoint.empty())
        return managed_identity_kind::arc;
    if (!host.msi_endpoint.empty() && !host.msi_secret.empty())
        return managed_identity_kind::app_service_2017;
    return managed_identity_kind::imds;
}

result<origin> endpoint_of(managed_identity_kind kind, managed_identity_host const& host) {
    switch (kind) {
    case managed_identity_kind::app_service:
    case managed_identity_kind::arc:
        return parse_local_url("identity_endpoint (IDENTITY_ENDPOINT)", host.identity_endpoint);
    case managed_identity_kind::app_service_2017:
        return parse_local_url("msi_endpoint (MSI_ENDPOINT)", host.msi_endpoint);
    case managed_identity_kind::imds:
        break;
    }
    auto made = parse_local_url("metadata_url (AZURE_POD_IDENTITY_AUTHORITY_HOST)", host.metadata_url);
    if (made) {
        made->base_path.resize(made->base_path.find_last_not_of('/') + 1);
        made->base_path += "/metadata/identity/oauth2/token";
    }
    return made;
}

failure invalid(std::string message) {
    failure made;
    made.code = errc::invalid_params;
    made.message = std::move(message);
    return made;
}

std::optional<failure> bad_header(char const* name, secret const& value) {
    if (is_field_value(value.reveal()))
        return std::nullopt;
    return invalid(
        std::string(name) + " holds characters that no HTTP field can carry; take it over as Azure sets it");
}

}

char const* to_string(managed_identity_kind value) noexcept {
    return rules_of(value).name;
}

result<managed_identity_request> managed_identity_request::make(managed_identity_params params) {
    auto const kind = kind_of(params.host);
    auto where = endpoint_of(kind, params.host);
    if (!where)
        return where.error();
    if (where->base_path.empty())
        where->base_path = "/";
    managed_identity_request made(kind, std::move(*where));

    std::optional<failure> bad;
    if (kind == managed_identity_kind::app_service) {
        bad = bad_header("identity_header (IDENTITY_HEADER)", params.host.identity_header);
        made.header_ = std::move(params.host.identity_header);
    } else if (kind == managed_identity_kind::app_service_2017) {
        bad = bad_header("msi_secret (MSI_SECRET)", params.host.msi_secret);
        made.header_ = std::move(params.host.msi_secret);
    }
    if (bad)
        return std::move(*bad);

    auto const& rules = rules_of(kind);
    struct {
        char const* words;
        char const* settings;
        std::string const& value;
        std::string_view option;
    } const identities[] = {
        {"client id", "AZURE_CLIENT_ID, --client-id", params.client_id, rules.client_id},
        {"object id", "--object-id", params.object_id, rules.object_id},
        {"resource id", "--resource-id", params.resource_id, rules.resource_id}};
    for (auto const& identity : identities) {
        if (identity.value.empty())
            continue;
        if (!made.identity_.empty())
            return invalid(
                "a managed identity is named twice, by " + made.identity_ + " (" + made.identity_settings_ +
                ") and by its " + identity.words + " (" + identity.settings +
                "); give one of client_id, object_id and resource_id");
        made.identity_ = identity.words + (" " + printable(identity.value, 200));
        made.identity_settings_ = identity.settings;
        if (identity.option.empty())
            return invalid(
                std::string(rules.name) + " knows no managed identity by its " + identity.words + " (" +
                identity.settings +
                (*rules.client_id != '\0' ? "); give its client_id"
                                          : "), only the one of the machine itself; leave it out"));
        made.identity_option_ = '&';
        made.identity_option_ += identity.option;
        made.identity_option_ += '=' + urls::encode(identity.value, urls::unreserved_chars);
    }
    return made;
}

secret managed_identity_request::write(std::string_view scope, secret const& key) const {
    constexpr std::string_view suffix = "/.default";
    if (scope.ends_with(suffix))
        scope.remove_suffix(suffix.size());
    auto target = where_.base_path + "?api-version=" + rules_of(kind_).api_version +
                  "&resource=" + urls::encode(scope, urls::unreserved_chars) + identity_option_;

    std::vector<request_field> fields;
    std::string authorization;
    switch (kind_) {
    case managed_identity_kind::imds:
        fields.push_back({"Metadata", "true"});
        break;
    case managed_identity_kind::app_service:
        fields.push_back({"X-IDENTITY-HEADER", header_.reveal()});
        break;
    case managed_identity_kind::app_service_2017:
        fields.push_back({"secret", header_.reveal()});
        break;
    case managed_identity_kind::arc:
        fields.push_back({"Metadata", "true"});
        if (!key.empty()) {
            constexpr std::string_view scheme = "Basic ";
            // Room for all, so that no copy is left behind by growing.
            authorization.reserve(scheme.size() + key.reveal().size());
            authorization += scheme;
            authorization += key.reveal();
            fields.push_back({"Authorization", authorization});
        }
        break;
    }
    secret made(write_get(where_, target, "allot/" ALLOT_VERSION, fields));
    wipe(authorization);
    return made;
}

}
