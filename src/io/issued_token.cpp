#include "io/issued_token.hpp"

#include <algorithm>
#include <utility>

namespace allot {

access_token issued_token(
    token_answer&& answer, std::chrono::steady_clock::time_point asked_at,
    std::chrono::system_clock::time_point now, std::optional<std::chrono::seconds> clock_offset) {
    using std::chrono::seconds;
    static constexpr seconds longest_life = std::chrono::hours(24 * 3652);
    auto const at = [asked_at](seconds life) {
        return asked_at + std::clamp(life, seconds(0), longest_life);
    };
    auto expires_at = std::chrono::steady_clock::time_point::max();
    if (answer.expires_in) {
        expires_at = at(*answer.expires_in);
    } else if (answer.expires_on) {
        auto const issuer_now = std::chrono::floor<seconds>(now) + clock_offset.value_or(seconds(0));
        expires_at = at(*answer.expires_on - issuer_now);
    }
    std::optional<std::chrono::steady_clock::time_point> refresh_at;
    if (answer.refresh_in)
        refresh_at = at(*answer.refresh_in);
    access_token made(secret(std::move(answer.access_token)), asked_at, expires_at, refresh_at);
    made.clock_offset = clock_offset;
    return made;
}

}
