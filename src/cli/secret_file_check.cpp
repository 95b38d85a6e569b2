#include "cli/secret_file_check.hpp"

#include "audit/shell_word.hpp"
#include "audit/text.hpp"

#include <cstdio>
#include <sys/stat.h>

namespace allot {

std::optional<std::string> open_mode_warning(std::string const& option, std::string const& file) {
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0 || !S_ISREG(found.st_mode) ||
        (found.st_mode & (S_IRGRP | S_IROTH)) == 0)
        return std::nullopt;
    char mode[8];
    std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(found.st_mode & 07777U));
    auto const word = shell_word(file);
    return option + ' ' + terminal_safe(file) + " has mode " + mode +
           ", so that other users of this machine can read the secret; close it: chmod 600 " +
           (word.empty() ? "FILE" : word);
}

}
