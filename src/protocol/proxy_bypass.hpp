#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace allot {

/// Whether connections to this host of an `origin` must not go through a proxy, whatever is configured:
/// "localhost" and names below it, loopback and link-local addresses.
bool is_local_host(std::string_view host) noexcept;

/// Whether an entry of `proxy_params::bypass` fits this host and port of an `origin`.
bool bypasses_proxy(
    std::vector<std::string> const& entries, std::string_view host, std::uint16_t port) noexcept;

/// The entries of NO_PROXY: what stands between commas and white space.
std::vector<std::string> split_bypass_list(std::string_view text);

}
