#include "simulator/files.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace allot::simulation {
namespace {

[[noreturn]] void fail(std::string const& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// Opens a file for writing, closes it with the object.
class writable_file {
public:
    writable_file(std::string path, int flags, ::mode_t mode) :
        path_(std::move(path)),
        descriptor_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode)) {
        if (descriptor_ < 0)
            fail("cannot make " + path_);
    }
    ~writable_file() {
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }
    writable_file(writable_file const&) = delete;
    writable_file& operator=(writable_file const&) = delete;

    void write(std::string_view text) {
        while (!text.empty()) {
            auto const size = ::write(descriptor_, text.data(), text.size());
            if (size < 0 && errno != EINTR)
                fail("cannot write " + path_);
            text.remove_prefix(size < 0 ? 0 : static_cast<std::size_t>(size));
        }
    }
    void close() {
        if (::close(std::exchange(descriptor_, -1)) != 0)
            fail("cannot write " + path_);
    }

private:
    std::string path_;
    int descriptor_;
};

}

private_directory::private_directory() {
    auto const* const base = std::getenv("TMPDIR");
    path_ = std::string(base != nullptr && *base != '\0' ? base : "/tmp") + "/allot-simulator-XXXXXX";
    if (::mkdtemp(path_.data()) == nullptr)
        fail("cannot make a folder like " + path_);
}

private_directory::~private_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string private_directory::write(std::string_view name, std::string_view text) const {
    auto const path = path_ + '/' + std::string(name);
    writable_file file(path, O_EXCL, S_IRUSR | S_IWUSR);
    file.write(text);
    file.close();
    return path;
}

std::string read_file(std::string const& file) {
    std::error_code ignored;
    std::ifstream in(file, std::ios::binary);
    if (std::filesystem::is_directory(file, ignored))
        errno = EISDIR;
    else if (in.is_open())
        return {std::istreambuf_iterator<char>(in), {}};
    fail("cannot read " + file);
}

void write_atomically(std::string const& file, std::string_view text) {
    // In the same folder: a rename does not cross file systems.
    auto const temporary = file + ".partial";
    try {
        writable_file out(temporary, O_TRUNC, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
        out.write(text);
        out.close();
        if (std::rename(temporary.c_str(), file.c_str()) != 0)
            fail("cannot make " + file);
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
}

}
