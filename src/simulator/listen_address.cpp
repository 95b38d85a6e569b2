#include "simulator/listen_address.hpp"

#include <boost/asio/ip/address.hpp>

#include <charconv>

namespace allot::simulation {

std::optional<listen_address> parse_listen_address(std::string_view text) {
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    auto host = text.substr(0, colon);
    auto const digits = text.substr(colon + 1);
    bool const bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed)
        host = host.substr(1, host.size() - 2);
    if (host == "localhost" && !bracketed)
        host = "127.0.0.1";
    boost::system::error_code error;
    auto const address = boost::asio::ip::make_address(host, error);
    std::uint16_t port = 0;
    auto const [rest, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error || address.is_v6() != bracketed || bad != std::errc() || rest != digits.data() + digits.size())
        return std::nullopt;
    return listen_address{address.to_string(), port};
}

}
