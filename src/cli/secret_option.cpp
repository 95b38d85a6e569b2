#include "cli/secret_option.hpp"

#include "audit/io_error.hpp"
#include "audit/text.hpp"
#include "base/file_descriptor.hpp"
#include "cli/option_checks.hpp"
#include "cli/usage_error.hpp"

#include <CLI/Option.hpp>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace allot {
namespace {

constexpr std::size_t largest_secret = 65'536;
constexpr std::string_view prefix = "fd:";
constexpr int least_descriptor = STDERR_FILENO + 1;

std::optional<int> descriptor_of(std::string_view value) {
    value.remove_prefix(prefix.size());
    int number = 0;
    auto const [rest, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || rest != value.data() + value.size() || number < least_descriptor)
        return std::nullopt;
    return number;
}

/// Opens the file, or takes the descriptor over. -1, with errno, when there is none.
file_descriptor open_secret(std::string const& value) {
    if (!is_descriptor(value))
        return file_descriptor(::open(value.c_str(), O_RDONLY | O_CLOEXEC));
    errno = EBADF;
    return file_descriptor(descriptor_of(value).value_or(-1));
}

/// Without a stream, whose buffer would keep the text. Nothing, with errno, when it cannot be read.
std::optional<std::size_t> read_all(int from, std::string& room) {
    std::size_t size = 0;
    for (;;) {
        auto const got = ::read(from, room.data() + size, room.size() - size);
        if (got == 0)
            return size;
        if (got < 0 && errno != EINTR)
            return std::nullopt;
        size += got < 0 ? 0 : static_cast<std::size_t>(got);
    }
}

}

CLI::Option* add_secret_option(
    CLI::App& app, std::string const& name, std::optional<std::string>& target,
    std::string const& description) {
    auto take = [&target](std::string const& value) -> std::optional<std::string> {
        if (is_descriptor(value)) {
            auto const number = descriptor_of(value);
            if (!number || ::fcntl(*number, F_SETFD, FD_CLOEXEC) == -1)
                return "must be a file, or fd:N for an open descriptor N from " +
                       std::to_string(least_descriptor);
        }
        target = value;
        return std::nullopt;
    };
    return add_checked(app, name, "FILE|fd:N", std::move(take), description);
}

bool is_descriptor(std::string_view value) noexcept {
    return value.starts_with(prefix);
}

secret read_secret_option(std::string const& option, std::string const& value, std::string const& what) {
    auto const shown = option + ' ' + terminal_safe(value);
    std::string text(largest_secret + 1, '\0');
    auto const source = open_secret(value);
    auto const size = source.get() == -1 ? std::nullopt : read_all(source.get(), text);
    auto const error = errno;
    if (!size || *size > largest_secret) {
        wipe(text);
        throw usage_error(
            size ? shown + " is larger than 64 KiB; it must hold " + what + " alone"
                 : io_error(option + ": cannot read", value, error).what());
    }
    text.resize(*size);
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    if (text.empty())
        throw usage_error(shown + " is empty; it must hold " + what);
    return secret(std::move(text));
}

}
