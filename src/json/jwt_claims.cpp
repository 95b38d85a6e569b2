#include "json/jwt_claims.hpp"

#include "base/base64.hpp"
#include "json/members.hpp"
#include "json/parse.hpp"
#include "json/whole_seconds.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <utility>

namespace allot {
namespace {

// RFC 7515 section 2: base64url without padding.
std::optional<boost::json::object> decode_jwt_part(std::string_view part) {
    if (part.find_first_of("+/=") != std::string_view::npos)
        return std::nullopt;
    auto const text = base64_decode(part);
    if (!text)
        return std::nullopt;
    boost::json::error_code failed;
    auto document = boost::json::parse(*text, failed, {}, strict_json);
    if (failed || !document.is_object())
        return std::nullopt;
    return std::move(document.get_object());
}

std::string
first_text_member(boost::json::object const& payload, std::string_view name, std::string_view other_name) {
    auto text = text_member(payload, name);
    return text.empty() ? text_member(payload, other_name) : text;
}

// One text, or an array of them.
std::vector<std::string> texts_member(boost::json::object const& payload, std::string_view name) {
    std::vector<std::string> out;
    auto const* const found = payload.if_contains(name);
    if (found == nullptr)
        return out;
    auto const add = [&out](boost::json::value const& value) {
        if (auto const* const text = value.if_string())
            out.emplace_back(text->data(), text->size());
    };
    add(*found);
    if (auto const* const list = found->if_array())
        std::ranges::for_each(*list, add);
    return out;
}

std::optional<std::chrono::sys_seconds>
time_member(boost::json::object const& payload, std::string_view name) {
    auto const* const found = payload.if_contains(name);
    auto const since_1970 = found == nullptr ? std::nullopt : whole_seconds(*found);
    return since_1970 ? std::optional(std::chrono::sys_seconds(*since_1970)) : std::nullopt;
}

}

std::optional<jwt_claims> decode_jwt_claims(std::string_view token) {
    constexpr std::size_t max_bytes = 64 * 1024;
    auto const first = token.find('.');
    auto const second = first == token.npos ? token.npos : token.find('.', first + 1);
    if (token.size() > max_bytes || second == token.npos || token.find('.', second + 1) != token.npos)
        return std::nullopt;
    auto const header = decode_jwt_part(token.substr(0, first));
    auto const payload = decode_jwt_part(token.substr(first + 1, second - first - 1));
    if (!header || !payload)
        return std::nullopt;
    return jwt_claims{
        .tid = text_member(*payload, "tid"),
        .appid = first_text_member(*payload, "appid", "azp"),
        .roles = texts_member(*payload, "roles"),
        .scp = text_member(*payload, "scp"),
        .aud = texts_member(*payload, "aud"),
        .iss = text_member(*payload, "iss"),
        .oid = text_member(*payload, "oid"),
        .upn = first_text_member(*payload, "upn", "unique_name"),
        .exp = time_member(*payload, "exp"),
        .iat = time_member(*payload, "iat")};
}

}
