#include "protocol/target.hpp"

#include "model/printable.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/grammar/alnum_chars.hpp>
#include <boost/url/grammar/ci_string.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url.hpp>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace allot {
namespace {

namespace urls = boost::urls;

constexpr auto option_chars = urls::unreserved_chars + urls::grammar::lut_chars(",()$=;");

template <class CharSet>
void append_encoded(std::string& out, std::string_view text, CharSet const& kept) {
    if (std::all_of(text.begin(), text.end(), kept)) {
        out += text;
        return;
    }
    auto const begin = out.size();
    out.resize(begin + urls::encoded_size(text, kept));
    urls::encode(out.data() + begin, out.size() - begin, text, kept);
}

void append_option(std::string& out, std::string_view name, std::vector<std::string> const& values) {
    if (values.empty())
        return;
    out += out.empty() ? '?' : '&';
    out += name;
    char separator = '=';
    for (auto const& value : values) {
        out += separator;
        append_encoded(out, value, option_chars);
        separator = ',';
    }
}

void append_assignments(
    std::string& out, std::string_view base_path, assignment_scope scope, std::string_view principal_id) {
    out += base_path;
    switch (scope) {
    case assignment_scope::admin:
        out += "/admin";
        break;
    case assignment_scope::user:
        out += "/users/";
        break;
    case assignment_scope::group:
        out += "/groups/";
        break;
    }
    append_encoded(out, principal_id, urls::unreserved_chars);
    out += "/cloudLicensing/assignments";
}

/// The value as a message may show it: no password, no control characters, not endless.
std::string shown(std::string_view url) {
    constexpr std::size_t longest = 200;
    return url.find('@') == url.npos ? printable(url, longest) : "(not shown: may hold a password)";
}

bool is_host_name(std::string_view host) {
    constexpr std::size_t longest_name = 253;
    constexpr std::size_t longest_label = 63;
    if (host.size() > longest_name)
        return false;
    while (true) {
        auto const dot = std::min(host.find('.'), host.size());
        auto const label = host.substr(0, dot);
        if (label.empty() || label.size() > longest_label)
            return false;
        for (char const c : label)
            if (!urls::grammar::alnum_chars(c) && c != '-' && c != '_')
                return false;
        if (dot == host.size())
            return true;
        host.remove_prefix(dot + 1);
    }
}

struct scheme_rules {
    urls::scheme scheme;
    std::uint16_t port; ///< that of a URL without one
    std::string_view not_a_url;
    std::string_view other_scheme;
    std::string_view no_host;
    std::string_view bad_port;
    std::string_view user_info = "user info has no place in it; leave out what stands before the \"@\"";
};

constexpr scheme_rules https_rules{
    urls::scheme::https,
    443,
    "not a URL (RFC 3986); write https://HOST",
    "only https is spoken, so that no token travels in the clear; write https://HOST",
    "there is no host; write https://HOST",
    "the port must be 1 to 65535; leave it out for 443"};

constexpr scheme_rules local_rules{
    urls::scheme::http,
    80,
    "not a URL (RFC 3986); write http://HOST:PORT/PATH",
    "only http to this machine is spoken here; where the endpoint has https (Service Fabric), use another "
    "source of tokens",
    "there is no host; write http://HOST:PORT/PATH",
    "the port must be 1 to 65535; leave it out for 80"};

constexpr scheme_rules proxy_rules(urls::scheme scheme) {
    return {
        scheme,
        std::uint16_t(scheme == urls::scheme::https ? 443 : 80),
        "not a URL (RFC 3986); write http://HOST:PORT",
        "only http and https proxies are spoken to; write http://HOST:PORT",
        "there is no host; write http://HOST:PORT",
        "the port must be 1 to 65535",
        "user and password have no place in it; give them as the proxy's credentials"};
}

/// What is wrong with the URL and what to do, or nothing.
std::optional<std::string_view> broken_rule(urls::url_view_base const& url, scheme_rules const& rules) {
    if (url.scheme_id() != rules.scheme)
        return rules.other_scheme;
    if (!url.has_authority() || url.encoded_host().empty())
        return rules.no_host;
    if (url.has_userinfo())
        return rules.user_info;
    if (url.has_query())
        return "a query has no place in it; leave out what begins with \"?\"";
    if (url.has_fragment())
        return "a fragment has no place in it; leave out what begins with \"#\"";
    // Boost.URL 1.81 takes "127.0.0.1.example" for an address with the path ".example".
    bool const cut = !url.encoded_path().empty() && url.encoded_path().front() != '/';
    if (cut || url.host_type() == urls::host_type::ipvfuture ||
        (url.host_type() == urls::host_type::name && !is_host_name(url.host_name())))
        return "the host must be a name of letters, digits, \"-\" and \"_\" between dots (an international "
               "name in its xn-- form), an IPv4 address, or an IPv6 address in brackets";
    if (url.has_port() && !url.port().empty() && url.port_number() == 0)
        return rules.bad_port;
    return std::nullopt;
}

bool is_this_machine(urls::url_view_base const& url) {
    switch (url.host_type()) {
    case urls::host_type::name:
        return url.encoded_host() == "localhost";
    case urls::host_type::ipv4: {
        auto const address = url.host_ipv4_address();
        auto const bytes = address.to_bytes();
        // App Service on Linux has its endpoint on the bridge between containers, 172.16.0.0/12.
        return address.is_loopback() || (bytes[0] == 169 && bytes[1] == 254) ||
               (bytes[0] == 172 && (bytes[1] & 0xf0) == 16);
    }
    case urls::host_type::ipv6: {
        auto const address = url.host_ipv6_address();
        auto const bytes = address.to_bytes();
        return address.is_loopback() || (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80);
    }
    case urls::host_type::none:
    case urls::host_type::ipvfuture:
        break;
    }
    return false;
}

void drop_slashes(std::string& path) {
    path.resize(path.find_last_not_of('/') + 1);
}

failure invalid(std::string_view parameter, std::string_view url, std::string_view rule) {
    failure out;
    out.code = errc::invalid_params;
    out.message.append(parameter).append(" ").append(shown(url)).append(": ").append(rule);
    return out;
}

result<origin>
parse(std::string_view parameter, std::string_view text, scheme_rules const& rules = https_rules) {
    auto const parsed = urls::parse_uri(text);
    if (parsed.has_error()) {
        auto out = invalid(parameter, text, rules.not_a_url);
        out.cause = parsed.error();
        return out;
    }
    urls::url url(*parsed);
    url.normalize();
    if (auto const rule = broken_rule(url, rules))
        return invalid(parameter, text, *rule);
    if (&rules == &local_rules && !is_this_machine(url))
        return invalid(
            parameter, text,
            "http goes to this machine alone (localhost, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, [::1], "
            "[fe80::]/10), "
            "because tokens and secrets travel in the clear; correct it, or use another source of tokens");

    origin out;
    out.tls = rules.scheme == urls::scheme::https;
    out.host = url.host_address();
    out.port = url.port_number() != 0 ? url.port_number() : rules.port;
    out.base_path = std::string(url.encoded_path());
    out.host_field = std::string(url.encoded_host());
    if (out.port != rules.port)
        out.host_field += ':' + std::to_string(out.port);
    return out;
}

}

