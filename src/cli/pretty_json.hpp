#pragma once

#include <string>
#include <string_view>

namespace allot {

/// JSON text with line breaks and two blanks per level. Preconditions: `json` is valid and without white
/// space between its parts.
std::string pretty_json(std::string_view json);

}
