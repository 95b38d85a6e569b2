#include "io/credentials/secret_file.hpp"

#include "base/file_descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace allot {
namespace {

constexpr std::size_t line_limit = 64 * 1024;

std::string kibibytes(std::size_t size) {
    return std::to_string(size / 1024) + " KiB";
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

result<secret_content> read_secret_file(secret_file const& file, std::size_t most, file_reading which) {
    // A pipe is opened without waiting for its other end.
    file_descriptor const handle(::open(file.path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    struct ::stat about {};
    if (handle.get() < 0 || ::fstat(handle.get(), &about) != 0)
        return file_failure(file, "cannot be opened", errno);
    bool const is_regular = S_ISREG(about.st_mode);
    if (!is_regular && which == file_reading::again)
        return file_failure(
            file, "is no regular file and was read before; what is not kept in a file is given once: to "
                  "have it renewed, give a regular file");
    auto got = read_descriptor(handle.get(), most, file.patience);
    if (got.error == ETIMEDOUT)
        return file_failure(
            file, "has no end after " + std::to_string(file.patience / std::chrono::seconds(1)) +
                      " s; whoever writes to this pipe must write all and close it");
    if (got.error != 0)
        return file_failure(file, "cannot be read", got.error);
    if (got.text.reveal().size() > most)
        return file_failure(file, "is larger than " + kibibytes(most));
    return secret_content{std::move(got.text), is_regular};
}

result<secret_content> read_secret_line(secret_file const& file, file_reading which) {
    auto const content = read_secret_file(file, line_limit, which);
    if (!content)
        return content.error();
    auto const line = without_space_around(content->text.reveal());
    if (line.empty())
        return file_failure(file, "is empty; it must hold one token, on one line");
    if (line.find_first_of(" \t\r\n") != std::string_view::npos)
        return file_failure(file, "holds more than one token; it must hold one, on one line");
    return secret_content{secret(line), content->can_be_renewed};
}

descriptor_text read_descriptor(int from, std::size_t most, std::chrono::milliseconds patience) {
    using namespace std::chrono;
    auto const until = steady_clock::now() + patience;
    // No copy is left behind by growing.
    std::string bytes(most + 1, '\0');
    std::size_t size = 0;
    descriptor_text out;
    while (size != bytes.size() && out.error == 0) {
        auto const left = std::max(ceil<milliseconds>(until - steady_clock::now()), milliseconds(0));
        ::pollfd ready{from, POLLIN, 0};
        auto const found = ::poll(&ready, 1, static_cast<int>(left.count()));
        auto const got = found > 0 ? ::read(from, bytes.data() + size, bytes.size() - size) : -1;
        if (got == 0)
            break;
        if (got > 0)
            size += static_cast<std::size_t>(got);
        else if (found == 0)
            out.error = ETIMEDOUT;
        else if (errno != EINTR && errno != EAGAIN)
            out.error = errno;
    }
    out.text = secret(std::string_view(bytes).substr(0, size));
    wipe(bytes);
    return out;
}

std::string_view without_space_around(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    auto const first = text.find_first_not_of(space);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

}
