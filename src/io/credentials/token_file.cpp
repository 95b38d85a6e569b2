#include <allot/credential_sources.hpp>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace allot {
namespace {

constexpr std::size_t file_limit = 64 * 1024;

failure file_failure(std::string const& path, std::string const& why, int error = 0) {
    failure made;
    made.code = errc::token_unavailable;
    made.message = "token file " + path + ": " + why;
    if (error != 0) {
        made.cause = error_code(error, boost::system::system_category());
        made.message += ": " + made.cause.message();
    }
    return made;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    auto const first = text.find_first_not_of(space);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

class token_file final : public token_credential {
public:
    explicit token_file(std::string path) : path_(std::move(path)) {}

    boost::asio::awaitable<result<access_token>> fetch_token(token_request) override { co_return read(); }

    std::string description() const override { return "token file " + path_; }

private:
    result<access_token> read() const {
        std::array<char, file_limit + 1> bytes;
        int const file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0)
            return file_failure(path_, "cannot be opened", errno);
        std::size_t size = 0;
        ::ssize_t got = 0;
        do {
            got = ::read(file, bytes.data() + size, bytes.size() - size);
            if (got > 0)
                size += static_cast<std::size_t>(got);
        } while (got > 0 || (got < 0 && errno == EINTR));
        int const error = errno;
        ::close(file);
        auto made = parse({bytes.data(), size}, got < 0 ? error : 0);
        ::explicit_bzero(bytes.data(), bytes.size());
        return made;
    }

    result<access_token> parse(std::string_view text, int error) const {
        if (error != 0)
            return file_failure(path_, "cannot be read", error);
        if (text.size() > file_limit)
            return file_failure(path_, "is larger than 64 KiB; it must hold one token");
        auto const token = trimmed(text);
        if (token.empty())
            return file_failure(path_, "holds no token");
        if (token.find_first_of(" \t\r\n") != std::string_view::npos)
            return file_failure(path_, "holds more than one token; it must hold one, on one line");
        auto const now = std::chrono::steady_clock::now();
        return access_token(secret(token), now, std::chrono::steady_clock::time_point::max());
    }

    std::string path_;
};

}

std::shared_ptr<token_credential> make_token_file_credential(std::string path) {
    return std::make_shared<token_file>(std::move(path));
}

}
