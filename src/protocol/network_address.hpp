#pragma once

#include <string>

namespace allot {

/// An IP address as text: "127.0.0.1", "2001:db8::1", "fe80::1%eth0".
struct network_address {
    std::string text;

    bool is_v6() const noexcept { return text.find(':') != std::string::npos; }
    bool operator==(network_address const&) const = default;
};

}
