#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// The first name that an object of the document has twice, escapes decoded; Boost.JSON's tree keeps only the
/// last member of a name. Precondition: the text parses as `strict_json`.
std::optional<std::string> doubled_name(std::string_view json);

}
