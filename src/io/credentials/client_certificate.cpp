#include "io/credentials/certificate_file.hpp"
#include "io/credentials/client_assertion.hpp"
#include "io/credentials/client_grant.hpp"

#include <allot/credential_sources.hpp>

#include <memory>
#include <mutex>
#include <utility>

namespace allot {
namespace {

constexpr auto certificate_source = "client certificate";

class client_certificate_credential final : public token_credential {
public:
    using certificate_ptr = std::shared_ptr<client_certificate const>;

    client_certificate_credential(
        client_grant grant, client_certificate_params params, certificate_ptr certificate) :
        grant_(std::move(grant)),
        file_(std::move(params.certificate_file)),
        passphrase_(std::move(params.passphrase)),
        algorithm_(params.algorithm),
        cache_key_(grant_.cache_key(certificate->sha256_thumbprint())),
        certificate_(std::move(certificate)) {}

    boost::asio::awaitable<result<access_token>> fetch_token(token_request request) override {
        auto const used = current();
        auto got = co_await ask(used, request);
        if (got || got.error().graph_code != "invalid_client")
            co_return got;
        // The certificate may have been renewed since the file was read.
        auto newer = reread(used);
        if (!newer) {
            auto refused = got.error();
            refused.message += "; the file cannot be read again: " + newer.error().message;
            co_return refused;
        }
        if (*newer == used)
            co_return got;
        co_return co_await ask(*newer, request);
    }

    std::string description() const override { return grant_.description(); }
    std::string cache_key() const override { return cache_key_; }
    std::string throttle_key() const override { return grant_.throttle_key(); }

private:
    /// `request` outlives the operation.
    boost::asio::awaitable<result<access_token>> ask(certificate_ptr by, token_request const& request) const {
        token_endpoint::form_maker make = [this, by, &request]() -> result<secret> {
            auto const url = grant_.url();
            auto const id = make_assertion_id();
            assertion_claims claims;
            claims.audience = url;
            claims.client_id = grant_.client_id();
            claims.id = id;
            claims.now = std::chrono::system_clock::now();
            auto const assertion = make_client_assertion(*by, algorithm_, claims);
            if (!assertion)
                return assertion.error();
            return grant_.form_with_assertion(request, assertion->reveal());
        };
        auto tried = grant_.tried(by->describe(std::chrono::system_clock::now()));
        co_return co_await grant_.request(std::move(tried), std::move(make));
    }

    certificate_ptr current() const {
        std::lock_guard const lock(mutex_);
        return certificate_;
    }

    /// Another certificate than `used`, if there is one by now, else `used`.
    result<certificate_ptr> reread(certificate_ptr const& used) {
        if (auto found = current(); found != used)
            return found;
        auto read =
            read_certificate_file(file_, passphrase_, file_reading::again, std::chrono::system_clock::now());
        if (!read)
            return read.error();
        if ((*read)->sha256_thumbprint() == used->sha256_thumbprint())
            return used;
        std::lock_guard const lock(mutex_);
        certificate_ = std::move(*read);
        return certificate_;
    }

    client_grant grant_;
    std::string file_;
    secret passphrase_;
    assertion_algorithm algorithm_;
    std::string cache_key_;
    mutable std::mutex mutex_;
    certificate_ptr certificate_;
};

}

result<std::shared_ptr<token_credential>>
make_client_certificate_credential(client_certificate_params params) {
    if (params.certificate_file.empty())
        return client_grant::missing("certificate_file", certificate_source);
    auto grant = client_grant::make(
        certificate_source, params.token_url, std::move(params.client_id), std::move(params.transport));
    if (!grant)
        return grant.error();
    auto certificate = read_certificate_file(
        params.certificate_file, params.passphrase, file_reading::first, std::chrono::system_clock::now());
    if (!certificate)
        return certificate.error();
    return std::shared_ptr<token_credential>(std::make_shared<client_certificate_credential>(
        std::move(*grant), std::move(params), std::move(*certificate)));
}

}
