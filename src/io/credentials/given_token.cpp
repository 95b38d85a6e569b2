#include "base/secret_fingerprint.hpp"

#include <allot/credential_sources.hpp>

#include <utility>

namespace allot {
namespace {

class given_token final : public token_credential {
public:
    explicit given_token(secret token) : token_(std::move(token)) {}

    boost::asio::awaitable<result<access_token>> fetch_token(token_request) override {
        auto const now = std::chrono::steady_clock::now();
        co_return access_token(token_, now, std::chrono::steady_clock::time_point::max());
    }

    std::string description() const override { return "a given token"; }
    std::string cache_key() const override { return "given token\n" + secret_fingerprint(token_.reveal()); }

private:
    secret token_;
};

}

std::shared_ptr<token_credential> make_token_credential(secret token) {
    return std::make_shared<given_token>(std::move(token));
}

}
