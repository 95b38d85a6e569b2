#include "io/proxy_route.hpp"
#include "protocol/proxy_bypass.hpp"

#include <boost/url/pct_string_view.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace allot {
namespace {

struct found_variable {
    char const* name = nullptr;
    std::string value;
};

found_variable first_of(environment const& lookup, char const* lower, char const* upper) {
    for (auto const* const name : {lower, upper})
        if (auto value = lookup(name); value && !value->empty())
            return {name, std::move(*value)};
    return {};
}

/// Where "USER:PASSWORD@" begins in a URL, and its "@" is.
struct user_info_place {
    std::size_t begin, at;
};

std::optional<user_info_place> find_user_info(std::string_view url) {
    auto const scheme = url.find("://");
    auto const begin = scheme == url.npos ? 0 : scheme + 3;
    auto const end = std::min(url.find_first_of("/?#", begin), url.size());
    auto const at = url.substr(0, end).rfind('@');
    if (at == url.npos || at < begin)
        return std::nullopt;
    return user_info_place{begin, at};
}

/// Nothing where a "%" begins no escape.
std::optional<secret> percent_decoded(std::string_view text) {
    auto const valid = boost::urls::make_pct_string_view(text);
    if (valid.has_error())
        return std::nullopt;
    return secret(valid->decode());
}

/// Nothing where it cannot be what Basic carries: bad escapes, a colon in the user.
std::optional<secret> read_user_info(std::string_view text) {
    auto const colon = std::min(text.find(':'), text.size());
    auto const user = percent_decoded(text.substr(0, colon));
    auto const password = percent_decoded(colon == text.size() ? std::string_view() : text.substr(colon + 1));
    if (!user || !password || user->reveal().find(':') != std::string_view::npos)
        return std::nullopt;
    std::string both;
    both.reserve(user->reveal().size() + 1 + password->reveal().size());
    both.append(user->reveal()).append(":").append(password->reveal());
    return secret(std::move(both));
}

/// Also when an exception ends the reading.
struct wiped_at_the_end {
    explicit wiped_at_the_end(std::string& value) : text(value) {}
    wiped_at_the_end(wiped_at_the_end const&) = delete;
    wiped_at_the_end& operator=(wiped_at_the_end const&) = delete;
    ~wiped_at_the_end() { wipe(text); }
    std::string& text;
};

}

result<proxy_params> proxy_from_environment(environment const& lookup) {
    proxy_params out;
    out.bypass = split_bypass_list(first_of(lookup, "no_proxy", "NO_PROXY").value);
    auto found = first_of(lookup, "https_proxy", "HTTPS_PROXY");
    if (found.name == nullptr)
        return out;
    wiped_at_the_end const guard(found.value);
    if (auto const place = find_user_info(found.value)) {
        auto credentials =
            read_user_info(std::string_view(found.value).substr(place->begin, place->at - place->begin));
        if (!credentials) {
            failure refused;
            refused.code = errc::invalid_params;
            refused.message =
                std::string(found.name) +
                ": user and password before the \"@\" must be percent-encoded: %25 for \"%\", %3A for "
                "\":\" in the user; correct the variable";
            return refused;
        }
        out.credentials = std::move(*credentials);
        out.url = found.value.substr(0, place->begin);
        out.url.append(found.value, place->at + 1);
    } else {
        out.url = found.value;
    }
    if (auto const route = make_proxy_route(out, found.name); !route)
        return route.error();
    return out;
}

}
