#pragma once

#include "protocol/cached_token.hpp"

#include <allot/failure.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot {

/// The claims challenges that the tokens of a cache have met since the last token that was fetched without
/// claims, and what came of each.
class claims_challenges {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// More different challenges than this are not answered: a server that never asks twice for the same
    /// would cause a token request for each call.
    static constexpr std::size_t most = 8;

    struct challenge {
        std::string claims; ///< JSON text
        /// A token was refused (401) for want of the claims: the next one has to have them. Else (403) only
        /// what was challenged needs them.
        bool needed_by_all = false;
        cached_token answer{}; ///< generation 0: none came yet; without token: it is not good any more
        std::optional<failure> refused{}; ///< why the source gives no token with the claims
        time_point refused_until{};

        bool is_open() const noexcept { return answer.generation == 0; }
        bool has_token(time_point now) const noexcept {
            return answer.token && now < answer.token->expires_at;
        }
        bool is_refused(time_point now) const noexcept { return refused && now < refused_until; }
    };

    /// Why a challenge cannot be answered, or nothing when a token with its claims is there or is to be
    /// fetched. `generation` is the token that was challenged.
    std::optional<std::string>
    add(std::string const& claims, std::uint64_t generation, bool needed_by_all, time_point now);

    /// Null where the claims are not known, or empty. The pointer holds until the next change.
    challenge* find(std::string_view claims) noexcept;

    /// The claims that the next token has to have for all; empty for none.
    std::string needed() const;

    /// Graph refused (401) a token.
    void drop(std::uint64_t generation) noexcept;

    /// A token without claims came: what was answered or refused may be asked for anew.
    void forget_settled();

private:
    bool make_room(time_point now);

    std::vector<challenge> all_;
};

}
