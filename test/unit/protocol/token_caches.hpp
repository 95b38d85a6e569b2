#pragma once

#include "protocol/token_cache_state.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

/// What the tests of the token cache's state share.
namespace allot::test {

inline constexpr token_cache_state::time_point start{std::chrono::seconds(1'000)};
inline constexpr auto claims = R"({"access_token":{"nbf":{"essential":true,"value":"1726258122"}}})";
inline constexpr auto more_claims = R"({"access_token":{"acrs":{"essential":true,"value":"c1"}}})";

inline access_token token(
    std::string text, token_cache_state::time_point acquired, std::chrono::seconds life,
    std::optional<token_cache_state::time_point> refresh = {}) {
    return access_token(secret(std::move(text)), acquired, acquired + life, refresh);
}

/// A failure that trying again cannot help.
inline failure failed(errc code, std::string message) {
    failure made;
    made.code = code;
    made.message = std::move(message);
    return made;
}

/// One that can pass.
inline failure outage() {
    auto made = failed(errc::token_unavailable, "503");
    made.reason = end_reason::attempts;
    return made;
}

/// The state, and a driver that keeps what it is told to fetch.
struct token_cache_fixture {
    using answer = token_cache_state::answer;
    using time_point = token_cache_state::time_point;

    token_cache_state state;
    std::optional<token_cache_state::fetch> due;
    token_cache_state::decision last;
    int fetches = 0;

    answer get(time_point now, std::string_view challenge = {}) {
        last = state.on_get(now, challenge);
        if (last.start) {
            due = last.start;
            ++fetches;
        }
        return last.reply;
    }
    bool serves(time_point now, std::string_view text, std::string_view challenge = {}) {
        return get(now, challenge) == answer::serve && last.token.token->value.reveal() == text;
    }
    void
    fetched(std::string text, time_point now = start, std::chrono::seconds life = std::chrono::hours(1)) {
        state.on_fetched(*due, now, token(std::move(text), now, life));
    }
    void fetch_failed(time_point now, errc code = errc::token_unavailable) {
        state.on_failed(*due, now, failed(code, "refused"));
    }
    void
    fetch_failed_for_now(time_point now, std::optional<token_cache_state::duration> hint = std::nullopt) {
        state.on_failed(*due, now, outage(), hint);
    }
    /// From nothing to a token that was acquired at `at`. Returns its generation.
    std::uint64_t
    have(std::string text, std::chrono::seconds life = std::chrono::hours(1), time_point at = start) {
        get(at);
        fetched(std::move(text), at, life);
        return generation(at);
    }
    std::uint64_t generation(time_point now = start) {
        get(now);
        return last.token.generation;
    }
    token_cache_state::outlook
    reject(std::uint64_t which, std::string const& challenge = {}, time_point now = start) {
        return state.reject(which, challenge, now, failed(errc::unauthorized, "storm"));
    }
    void reject_current(std::string const& challenge = {}, time_point now = start) {
        reject(generation(now), challenge, now);
    }
};

}
