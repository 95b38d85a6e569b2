// Bodies of token endpoints and of managed identity, what the Azure CLI writes, dates in them, and access
// tokens that are shown.
#include "base/base64.hpp"
#include "json/cli_token.hpp"
#include "json/decode.hpp"
#include "json/expiry_date.hpp"
#include "json/jwt_claims.hpp"
#include "json/whole_seconds.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void expect(bool condition) {
    if (!condition)
        std::abort();
}

void check_seconds(std::optional<std::chrono::seconds> value) {
    expect(!value || (value->count() >= 0 && *value <= allot::most_seconds));
}

void check_time(std::optional<std::chrono::sys_seconds> value) {
    if (value)
        check_seconds(value->time_since_epoch());
}

void check_token(std::string_view token) {
    expect(!token.empty());
    for (char const c : token)
        expect(c > ' ' && c <= '~' && c != '"' && c != ',');
}

// What is taken is a header's b64token, whatever else the body holds; what is refused says why.
void check_answer(std::string_view body) {
    auto const answer = allot::decode_token_answer(body);
    if (!answer) {
        expect(!to_string(answer.error()).empty());
        return;
    }
    check_token(answer->access_token);
    expect(answer->token_type.empty() || answer->token_type == "Bearer");
    check_seconds(answer->expires_in);
    check_seconds(answer->refresh_in);
    check_time(answer->expires_on);
}

void check_cli_token(std::string_view output) {
    auto const token = allot::decode_cli_token(output);
    if (!token) {
        expect(!to_string(token.error()).empty());
        return;
    }
    check_token(token->access_token);
    check_time(token->expires_on);
    expect(!token->expires_on || !token->expires_on_local);
}

void check_jwt(std::string_view token) {
    if (auto const shown = allot::decode_jwt_claims(token)) {
        check_time(shown->exp);
        check_time(shown->iat);
    }
}

// No date is outside the years that have four digits, but for the distance from UTC.
void check_date(std::string_view text) {
    using namespace std::chrono;
    auto const date = allot::parse_expiry_date(text);
    expect(
        !date ||
        (*date >= sys_days(year(0) / 1 / 1) - days(1) && *date < sys_days(year(10000) / 1 / 1) + days(1)));
}

}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const body(reinterpret_cast<char const*>(data), size);
    check_answer(body);
    check_cli_token(body);
    if (auto const error = allot::decode_token_error(body))
        expect(!error->error.empty());
    check_date(body);
    check_jwt(body);
    // Base64 hides a payload from the fuzzer.
    check_jwt("e30." + allot::base64url_encode(body) + '.');
    return 0;
}
