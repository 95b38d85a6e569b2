#include "base/secret_fingerprint.hpp"
#include "io/credentials/secret_file.hpp"

#include <allot/credential_sources.hpp>

#include <utility>

namespace allot {
namespace {

/// How old a text may be before the file is looked at again.
constexpr std::chrono::seconds reread_after{5};

class token_file final : public token_credential {
public:
    explicit token_file(std::string path) { file_ = secret_file{"token file", std::move(path)}; }

    boost::asio::awaitable<result<access_token>> fetch_token(token_request) override { co_return read(); }

    std::string description() const override { return file_.kind + ' ' + file_.path; }
    std::string cache_key() const override { return "token file\n" + secret_fingerprint(file_.path); }

private:
    result<access_token> read() const {
        auto token = read_secret_line(file_);
        if (!token)
            return token.error();
        auto const now = std::chrono::steady_clock::now();
        return access_token(
            std::move(*token), now, std::chrono::steady_clock::time_point::max(), now + reread_after);
    }

    secret_file file_;
};

}

std::shared_ptr<token_credential> make_token_file_credential(std::string path) {
    return std::make_shared<token_file>(std::move(path));
}

}
