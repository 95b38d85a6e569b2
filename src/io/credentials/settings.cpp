#include "io/credentials/choose_source.hpp"

#include <utility>

namespace allot {
namespace {

using made_credential = result<std::shared_ptr<token_credential>>;

/// Makes what was chosen.
struct source_maker {
    made_credential operator()(secret&& token) const { return make_token_credential(std::move(token)); }
    made_credential operator()(token_file_source&& file) const {
        return make_token_file_credential(std::move(file.path));
    }
    made_credential operator()(client_secret_params&& params) const {
        return make_client_secret_credential(std::move(params));
    }
    made_credential operator()(client_certificate_params&& params) const {
        return make_client_certificate_credential(std::move(params));
    }
    made_credential operator()(workload_identity_params&& params) const {
        return make_workload_identity_credential(std::move(params));
    }
    made_credential operator()(managed_identity_params&& params) const {
        return make_managed_identity_credential(std::move(params));
    }
    made_credential operator()(azure_cli_params&& params) const {
        return make_azure_cli_credential(std::move(params));
    }
    made_credential operator()(ambient_sources&& sources) const {
        std::vector<std::shared_ptr<token_credential>> in_order;
        std::vector<std::string> refused;
        auto const& asked = sources.managed_identity;
        bool const meant = !asked.object_id.empty() || !asked.resource_id.empty();
        if (auto made = make_managed_identity_credential(std::move(sources.managed_identity)))
            in_order.push_back(std::move(*made));
        else if (meant)
            return made.error(); // no variable names these
        else
            refused.push_back("managed identity: " + made.error().message);
        if (auto made = make_azure_cli_credential(std::move(sources.azure_cli)))
            in_order.push_back(std::move(*made));
        else
            refused.push_back(made.error().message);
        refused.insert(refused.end(), sources.absent.begin(), sources.absent.end());
        return make_chained_credential(std::move(in_order), std::move(refused));
    }
};

void take(environment const& lookup, char const* name, std::string& target) {
    if (auto value = lookup(name); value && !value->empty())
        target = std::move(*value);
}

void take(environment const& lookup, char const* name, secret& target) {
    if (auto value = lookup(name); value && !value->empty())
        target = secret(std::move(*value));
}

}

credential_settings settings_from_environment(environment const& lookup) {
    credential_settings out;
    take(lookup, "AZURE_AUTHORITY_HOST", out.authority_url);
    take(lookup, "AZURE_TENANT_ID", out.tenant_id);
    take(lookup, "AZURE_CLIENT_ID", out.client_id);
    take(lookup, "ALLOT_TOKEN", out.token);
    take(lookup, "AZURE_CLIENT_SECRET", out.client_secret);
    take(lookup, "AZURE_CLIENT_CERTIFICATE_PATH", out.certificate_file);
    take(lookup, "AZURE_CLIENT_CERTIFICATE_PASSWORD", out.certificate_passphrase);
    take(lookup, "AZURE_FEDERATED_TOKEN_FILE", out.federated_token_file);
    take(lookup, "IDENTITY_ENDPOINT", out.host.identity_endpoint);
    take(lookup, "IDENTITY_HEADER", out.host.identity_header);
    take(lookup, "IMDS_ENDPOINT", out.host.imds_endpoint);
    take(lookup, "MSI_ENDPOINT", out.host.msi_endpoint);
    take(lookup, "MSI_SECRET", out.host.msi_secret);
    take(lookup, "AZURE_POD_IDENTITY_AUTHORITY_HOST", out.host.metadata_url);
    return out;
}

made_credential make_credential(credential_settings settings) {
    auto source = choose_source(std::move(settings));
    if (!source)
        return source.error();
    return std::visit([](auto& chosen) { return source_maker()(std::move(chosen)); }, *source);
}

}
