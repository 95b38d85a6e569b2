#include "io/proxy_route.hpp"

#include "base/base64.hpp"
#include "model/printable.hpp"
#include "protocol/proxy_bypass.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace allot {
namespace {

/// RFC 7617 section 2: no control characters, and the first colon ends the user.
bool are_credentials(std::string_view text) noexcept {
    return text.find(':') != text.npos &&
           std::ranges::none_of(text, [](unsigned char each) { return each < 0x20 || each == 0x7f; });
}

/// Nothing that could end the request line. No IPv6 zone either: it means nothing on another machine.
bool is_connectable(std::string_view host) noexcept {
    return std::ranges::all_of(host, [](unsigned char each) {
        return std::isalnum(each) != 0 ||
               std::string_view("-_.:").find(static_cast<char>(each)) != std::string_view::npos;
    });
}

failure bad_proxy(std::string message) {
    failure made;
    made.code = errc::invalid_params;
    made.message = std::move(message);
    return made;
}

secret basic_authorization(secret const& credentials) {
    constexpr std::string_view scheme = "Basic ";
    auto encoded = base64_encode(credentials.reveal());
    std::string value;
    value.reserve(scheme.size() + encoded.size());
    value.append(scheme).append(encoded);
    wipe(encoded);
    return secret(std::move(value));
}

}

bool proxy_route::leads_to(origin const& target) const noexcept {
    return !is_local_host(target.host) && !bypasses_proxy(bypass, target.host, target.port);
}

result<std::shared_ptr<proxy_route const>>
make_proxy_route(proxy_params const& params, std::string_view parameter) {
    if (params.url.empty())
        return std::shared_ptr<proxy_route const>();
    auto where = parse_proxy_url(parameter, params.url);
    if (!where)
        return where.error();
    auto made = std::make_shared<proxy_route>();
    if (!params.credentials.empty()) {
        if (!are_credentials(params.credentials.reveal()))
            return bad_proxy(
                "the credentials of proxy " + where->host_field +
                " must be USER:PASSWORD in one line, without control characters; correct them");
        made->authorization = basic_authorization(params.credentials);
    }
    made->where = std::move(*where);
    made->bypass = params.bypass;
    return std::shared_ptr<proxy_route const>(std::move(made));
}

result<std::shared_ptr<proxy_route const>> make_proxy_route(transport_params const& transport) {
    auto made = make_proxy_route(transport.proxy, "transport.proxy.url");
    if (!made || !*made)
        return made;
    for (auto const& rule : transport.connect_to)
        if (!is_connectable(rule.address))
            return bad_proxy(
                "connect_to " + printable(rule.address) +
                ": a proxy can be asked for a host name or an IP address alone; correct it");
    return made;
}

}
