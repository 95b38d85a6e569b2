#include "io/credentials/arc_key.hpp"

#include "base/file_descriptor.hpp"
#include "io/credentials/secret_file.hpp"
#include "model/printable.hpp"
#include "protocol/http_request.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>

namespace allot {
namespace {

constexpr std::size_t most_key_bytes = 4096;

failure key_refused(std::string const& path, std::string const& why, int system_error = 0) {
    failure made;
    made.code = errc::token_unavailable;
    made.message = "the key file of Azure Arc's agent, " + printable(path, 300) + ", " + why;
    if (system_error != 0) {
        made.cause = error_code(system_error, boost::system::system_category());
        made.message += ": " + made.cause.message();
    }
    if (system_error == EACCES)
        made.message += "; this user must be in the group himds";
    return made;
}

/// Its name in the folder; empty when it does not lie directly there.
std::string key_name_in(std::string_view folder, std::string_view path) {
    constexpr std::string_view suffix = ".key";
    folder = folder.substr(0, folder.find_last_not_of('/') + 1);
    if (!path.starts_with(folder) || path.substr(folder.size()).substr(0, 1) != "/")
        return {};
    auto const name = path.substr(folder.size() + 1);
    bool const plain = name.find('/') == name.npos && name.find('\0') == name.npos;
    return plain && name.size() > suffix.size() && name.ends_with(suffix) ? std::string(name) : std::string();
}

}

result<secret> read_arc_key(std::string const& path, std::string const& folder) {
    auto const name = key_name_in(folder, path);
    if (name.empty())
        return key_refused(path, "is not read: it must lie in " + folder + " and end in .key");
    // From the folder on there is no link to follow. A pipe is opened without waiting for its other end.
    file_descriptor const place(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (place.get() < 0)
        return key_refused(path, "cannot be opened", errno);
    file_descriptor const file(
        ::openat(place.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file.get() < 0) {
        int const error = errno;
        return key_refused(
            path, error == ELOOP ? "is a link, which is not followed" : "cannot be opened", error);
    }
    struct ::stat about {};
    if (::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode))
        return key_refused(path, "is not read: it is no regular file");

    auto const got = read_descriptor(file.get(), most_key_bytes, std::chrono::seconds(1));
    if (got.error != 0)
        return key_refused(path, "cannot be read", got.error);
    if (got.text.reveal().size() > most_key_bytes)
        return key_refused(path, "is larger than 4096 bytes");
    secret key(without_space_around(got.text.reveal()));
    if (!is_field_value(key.reveal()))
        return key_refused(path, key.empty() ? "is empty" : "holds more than one line of text");
    return key;
}

}
