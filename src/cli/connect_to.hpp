#pragma once

#include <allot/transport.hpp>

#include <optional>
#include <string_view>

namespace allot {

/// HOST:PORT:ADDR:PORT as curl's --connect-to takes it: any part may be empty, an IPv6 address stands in
/// brackets. Nothing for any other text.
std::optional<connect_override> parse_connect_to(std::string_view text);

}
