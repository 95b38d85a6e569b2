#pragma once

#include "simulator/content_coding.hpp"
#include "simulator/entities.hpp"
#include "simulator/path_pattern.hpp"
#include "simulator/throttle.hpp"

#include <allot/failure.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot::simulation {

/// Which requests a rule is for. All conditions that are set must hold; without any the rule is for every
/// request to Graph. `nth` and `every` count the requests that `path` and the time window let through, those
/// that an earlier rule took included.
struct rule_match {
    std::optional<path_pattern>
        path; ///< found anywhere in the target's path; with it, token requests count too
    std::vector<std::uint64_t> nth; ///< from 1, ascending
    std::optional<std::uint64_t> every;
    std::optional<double> probability;              ///< drawn for requests that meet all other conditions
    std::chrono::nanoseconds after{};               ///< since the start
    std::optional<std::chrono::nanoseconds> length; ///< of the window that begins at `after`
};

/// A field of the answer that a rule sets. Without values it is left out; several values make several fields.
struct field_change {
    std::string name;
    std::vector<std::string> values;
};

/// What a rule does to the answer.
struct rule_action {
    std::optional<unsigned> status; ///< an answer of this status instead; without a body Graph's error body
    std::vector<field_change> fields;
    std::optional<std::string> body;
    encoding content = encoding::none; ///< of the body; `fields` may name it otherwise
    std::optional<std::string> raw;    ///< these bytes instead of an answer
    std::chrono::milliseconds delay{};
    std::optional<double> bytes_per_second;
    std::optional<std::uint64_t> close_after_bytes; ///< of the answer with its head, before encryption
    bool reset = false;      ///< end with a TCP reset: before the answer, or after `close_after_bytes`
    bool half_close = false; ///< close the sending direction only, and leave what else arrives unanswered
    bool truncate_close_notify = false; ///< end the connection without TLS's close_notify
};

struct rule {
    rule_match match;
    rule_action action;
};

/// Which answers of Graph are compressed for clients that accept it.
enum class compressed {
    none,
    pages, ///< those of lists
    all,   ///< errors included
};

/// How the simulator behaves, as a script file says it.
struct script {
    std::vector<rule> rules;
    std::optional<throttle_params> throttle;
    answer_shape shape = answer_shape::value;
    page_params pages;
    compressed gzip = compressed::pages;
    std::chrono::seconds token_lifetime{3599};
    /// Which requests to Graph, from 1 and ascending, find that all tokens have just been revoked. Clients
    /// that declared the capability cp1 get a claims challenge.
    std::vector<std::uint64_t> revoke_tokens_at;
};

/// Reads a script:
///
///     {"rules": [{"match": {"path": REGEX, "nth": [1, 5], "every": 10, "probability": 0.01,
///                           "after_s": 2, "for_s": 5},
///                 "do": {"status": 503, "headers": {"Retry-After": "2"}, "body": TEXT or OBJECT,
///                        "body_file": FILE, "encode": CODING, "delay_ms": 100, "drip_bytes_per_s": 50,
///                        "close_after_bytes": 80, "reset": true, "half_close": true,
///                        "truncate_close_notify": true, "raw": TEXT}}],
///      "throttle": {"per_second": 400, "burst": 400, "retry_after": 5, "grace_ms": 250},
///      "shape": "value" or "bare", "pages": {"size": 100, "empty": true, "next_link": "first" or "last"},
///      "gzip": "none", "pages" or "all", "token_lifetime_s": 3599, "revoke_tokens_at": [100]}
///
/// Regular expressions are ECMAScript's. A header's value is a text, a number, a list of texts (one field
/// each) or null (the field is left out). Each character of `raw` is one byte, U+0000 to U+00FF. `body_file`
/// is relative to `folder`. CODING is an enumerator of `encoding`, for whatever was asked; `gzip` is about
/// answers that no rule encodes.
/// Errors: `errc::invalid_params`; the message names the JSON path, what was expected and what was there.
result<script> parse_script(std::string_view json, std::string const& folder = ".");

/// Reads a script file. Errors: as `parse_script`, and when the file cannot be read; `cause` says why.
result<script> read_script(std::string const& file);

}
