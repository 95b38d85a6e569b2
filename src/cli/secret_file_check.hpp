#pragma once

#include "cli/credential_options.hpp"

#include <allot/credential_settings.hpp>

#include <optional>
#include <string>
#include <vector>

namespace allot {

/// What others must not do with a file.
enum class file_guard { read_or_write, write };

/// What to warn of when group or others may do that to a file: names it as `named` does, which is an option
/// or a variable, its mode and the way out. Nothing for what is no regular file, or is not there: whoever
/// reads it says so. Thread safety: safe.
std::optional<std::string> open_mode_warning(
    std::string const& named, std::string const& file, file_guard guard = file_guard::read_or_write);

/// A line for each file of the source that the settings choose which is open to others, whether an option or
/// the environment names it. `options` are those that the settings were made from.
std::vector<std::string>
secret_file_warnings(credential_options const& options, credential_settings const& settings);

}
