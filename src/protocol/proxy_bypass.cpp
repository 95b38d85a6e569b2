#include "protocol/proxy_bypass.hpp"

#include "json/ascii.hpp"

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>

namespace allot {
namespace {

namespace urls = boost::urls;

struct ip_bytes {
    std::array<unsigned char, 16> bytes{};
    std::size_t size = 0; ///< 4 or 16
};

std::optional<ip_bytes> address_of(std::string_view text) noexcept {
    ip_bytes out;
    auto const take = [&out](auto const& from) {
        out.size = from.size();
        std::copy(from.begin(), from.end(), out.bytes.begin());
        return out;
    };
    if (text.starts_with('[') && text.ends_with(']'))
        text = text.substr(1, text.size() - 2);
    if (auto const v4 = urls::parse_ipv4_address(text))
        return take(v4->to_bytes());
    if (auto const v6 = urls::parse_ipv6_address(text))
        return take(v6->to_bytes());
    return std::nullopt;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) noexcept {
    Number out = 0;
    auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || rest != text.data() + text.size())
        return std::nullopt;
    return out;
}

bool same_network(ip_bytes const& left, ip_bytes const& right, std::size_t bits) noexcept {
    if (left.size != right.size || bits > left.size * 8)
        return false;
    auto const whole = static_cast<std::ptrdiff_t>(bits / 8);
    if (!std::equal(left.bytes.begin(), left.bytes.begin() + whole, right.bytes.begin()))
        return false;
    auto const at = static_cast<std::size_t>(whole);
    return bits % 8 == 0 || (left.bytes[at] ^ right.bytes[at]) >> (8 - bits % 8) == 0;
}

bool fits_network(std::string_view entry, std::size_t slash, ip_bytes const& host) noexcept {
    auto const network = address_of(entry.substr(0, slash));
    auto const bits = number_of<std::size_t>(entry.substr(slash + 1));
    return network && bits && same_network(*network, host, *bits);
}

/// The entry without ":PORT". Nothing when that is another port.
std::optional<std::string_view> without_port(std::string_view entry, std::uint16_t port) noexcept {
    auto const colon = entry.rfind(':');
    // An IPv6 address without brackets has colons of its own.
    bool const is_v6 = !entry.starts_with('[') && std::count(entry.begin(), entry.end(), ':') > 1;
    if (colon == entry.npos || is_v6 || entry.ends_with(']'))
        return entry;
    if (number_of<std::uint16_t>(entry.substr(colon + 1)) != port)
        return std::nullopt;
    return entry.substr(0, colon);
}

std::string_view without_last_dot(std::string_view name) noexcept {
    if (name.ends_with('.'))
        name.remove_suffix(1);
    return name;
}

bool fits_name(std::string_view entry, std::string_view host) noexcept {
    if (entry.starts_with("*."))
        entry.remove_prefix(1);
    if (entry.starts_with('.'))
        entry.remove_prefix(1);
    entry = without_last_dot(entry);
    host = without_last_dot(host);
    if (entry.empty() || entry.size() > host.size() ||
        !same_name(host.substr(host.size() - entry.size()), entry))
        return false;
    return entry.size() == host.size() || host[host.size() - entry.size() - 1] == '.';
}

bool fits(std::string_view entry, std::string_view host, std::uint16_t port) noexcept {
    if (entry == "*")
        return true;
    auto const address = address_of(host);
    if (auto const slash = entry.find('/'); slash != entry.npos)
        return address && fits_network(entry, slash, *address);
    auto const wanted = without_port(entry, port);
    if (!wanted)
        return false;
    if (!address)
        return fits_name(*wanted, host);
    auto const other = address_of(*wanted);
    return other && same_network(*other, *address, address->size * 8);
}

}

bool is_local_host(std::string_view host) noexcept {
    auto const address = address_of(host);
    if (!address)
        return fits_name("localhost", host);
    auto const& bytes = address->bytes;
    if (address->size == 4)
        return bytes[0] == 127 || (bytes[0] == 169 && bytes[1] == 254);
    bool const loopback =
        bytes[15] == 1 && std::all_of(bytes.begin(), bytes.end() - 1, [](auto each) { return each == 0; });
    return loopback || (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80);
}

bool bypasses_proxy(
    std::vector<std::string> const& entries, std::string_view host, std::uint16_t port) noexcept {
    return std::any_of(
        entries.begin(), entries.end(), [&](std::string_view entry) { return fits(entry, host, port); });
}

std::vector<std::string> split_bypass_list(std::string_view text) {
    constexpr std::string_view separators = ", \t\r\n";
    std::vector<std::string> out;
    for (;;) {
        text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
        if (text.empty())
            return out;
        auto const size = std::min(text.find_first_of(separators), text.size());
        out.emplace_back(text.substr(0, size));
        text.remove_prefix(size);
    }
}

}
