#include "io/credentials/client_grant.hpp"

#include "base/secret_fingerprint.hpp"

#include <utility>

namespace allot {

client_grant::client_grant(std::string source, token_endpoint endpoint, std::string client_id) :
    source_(std::move(source)),
    endpoint_(std::move(endpoint)),
    client_id_(std::move(client_id)) {}

failure client_grant::missing(std::string const& parameter, std::string const& source) {
    failure made;
    made.code = errc::invalid_params;
    made.message = parameter + " is empty; a " + source + " needs one";
    return made;
}

result<client_grant> client_grant::make(
    std::string source, std::string const& token_url, std::string client_id, transport_params transport) {
    if (client_id.empty())
        return missing("client_id", source);
    auto endpoint = token_endpoint::make(token_url, std::move(transport));
    if (!endpoint)
        return endpoint.error();
    return client_grant(std::move(source), std::move(*endpoint), std::move(client_id));
}

std::string client_grant::tried(std::string const& detail) const {
    return source_ + (detail.empty() ? "" : ' ' + detail) + " of " + client_id_;
}

std::string client_grant::cache_key(std::string_view proof) const {
    return source_ + '\n' + url() + '\n' + client_id_ + '\n' + secret_fingerprint(proof) + '\n' +
           endpoint_.route();
}

std::string client_grant::throttle_key() const {
    return "application\n" + url() + '\n' + client_id_;
}

secret client_grant::form(token_request const& request, std::vector<field> const& proof) const {
    std::vector<field> fields{
        {"client_id", client_id_}, {"scope", request.scope}, {"grant_type", "client_credentials"}};
    fields.insert(fields.end(), proof.begin(), proof.end());
    if (!request.claims.empty())
        fields.emplace_back("claims", request.claims);
    return encode_form(fields);
}

secret client_grant::form_with_secret(token_request const& request, std::string_view client_secret) const {
    return form(request, {{"client_secret", client_secret}});
}

secret client_grant::form_with_assertion(token_request const& request, std::string_view assertion) const {
    return form(
        request, {{"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                  {"client_assertion", assertion}});
}

}
