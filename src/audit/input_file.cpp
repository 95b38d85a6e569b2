#include "audit/input_file.hpp"

#include "audit/input.hpp"
#include "audit/io_error.hpp"
#include "audit/text.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace allot {

input_file::input_file(std::string const& path) :
    name_(path == "-" ? "standard input" : terminal_safe(path)) {
    if (path != "-")
        file_ = file_descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (path != "-" && file_.get() == -1) {
        if (errno == ENOENT || errno == ENOTDIR)
            throw input_error(
                name_ + ": there is no such file; give a file of assignment ids, or - for standard input");
        throw io_error("cannot open", path, errno);
    }
    struct stat status {};
    if (::fstat(descriptor(), &status) != 0)
        throw io_error("cannot read", name_, errno);
    if (S_ISDIR(status.st_mode))
        throw input_error(name_ + " is a directory; give a file of assignment ids");
}

int input_file::descriptor() const noexcept {
    return file_.get() == -1 ? STDIN_FILENO : file_.get();
}

bool input_file::is_terminal() const noexcept {
    return ::isatty(descriptor()) == 1;
}

bool input_file::is_same_file(std::string const& path) const {
    struct stat mine {};
    struct stat other {};
    return ::fstat(descriptor(), &mine) == 0 && ::stat(path.c_str(), &other) == 0 && S_ISREG(mine.st_mode) &&
           mine.st_dev == other.st_dev && mine.st_ino == other.st_ino;
}

chunk_source input_file::source() const {
    return [this](std::span<char> space) -> std::size_t {
        while (true) {
            auto const got = ::read(descriptor(), space.data(), space.size());
            if (got >= 0)
                return static_cast<std::size_t>(got);
            if (errno != EINTR)
                throw io_error("cannot read", name_, errno);
        }
    };
}

}
