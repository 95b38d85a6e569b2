#include "simulator/openid_documents.hpp"

#include "simulator/cloud_hosts.hpp"
#include "simulator/json_writer.hpp"
#include "simulator/own_hosts.hpp"
#include "simulator/token_endpoint.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace allot::simulation {
namespace {

constexpr std::string_view configuration_end = "/v2.0/.well-known/openid-configuration";
constexpr std::string_view keys_end = "/discovery/v2.0/keys";
constexpr std::string_view instance_path = "/common/discovery/instance";

/// The segment before `end`, or nothing when the path is not that segment and `end`.
std::optional<std::string_view> tenant_before(std::string_view path, std::string_view end) noexcept {
    if (!path.starts_with('/') || !path.ends_with(end))
        return std::nullopt;
    auto const tenant = path.substr(1, path.size() - end.size() - 1);
    return tenant.empty() || tenant.find('/') != std::string_view::npos ? std::nullopt
                                                                        : std::optional(tenant);
}

void write_list(json_writer& json, std::string_view name, std::initializer_list<std::string_view> values) {
    json.key(name).begin_array();
    for (auto const value : values)
        json.text(value);
    json.end_array();
}

reply document(std::string body) {
    return {
        200,
        {{"Content-Type", "application/json; charset=utf-8"}, {"Cache-Control", "max-age=86400, private"}},
        std::make_shared<std::string const>(std::move(body)),
        false};
}

/// The decoded value of a query's option.
std::optional<std::string> option_of(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        auto const part = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), part.size() + 1));
        if (part.starts_with(name) && part.substr(name.size()).starts_with('='))
            return percent_decode(part.substr(name.size() + 1), true);
    }
    return std::nullopt;
}

}

bool openid_documents::owns(std::string_view path) noexcept {
    return path == instance_path || tenant_before(path, configuration_end) || tenant_before(path, keys_end);
}

reply openid_documents::answer(request const& what, exchange const& of) const {
    if (what.method != "GET") {
        auto out = entra_error(of, 405, "invalid_request", 900561, "The endpoint only accepts GET requests.");
        out.fields.push_back({"Allow", "GET"});
        return out;
    }
    auto const path = what.path();
    if (path == instance_path)
        return instance(what, of);
    auto const of_keys = tenant_before(path, keys_end);
    auto const tenant = percent_decode(of_keys ? *of_keys : *tenant_before(path, configuration_end));
    if (!tenant || (*tenant != tenant_ && *tenant != domain_))
        return entra_error(
            of, 400, "invalid_tenant", 90002, "Tenant not found. Check the tenant identifier.");
    return document(of_keys ? R"({"keys":[]})" : configuration(base_of(what, bases_)));
}

std::string openid_documents::configuration(std::string const& base) const {
    auto const root = base + '/' + tenant_;
    std::string out;
    json_writer json(out);
    json.begin_object().text_member("issuer", root + "/v2.0");
    json.text_member("authorization_endpoint", root + "/oauth2/v2.0/authorize");
    json.text_member("token_endpoint", root + "/oauth2/v2.0/token");
    json.text_member("jwks_uri", root + std::string(keys_end));
    write_list(
        json, "token_endpoint_auth_methods_supported",
        {"client_secret_post", "private_key_jwt", "client_secret_basic"});
    write_list(json, "token_endpoint_auth_signing_alg_values_supported", {"PS256", "RS256"});
    write_list(json, "grant_types_supported", {"client_credentials"});
    write_list(json, "response_types_supported", {"code"});
    write_list(json, "subject_types_supported", {"pairwise"});
    write_list(json, "id_token_signing_alg_values_supported", {"RS256"});
    write_list(json, "scopes_supported", {"openid", "profile", "email", "offline_access"});
    auto const host = std::string_view(base).substr(https.size());
    json.text_member("msgraph_host", graph_host_beside(host)).end_object();
    return out;
}

reply openid_documents::instance(request const& what, exchange const& of) const {
    auto const authority = option_of(what.query(), "authorization_endpoint").value_or("");
    auto const end_of_host =
        authority.starts_with(https) ? authority.find('/', https.size()) : std::string::npos;
    auto const base = authority.substr(0, end_of_host);
    if (end_of_host == std::string::npos || !is_own_base(base, bases_))
        return entra_error(
            of, 400, "invalid_instance", 50049, "Unknown or invalid instance in 'authorization_endpoint'.");
    auto const tenant = authority.substr(end_of_host, authority.find('/', end_of_host + 1) - end_of_host);
    auto const host = base.substr(https.size());
    std::string out;
    json_writer json(out);
    json.begin_object();
    json.text_member("tenant_discovery_endpoint", base + tenant + std::string(configuration_end));
    json.text_member("api-version", "1.1").key("metadata").begin_array().begin_object();
    json.text_member("preferred_network", host).text_member("preferred_cache", host);
    json.key("aliases").begin_array().text(host).end_array();
    json.end_object().end_array().end_object();
    return document(std::move(out));
}

}
