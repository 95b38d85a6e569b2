#pragma once

#include <optional>
#include <string>

namespace allot {

/// What to warn of when group or others may read a file that holds a secret: names option, file, mode and the
/// way out. Nothing for what is no regular file, or is not there: whoever reads it says so.
/// Thread safety: safe.
std::optional<std::string> open_mode_warning(std::string const& option, std::string const& file);

}
