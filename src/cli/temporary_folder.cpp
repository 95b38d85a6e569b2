#include "cli/temporary_folder.hpp"

#include "audit/io_error.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace allot {

temporary_folder::temporary_folder() {
    std::error_code unusable;
    auto base = std::filesystem::temp_directory_path(unusable);
    auto name = ((unusable ? "/tmp" : base) / "allot-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw io_error("cannot create", name, errno);
    path_ = name;
}

temporary_folder::~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}
