#include "io/credentials/secret_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace allot {
namespace {

constexpr std::size_t line_limit = 64 * 1024;

std::string kibibytes(std::size_t size) {
    return std::to_string(size / 1024) + " KiB";
}

std::string_view without_space_around(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    auto const first = text.find_first_not_of(space);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

}

failure file_failure(secret_file const& file, std::string const& why, int system_error) {
    failure made;
    made.code = file.code;
    made.message = file.kind + ' ' + file.path + ": " + why;
    if (system_error != 0) {
        made.cause = error_code(system_error, boost::system::system_category());
        made.message += ": " + made.cause.message();
    }
    return made;
}

result<secret> read_secret_file(secret_file const& file, std::size_t most) {
    int const handle = ::open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0)
        return file_failure(file, "cannot be opened", errno);
    // One byte more than may be there, and no copy left behind by growing.
    std::string bytes(most + 1, '\0');
    std::size_t size = 0;
    ::ssize_t got = 0;
    do {
        got = ::read(handle, bytes.data() + size, bytes.size() - size);
        if (got > 0)
            size += static_cast<std::size_t>(got);
    } while (got > 0 || (got < 0 && errno == EINTR));
    int const error = got < 0 ? errno : 0;
    ::close(handle);
    secret text(std::string_view(bytes).substr(0, size));
    wipe(bytes);
    if (error != 0)
        return file_failure(file, "cannot be read", error);
    if (size > most)
        return file_failure(file, "is larger than " + kibibytes(most));
    return text;
}

result<secret> read_secret_line(secret_file const& file) {
    auto const text = read_secret_file(file, line_limit);
    if (!text)
        return text.error();
    auto const line = without_space_around(text->reveal());
    if (line.empty())
        return file_failure(file, "is empty; it must hold one token, on one line");
    if (line.find_first_of(" \t\r\n") != std::string_view::npos)
        return file_failure(file, "holds more than one token; it must hold one, on one line");
    return secret(line);
}

}
