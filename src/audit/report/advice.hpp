#pragma once

#include <string_view>

namespace allot {

/// What the error code of a row means and what to do about it, in one or two sentences for people who do not
/// know this library. Codes it does not know get a general answer.
std::string_view advice_for(std::string_view error_code) noexcept;

}
