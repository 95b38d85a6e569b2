#include "base/secret_fingerprint.hpp"
#include "io/credentials/secret_file.hpp"

#include <allot/credential_sources.hpp>

#include <atomic>
#include <optional>
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
    result<access_token> read() {
        auto token = read_secret_line(file_, was_read_ ? file_reading::again : file_reading::first);
        if (!token)
            return token.error();
        was_read_ = true;
        auto const now = std::chrono::steady_clock::now();
        std::optional<std::chrono::steady_clock::time_point> renewed_at;
        if (token->can_be_renewed)
            renewed_at = now + reread_after;
        return access_token(
            std::move(token->text), now, std::chrono::steady_clock::time_point::max(), renewed_at);
    }

    secret_file file_;
    std::atomic<bool> was_read_ = false;
};

}

std::shared_ptr<token_credential> make_token_file_credential(std::string path) {
    return std::make_shared<token_file>(std::move(path));
}

}