result<origin> parse_graph_url(std::string_view url) {
    auto out = parse("graph_url", url);
    if (!out)
        return out;
    constexpr std::string_view version = "/beta";
    drop_slashes(out->base_path);
    if (out->base_path.ends_with(version))
        out->base_path.resize(out->base_path.size() - version.size());
    drop_slashes(out->base_path);
    if (out->base_path.ends_with("/v1.0"))
        return invalid("graph_url", url, "allotments exist in the beta version only; leave out /v1.0");
    out->base_path += version;
    return out;
}

result<origin> parse_token_url(std::string_view url) {
    auto out = parse("token_url", url);
    if (out && out->base_path.find_first_not_of('/') == std::string::npos)
        return invalid("token_url", url, "the path is missing; write https://HOST/TENANT/oauth2/v2.0/token");
    return out;
}

result<origin> parse_local_url(std::string_view parameter, std::string_view url) {
    return parse(parameter, url, local_rules);
}

std::string host_and_port(std::string const& host, std::uint16_t port) {
    auto const is_v6 = host.find(':') != std::string::npos;
    return (is_v6 ? "[" + host + "]" : host) + ':' + std::to_string(port);
}

result<origin> parse_proxy_url(std::string_view parameter, std::string_view url) {
    std::string const whole = (url.find("://") == url.npos ? "http://" : "") + std::string(url);
    auto const scheme = urls::grammar::ci_is_equal(std::string_view(whole).substr(0, 6), "https:")
                            ? urls::scheme::https
                            : urls::scheme::http;
    auto out = parse(parameter, whole, proxy_rules(scheme));
    if (!out)
        return out;
    if (!out->base_path.empty() && out->base_path != "/")
        return invalid(parameter, url, "a path has no place in it; write http://HOST:PORT");
    out->base_path.clear();
    out->host_field = host_and_port(out->host, out->port);
    return out;
}

std::string encode_query(query const& options, std::uint32_t page_size) {
    assert(!options.problem());
    std::string out;
    if (page_size != 0)
        out = "?$top=" + std::to_string(page_size);
    append_option(out, "$select", options.selected());
    append_option(out, "$expand", options.expanded());
    return out;
}

void append_allotment_target(
    std::string& out, std::string_view base_path, assignment_ref const& reference,
    std::string_view encoded_query) {
    assert(!reference.problem());
    constexpr std::size_t fixed = sizeof "/admin/cloudLicensing/assignments//allotment";
    constexpr std::size_t escaped = 3;
    out.reserve(
        out.size() + base_path.size() + fixed + encoded_query.size() +
        escaped * (reference.principal_id().size() + reference.assignment_id().size()));
    append_assignments(out, base_path, reference.scope(), reference.principal_id());
    out += '/';
    append_encoded(out, reference.assignment_id(), urls::unreserved_chars);
    out += "/allotment";
    out += encoded_query;
}

void append_list_target(
    std::string& out, std::string_view base_path, list_scope const& scope, std::string_view encoded_query) {
    assert(!scope.problem());
    append_assignments(out, base_path, scope.scope(), scope.principal_id());
    out += encoded_query;
}

}
