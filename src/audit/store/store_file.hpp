#pragma once

#include "base/file_descriptor.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// Keeps other processes from auditing into the same store. The file is created where there is none.
/// Errors: `store_error` when another process holds the lock, when the file lies on a network file system,
/// where locks and shared memory do not work as a store needs them, and when it cannot be opened.
class store_lock {
public:
    explicit store_lock(std::string const& path);

    /// That the name still leads to the file: what is written to one that was deleted or replaced is lost.
    /// Errors: `store_error`.
    void check() const;

private:
    std::string path_;
    file_descriptor file_;
};

/// Whether a process audits into the store now. Preconditions: this one has no connection to it: closing a
/// descriptor drops the locks that SQLite holds on the same file.
bool store_is_in_use(std::string const& path);

/// The type of file system ("nfs4", "cifs", ...) that the device is mounted with, if it is one on a network,
/// by the text of /proc/self/mountinfo.
std::optional<std::string>
network_file_system(std::string_view mountinfo, unsigned device_major, unsigned device_minor);

}
