#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace allot::simulation {

struct listen_address {
    std::string address; ///< IP address without brackets
    std::uint16_t port;  ///< 0 for any free one
};

/// Reads "127.0.0.1:8443", "[::1]:0" or "localhost:0"; nothing when it is none of these forms.
std::optional<listen_address> parse_listen_address(std::string_view text);

}
