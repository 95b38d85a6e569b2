#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allot {

struct challenge_parameter {
    std::string name;  ///< as it was sent; its case does not count
    std::string value; ///< without quotes and escapes
    bool operator==(challenge_parameter const&) const = default;
};

/// One challenge of a WWW-Authenticate field.
struct challenge {
    std::string scheme;  ///< as it was sent; its case does not count
    std::string token68; ///< empty when there is none; then there may be parameters
    std::vector<challenge_parameter> parameters;
    bool operator==(challenge const&) const = default;

    /// The value of the parameter of this name (any case); null when there is none.
    std::string const* find(std::string_view name) const noexcept;
};

inline constexpr std::size_t most_challenges = 32;
inline constexpr std::size_t most_challenge_parameters = 64;
/// A longer field value is left out.
inline constexpr std::size_t most_challenge_bytes = 32 * 1024;

/// The challenges of an answer (RFC 9110 section 11.6.1), in their order. `field_values` are its
/// WWW-Authenticate field lines; each may hold several challenges, and none goes on in the next line. Empty
/// elements of lists are passed over. Of a line with a malformed part, a parameter's name that comes twice
/// too, the challenges before the one in which it lies are kept; that one and all behind it are left out: it
/// is not known any more where one begins, and nobody should act on half a challenge. The lines after it are
/// read. A challenge beyond `most_challenge_parameters` counts as malformed, those beyond `most_challenges`
/// are left out. Values hold no control characters but tabs; bytes beyond ASCII stay as they are.
std::vector<challenge> parse_challenges(std::span<std::string_view const> field_values);

/// What a server says of a bearer token that was not good enough (RFC 6750 section 3).
struct bearer_challenge {
    std::string error;             ///< "invalid_token"; may be empty
    std::string error_description; ///< text of the server, for people; may be empty
    /// JSON text for `merge_claims`, which another token has to satisfy (Continuous Access Evaluation); not
    /// checked yet. Empty unless `error` is insufficient_claims (any case) and `claims` is base64, base64url
    /// or, as some servers send it, the JSON itself. A token with these claims does not help where the
    /// description speaks of LocationConditionEvaluationSatisfied: a policy on addresses refuses this client.
    std::string claims;
};

/// The Bearer challenge of a 401 or 403: of several the first with claims, else the first with an error, else
/// the first. Other schemes, as PoP, are never looked at. Nothing when there is none.
std::optional<bearer_challenge> find_bearer_challenge(std::span<std::string_view const> field_values);

}
