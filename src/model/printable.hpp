#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace allot {

/// The character between single quotes, for a message; anything but printable ASCII as `\xNN`.
std::string printable(char character);

/// The text between double quotes, for a message: quotes and backslashes escaped, anything but printable
/// ASCII as `\xNN`. A longer text is cut so that the whole, with the `...` then behind the quotes, stays
/// within `limit` bytes. Precondition: `limit` is at least 16.
std::string printable(std::string_view text, std::size_t limit = 64);

}
