#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// The key file that the WWW-Authenticate field of Azure Arc's agent names. The agent writes "Basic
/// realm=/path/to/file", without the quotes that RFC 9110 wants around a slash; with them will do too.
/// Nothing when there is no such file.
std::optional<std::string> arc_key_file(std::string_view field_value);

}
