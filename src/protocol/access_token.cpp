#include <allot/credential.hpp>

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

token_request::token_request(std::string scope_text, std::string claims_text) :
    scope(std::move(scope_text)),
    claims(std::move(claims_text)) {}

}
