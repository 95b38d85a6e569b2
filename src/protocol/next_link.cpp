#include "protocol/next_link.hpp"

#include "model/printable.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include <cstdint>

namespace allot {
namespace {

namespace urls = boost::urls;

constexpr std::size_t longest_link = 16 * 1024;
constexpr std::size_t longest_shown = 120;

failure refused(errc code, std::string const& why) {
    failure out;
    out.code = code;
    out.message = "the link to the next page " + why;
    return out;
}

/// The port of https where the link names none; 0, which is nobody's, for a number beyond all ports.
std::uint16_t port_of(urls::url_view_base const& url) {
    constexpr std::uint16_t https_port = 443;
    return url.has_port() && !url.port().empty() ? url.port_number() : https_port;
}

std::string shown_link(std::string_view link) {
    return link.find('@') == link.npos ? printable(link, longest_shown) : "(not shown: may hold a password)";
}

/// Scheme, host and port alone: user info may be a password.
std::string place_of(urls::url_view_base const& url) {
    std::string out = std::string(url.scheme()) + "://" + std::string(url.encoded_host());
    if (url.has_port())
        out += ':' + std::string(url.port());
    return printable(out, longest_shown);
}

}

result<std::string> next_link_target(std::string_view link, origin const& where) {
    if (link.size() > longest_link)
        return refused(errc::bad_body, "is longer than 16 KiB");
    auto const parsed = urls::parse_uri(link);
    if (parsed.has_error() || !parsed->has_authority()) {
        auto out = refused(errc::bad_body, "is no absolute URL (RFC 3986): " + shown_link(link));
        if (parsed.has_error())
            out.cause = parsed.error();
        return out;
    }
    urls::url compared(*parsed);
    compared.normalize_authority();
    if (parsed->scheme_id() != urls::scheme::https || compared.host_address() != where.host ||
        port_of(*parsed) != where.port)
        return refused(
            errc::redirected, "leads to " + place_of(*parsed) +
                                  ", which is not followed: requests go to https://" + where.host_field +
                                  " only");
    if (parsed->has_userinfo())
        return refused(errc::bad_body, "has user info, which no link of Graph has");
    if (parsed->has_fragment())
        return refused(errc::bad_body, "has a fragment, which no link of Graph has");
    std::string target(parsed->encoded_target());
    if (target.empty() || target.front() == '?')
        target.insert(0, 1, '/');
    // Boost.URL 1.81 takes what stands behind "HOST:" and is no port for a path.
    if (target.front() != '/')
        return refused(errc::bad_body, "is no absolute URL (RFC 3986): " + shown_link(link));
    return target;
}

}
