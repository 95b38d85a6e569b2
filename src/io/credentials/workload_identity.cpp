#include "io/credentials/client_grant.hpp"
#include "io/credentials/secret_file.hpp"

#include <allot/credential_sources.hpp>

#include <atomic>
#include <utility>

namespace allot {
namespace {

constexpr auto federated_source = "federated token";

class workload_identity_credential final : public token_credential {
public:
    workload_identity_credential(client_grant grant, std::string path) : grant_(std::move(grant)) {
        file_.kind = "federated token file";
        file_.path = std::move(path);
    }

    boost::asio::awaitable<result<access_token>> fetch_token(token_request request) override {
        // Kubernetes replaces the file before the token in it expires.
        token_endpoint::form_maker make = [this, &request]() -> result<secret> {
            auto const assertion =
                read_secret_line(file_, was_read_ ? file_reading::again : file_reading::first);
            if (!assertion)
                return assertion.error();
            was_read_ = true;
            return grant_.form_with_assertion(request, assertion->text.reveal());
        };
        co_return co_await grant_.request(grant_.tried("in " + file_.path), std::move(make));
    }

    std::string description() const override { return grant_.description(); }
    std::string cache_key() const override { return grant_.cache_key(file_.path); }
    std::string throttle_key() const override { return grant_.throttle_key(); }

private:
    client_grant grant_;
    secret_file file_;
    std::atomic<bool> was_read_ = false;
};

}

result<std::shared_ptr<token_credential>> make_workload_identity_credential(workload_identity_params params) {
    if (params.federated_token_file.empty())
        return client_grant::missing("federated_token_file", federated_source);
    auto grant = client_grant::make(
        federated_source, params.token_url, std::move(params.client_id), std::move(params.transport));
    if (!grant)
        return grant.error();
    return std::shared_ptr<token_credential>(std::make_shared<workload_identity_credential>(
        std::move(*grant), std::move(params.federated_token_file)));
}

}
