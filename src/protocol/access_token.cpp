#include "protocol/target.hpp"

#include <allot/credential.hpp>

#include <algorithm>
#include <utility>

namespace allot {

access_token::access_token(
    secret text, std::chrono::steady_clock::time_point acquired,
    std::chrono::steady_clock::time_point expires,
    std::optional<std::chrono::steady_clock::time_point> refresh) :
    value(std::move(text)),
    acquired_at(acquired),
    expires_at(expires),
    refresh_at(refresh) {}

std::chrono::steady_clock::time_point access_token::refresh_time() const noexcept {
    // Some issuers say "at once", or a time that the token does not see.
    if (refresh_at && acquired_at < *refresh_at && *refresh_at < expires_at)
        return *refresh_at;
    if (expires_at == std::chrono::steady_clock::time_point::max())
        return expires_at;
    auto const life = expires_at - acquired_at;
    auto const most_of_it = acquired_at + life / 5 * 4;
    if (life <= std::chrono::minutes(10))
        return most_of_it;
    return std::min(expires_at - std::chrono::minutes(5), most_of_it);
}

token_request::token_request(std::string scope_text, std::string claims_text) :
    scope(std::move(scope_text)),
    claims(std::move(claims_text)) {}

result<std::string> token_scope(std::string_view graph_url) {
    auto const where = parse_graph_url(graph_url);
    if (!where)
        return where.error();
    return "https://" + where->host_field + "/.default";
}

}
