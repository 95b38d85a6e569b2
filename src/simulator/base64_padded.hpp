#pragma once

#include <string>
#include <string_view>

namespace allot::simulation {

/// Bytes as base64 with padding (RFC 4648 section 4), the form Graph uses.
std::string base64_padded(std::string_view bytes);

}
