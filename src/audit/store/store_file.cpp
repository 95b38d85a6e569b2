#include "audit/store/store_file.hpp"

#include "audit/store/store_error.hpp"
#include "audit/text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace allot {
namespace {

[[noreturn]] void refuse(std::string const& path, std::string const& why) {
    throw store_error("the store " + terminal_safe(path) + ": " + why);
}

/// Who only looks whether the store is in use holds it for a moment.
bool lock_exclusively(int descriptor) {
    for (int patience = 20; ::flock(descriptor, LOCK_EX | LOCK_NB) != 0; --patience) {
        if (errno != EWOULDBLOCK || patience == 0)
            return false;
        ::poll(nullptr, 0, 10);
        errno = EWOULDBLOCK;
    }
    return true;
}

std::string read_mountinfo() {
    std::ifstream file("/proc/self/mountinfo");
    return {std::istreambuf_iterator<char>(file), {}};
}

}

store_lock::store_lock(std::string const& path) :
    path_(path),
    file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600)) {
    if (file_.get() == -1)
        refuse(path, std::string("it cannot be opened: ") + std::strerror(errno));
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0 || !S_ISREG(status.st_mode))
        refuse(path, "it is no regular file; name a file that is a store or does not exist");
    if (auto const type = network_file_system(read_mountinfo(), major(status.st_dev), minor(status.st_dev)))
        refuse(
            path, "it would lie on a network file system (" + *type +
                      "), where a store could be damaged; put it on a local disk and copy it afterwards");
    if (!lock_exclusively(file_.get()))
        refuse(
            path, errno == EWOULDBLOCK
                      ? "another allot is working on it; wait for that to end, or use another store"
                      : std::string("it cannot be locked: ") + std::strerror(errno));
}

void store_lock::check() const {
    struct stat mine {};
    struct stat named {};
    if (::fstat(file_.get(), &mine) != 0 || ::stat(path_.c_str(), &named) != 0 ||
        mine.st_dev != named.st_dev || mine.st_ino != named.st_ino)
        refuse(
            path_,
            "it was deleted or replaced while the audit ran; what is not in a copy has to be asked again");
}

bool store_is_in_use(std::string const& path) {
    file_descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    return file.get() != -1 && ::flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

std::optional<std::string>
network_file_system(std::string_view mountinfo, unsigned device_major, unsigned device_minor) {
    constexpr std::array<std::string_view, 21> on_a_network{
        "nfs",         "nfs4",         "cifs",        "smb3",           "smbfs",
        "9p",          "afs",          "ceph",        "glusterfs",      "lustre",
        "gfs2",        "ocfs2",        "beegfs",      "gpfs",           "fuse.sshfs",
        "fuse.s3fs",   "fuse.gcsfuse", "fuse.rclone", "fuse.glusterfs", "fuse.ceph-fuse",
        "fuse.juicefs"};
    auto const device = std::to_string(device_major) + ':' + std::to_string(device_minor);
    std::istringstream lines{std::string(mountinfo)};
    // proc(5): ID PARENT MAJOR:MINOR ROOT MOUNT-POINT OPTIONS [FIELDS...] - TYPE SOURCE OPTIONS
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string id;
        std::string parent;
        std::string number;
        words >> id >> parent >> number;
        auto const separator = line.find(" - ");
        if (number != device || separator == std::string::npos)
            continue;
        auto type = line.substr(separator + 3);
        type.resize(std::min(type.find(' '), type.size()));
        if (std::find(on_a_network.begin(), on_a_network.end(), type) != on_a_network.end())
            return type;
    }
    return std::nullopt;
}

}
