#include "json/cli_token.hpp"

#include "json/members.hpp"
#include "json/scalars.hpp"
#include "json/token_document.hpp"
#include "json/whole_seconds.hpp"

#include <utility>

namespace allot {
namespace {

using boost::json::object;

std::optional<decode_error> read_expires_on(object const& from, cli_token& out) {
    constexpr std::string_view name = "expires_on";
    auto const* const found = present_member(from, name);
    if (found == nullptr)
        return std::nullopt;
    auto const since_1970 = whole_seconds(*found);
    if (!since_1970)
        return wrong_member(name, "whole seconds from 0 to " + std::to_string(most_seconds.count()), found);
    out.expires_on = std::chrono::sys_seconds(*since_1970);
    return std::nullopt;
}

// The form of Edm.DateTimeOffset but for the space in the middle and the zone at the end.
std::optional<std::chrono::local_seconds> parse_local_time(std::string text) {
    constexpr std::size_t date_size = 10;
    if (text.size() <= date_size || text[date_size] != ' ')
        return std::nullopt;
    text[date_size] = 'T';
    auto const as_utc = parse_date_time(text + 'Z');
    if (!as_utc)
        return std::nullopt;
    auto const seconds = std::chrono::floor<std::chrono::seconds>(as_utc->time_since_epoch());
    return std::chrono::local_seconds(seconds);
}

std::optional<decode_error> read_local_expiry(object const& from, cli_token& out) {
    constexpr std::string_view name = "expiresOn";
    auto const* const found = present_member(from, name);
    if (found == nullptr)
        return std::nullopt;
    out.expires_on_local = parse_local_time(text_member(from, name));
    if (out.expires_on_local)
        return std::nullopt;
    return wrong_member(name, "a local time like 2026-01-09 12:34:56.000000", found);
}

}

decoded<cli_token> decode_cli_token(std::string_view output) {
    wiping_resource memory;
    auto const document = parse_token_document(output, memory);
    if (!document)
        return document.error();
    auto const& members = document->get_object();
    cli_token out;
    out.tenant = text_member(members, "tenant");
    auto error = take_bearer(members, "tokenType", out.token_type);
    if (!error)
        error = read_expires_on(members, out);
    if (!error && !out.expires_on)
        error = read_local_expiry(members, out);
    // Last, so that no error leaves a copy behind.
    if (!error)
        error = take_token(members, "accessToken", out.access_token);
    if (error)
        return std::move(*error);
    return out;
}

}
