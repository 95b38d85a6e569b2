#include "io/token_endpoint.hpp"

#include <allot/credential_sources.hpp>

#include <utility>

namespace allot {
namespace {

class client_secret_credential final : public token_credential {
public:
    client_secret_credential(token_endpoint endpoint, std::string client_id, secret client_secret) :
        endpoint_(std::move(endpoint)),
        client_id_(std::move(client_id)),
        secret_(std::move(client_secret)) {}

    boost::asio::awaitable<result<access_token>> fetch_token(token_request request) override {
        std::vector<std::pair<std::string_view, std::string_view>> fields{
            {"client_id", client_id_},
            {"scope", request.scope},
            {"client_secret", secret_.reveal()},
            {"grant_type", "client_credentials"}};
        if (!request.claims.empty())
            fields.emplace_back("claims", request.claims);
        auto form = encode_form(fields);
        co_return co_await endpoint_.request(std::move(form));
    }

    std::string description() const override {
        return "client secret of " + client_id_ + " at " + endpoint_.url();
    }

private:
    token_endpoint endpoint_;
    std::string client_id_;
    secret secret_;
};

failure missing(std::string const& what) {
    failure made;
    made.code = errc::invalid_params;
    made.message = what + " is empty; the client credentials grant needs client_id and client_secret";
    return made;
}

}

result<std::shared_ptr<token_credential>> make_client_secret_credential(client_secret_params params) {
    if (params.client_id.empty())
        return missing("client_id");
    if (params.client_secret.empty())
        return missing("client_secret");
    auto endpoint = token_endpoint::make(params.token_url, std::move(params.transport));
    if (!endpoint)
        return endpoint.error();
    return std::shared_ptr<token_credential>(std::make_shared<client_secret_credential>(
        std::move(*endpoint), std::move(params.client_id), std::move(params.client_secret)));
}

}
