#include "audit/row_output.hpp"

#include "audit/io_error.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <limits.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace allot {
namespace {

constexpr std::size_t flush_size = 65'536;
constexpr std::size_t most_buffered = 1'048'576;
constexpr int forever = -1;
constexpr int patience_ms = 10'000;
constexpr char const* suffix = ".partial";

bool same_file(int descriptor, std::string const& path) {
    struct stat opened {};
    struct stat named {};
    return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

// A link keeps pointing at its file, which is replaced.
std::string link_target(std::string const& path) {
    std::error_code none;
    auto const target = std::filesystem::canonical(path, none);
    return none ? path : target.string();
}

// A new name is on the disk when its folder is. Some file systems cannot say; they are taken at their word.
void store_name(std::string const& path) {
    auto const folder = std::filesystem::path(path).parent_path().string();
    file_descriptor const opened(
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.get() != -1 && ::fsync(opened.get()) != 0 && errno != EINVAL && errno != ENOTSUP)
        throw io_error("cannot store the name of", path, errno);
}

// Opened for this run alone. The lock ends with the descriptor, also when the process is killed.
file_descriptor open_partial(std::string const& path) {
    file_descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666));
    if (file.get() == -1)
        throw io_error("cannot create", path, errno);
    // A run that just finished may have renamed the file between our open and our lock.
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0 || !same_file(file.get(), path))
        throw io_error("cannot write (another run does)", path, EBUSY);
    if (::ftruncate(file.get(), 0) != 0)
        throw io_error("cannot empty", path, errno);
    return file;
}

}

std::string partial_name(std::string const& path) {
    return link_target(path) + suffix;
}

row_output::row_output(std::string const& path) : path_(path) {
    if (path != "-")
        open_file(path);
    else
        path_ = "standard output";
    struct stat status {};
    if (::fstat(descriptor(), &status) != 0)
        throw io_error("cannot write to", path_, errno);
    is_regular_ = S_ISREG(status.st_mode);
    is_terminal_ = ::isatty(descriptor()) == 1;
}

void row_output::open_file(std::string const& path) {
    struct stat status {};
    bool const exists = ::stat(path.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode))
        throw io_error("cannot write to", path, EISDIR);
    if (exists && !S_ISREG(status.st_mode)) {
        file_ = file_descriptor(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
        if (file_.get() == -1)
            throw io_error("cannot write to", path, errno);
        return;
    }
    path_ = link_target(path);
    partial_path_ = path_ + suffix;
    file_ = open_partial(partial_path_);
}

int row_output::descriptor() const noexcept {
    return file_.get() == -1 ? STDOUT_FILENO : file_.get();
}

void row_output::append(std::string_view row) {
    buffer_ += row;
    if (buffered() >= flush_size)
        flush();
}

bool row_output::has_room() {
    if (buffered() >= most_buffered)
        flush();
    return buffered() < most_buffered;
}

void row_output::flush() {
    while (buffered() != 0 && (is_regular_ || wait_for_room(0)))
        // A pipe that has room takes this much without blocking.
        write_some(is_regular_ ? buffered() : PIPE_BUF);
    if (written_ > flush_size || buffered() == 0) {
        buffer_.erase(0, written_);
        written_ = 0;
    }
}

void row_output::write_out() {
    drain(forever);
}

void row_output::finish() {
    write_out();
    if (is_regular_ && ::fsync(descriptor()) != 0)
        throw io_error("cannot store", path_, errno);
    if (!partial_path_.empty() && std::rename(partial_path_.c_str(), path_.c_str()) != 0)
        throw io_error(
            "the rows are complete in " + partial_path_ + ", but cannot be renamed to", path_, errno);
    if (!partial_path_.empty())
        store_name(path_);
    partial_path_.clear();
}

void row_output::discard() noexcept {
    if (!partial_path_.empty())
        ::unlink(partial_path_.c_str());
    partial_path_.clear();
}

void row_output::leave() {
    drain(patience_ms);
}

void row_output::drain(int timeout_ms) {
    flush();
    while (buffered() != 0) {
        if (!wait_for_room(timeout_ms))
            throw io_error("nobody reads", path_, ETIMEDOUT);
        flush();
    }
}

bool row_output::wait_for_room(int timeout_ms) {
    pollfd room{descriptor(), POLLOUT, 0};
    while (true) {
        auto const ready = ::poll(&room, 1, timeout_ms);
        if (ready >= 0)
            return ready != 0;
        if (errno != EINTR)
            throw io_error("cannot write to", path_, errno);
        if (timeout_ms != forever)
            return false;
    }
}

void row_output::write_some(std::size_t at_most) {
    auto const wrote = ::write(descriptor(), buffer_.data() + written_, std::min(at_most, buffered()));
    if (wrote >= 0)
        written_ += static_cast<std::size_t>(wrote);
    else if (errno != EINTR && errno != EAGAIN)
        throw io_error("cannot write to", partial_path_.empty() ? path_ : partial_path_, errno);
}

}
