#include "io/credentials/client_grant.hpp"

#include <allot/credential_sources.hpp>

#include <utility>

namespace allot {
namespace {

constexpr auto secret_source = "client secret";

class client_secret_credential final : public token_credential {
public:
    client_secret_credential(client_grant grant, secret client_secret) :
        grant_(std::move(grant)),
        secret_(std::move(client_secret)) {}

    boost::asio::awaitable<result<access_token>> fetch_token(token_request request) override {
        token_endpoint::form_maker make = [this, &request]() -> result<secret> {
            return grant_.form_with_secret(request, secret_.reveal());
        };
        co_return co_await grant_.request(grant_.tried(), std::move(make));
    }

    std::string description() const override { return grant_.description(); }
    std::string cache_key() const override { return grant_.cache_key(secret_.reveal()); }
    std::string throttle_key() const override { return grant_.throttle_key(); }

private:
    client_grant grant_;
    secret secret_;
};

}

result<std::shared_ptr<token_credential>> make_client_secret_credential(client_secret_params params) {
    if (params.client_secret.empty())
        return client_grant::missing("client_secret", secret_source);
    auto grant = client_grant::make(
        secret_source, params.token_url, std::move(params.client_id), std::move(params.transport));
    if (!grant)
        return grant.error();
    return std::shared_ptr<token_credential>(
        std::make_shared<client_secret_credential>(std::move(*grant), std::move(params.client_secret)));
}

}
