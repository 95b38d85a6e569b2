#include "cli/connect_to.hpp"

#include <charconv>
#include <cstdint>
#include <string>

namespace allot {
namespace {

/// Takes a host and the colon behind it off the text.
std::optional<std::string> take_host(std::string_view& text) {
    auto end = text.find(':');
    std::string host;
    if (text.starts_with('[')) {
        auto const close = text.find(']');
        if (close == std::string_view::npos)
            return std::nullopt;
        host = text.substr(1, close - 1);
        end = close + 1;
    } else {
        host = text.substr(0, end);
    }
    if (end >= text.size() || text[end] != ':')
        return std::nullopt;
    text.remove_prefix(end + 1);
    return host;
}

std::optional<std::uint16_t> port_of(std::string_view text) {
    if (text.empty())
        return std::uint16_t{0};
    std::uint16_t port = 0;
    auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || rest != text.data() + text.size() || port == 0)
        return std::nullopt;
    return port;
}

}

std::optional<connect_override> parse_connect_to(std::string_view text) {
    auto host = take_host(text);
    if (!host)
        return std::nullopt;
    auto const colon = text.find(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    auto const port = port_of(text.substr(0, colon));
    text.remove_prefix(colon + 1);
    auto address = take_host(text);
    auto const address_port = port_of(text);
    if (!port || !address || !address_port)
        return std::nullopt;
    return connect_override{std::move(*host), *port, std::move(*address), *address_port};
}

}
