#include "audit/byte_spool.hpp"

#include "audit/io_error.hpp"
#include "base/file_descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace allot {

void byte_spool::open() {
    std::error_code unusable;
    auto const folder = std::filesystem::temp_directory_path(unusable);
    name_ = ((unusable ? "/tmp" : folder) / "allot-input-XXXXXX").string();
    file_descriptor made(::mkostemp(name_.data(), O_CLOEXEC));
    if (made.get() == -1)
        throw io_error("cannot create the temporary file (TMPDIR chooses its folder)", name_, errno);
    ::unlink(name_.c_str());
    file_.reset(::fdopen(made.get(), "w+"));
    if (!file_)
        throw io_error("cannot open", name_, errno);
    made.release();
}

void byte_spool::append(std::string_view bytes) {
    if (!file_ && head_.size() + bytes.size() <= most_in_memory_) {
        head_ += bytes;
        return;
    }
    if (!file_)
        open();
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size())
        throw io_error("cannot write the temporary file (TMPDIR chooses its folder)", name_, errno);
}

void byte_spool::rewind() {
    head_read_ = 0;
    if (file_ && (std::fflush(file_.get()) != 0 || std::fseek(file_.get(), 0, SEEK_SET) != 0))
        throw io_error("cannot write the temporary file (TMPDIR chooses its folder)", name_, errno);
}

void byte_spool::read(char* room, std::size_t size) {
    auto const from_head = std::min(size, head_.size() - head_read_);
    std::memcpy(room, head_.data() + head_read_, from_head);
    head_read_ += from_head;
    auto const left = size - from_head;
    if (left != 0 && std::fread(room + from_head, 1, left, file_.get()) != left)
        throw io_error("cannot read the temporary file", name_, std::ferror(file_.get()) != 0 ? errno : EIO);
}

}
