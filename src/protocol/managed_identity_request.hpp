#pragma once

#include "protocol/target.hpp"

#include <allot/credential_sources.hpp>
#include <allot/failure.hpp>
#include <allot/secret.hpp>

#include <string>
#include <string_view>

namespace allot {

/// The endpoints that Azure has for managed identities.
enum class managed_identity_kind {
    imds,             ///< a VM's instance metadata service
    app_service,      ///< also Functions and Container Apps
    app_service_2017, ///< the endpoint App Service had before
    arc,              ///< the agent on a server outside Azure: asked twice, with a key the second time
};

/// As messages name it: "IMDS", "App Service", ...
char const* to_string(managed_identity_kind value) noexcept;

/// How a managed identity's token is asked for: which endpoint, and the request. Source: Microsoft's pages
/// "how-to-use-vm-token", "overview-managed-identity" (App Service) and "managed-identity-authentication"
/// (Arc). Thread safety: distinct objects: safe; shared: safe.
class managed_identity_request {
public:
    /// Errors: as `make_managed_identity_credential`.
    static result<managed_identity_request> make(managed_identity_params params);

    managed_identity_kind kind() const noexcept { return kind_; }
    origin const& where() const noexcept { return where_; }

    /// "http://HOST/PATH", for messages.
    std::string url() const { return "http://" + where_.host_field + where_.base_path; }

    /// Who is asked for, for messages: "client id ...", or empty for the system-assigned identity.
    std::string const& identity() const noexcept { return identity_; }

    /// Where that comes from, for messages: "AZURE_CLIENT_ID, --client-id".
    std::string const& identity_settings() const noexcept { return identity_settings_; }

    /// Endpoint and identity: the same for requests that get the same token.
    std::string key() const { return to_string(kind_) + (' ' + url() + ' ') + identity_option_; }

    /// The secret that endpoints of App Service want to see; empty for others.
    secret const& header() const noexcept { return header_; }

    /// The bytes of the request. `scope` is a resource and "/.default"; `key` is what Arc's challenge pointed
    /// to, empty for the first request. Preconditions: `is_field_value(key)` unless it is empty.
    secret write(std::string_view scope, secret const& key = secret()) const;

private:
    managed_identity_request(managed_identity_kind kind, origin where) :
        kind_(kind),
        where_(std::move(where)) {}

    managed_identity_kind kind_;
    origin where_;
    secret header_;
    std::string identity_;
    std::string identity_settings_;
    std::string identity_option_; ///< "&client_id=...", or empty
};

}
