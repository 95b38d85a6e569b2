#pragma once

#include "simulator/content_coding.hpp"
#include "simulator/entities.hpp"
#include "simulator/latency.hpp"
#include "simulator/metering.hpp"
#include "simulator/path_pattern.hpp"
#include "simulator/resource_units.hpp"
#include "simulator/retry_after.hpp"
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
    std::optional<bool> item; ///< only items of batches, or only requests of their own; both otherwise
};

/// A field of the answer that a rule sets. Without values it is left out; several values make several fields.
struct field_change {
    std::string name;
    std::vector<std::string> values;
};

/// A Retry-After that a rule adds.
struct retry_after_hint {
    std::chrono::nanoseconds rest{};
    retry_after_form form = retry_after_form::seconds;
};

/// How often, and under what id, the answer to an item stands in that of its batch.
enum class item_answer { once, missing, doubled, unknown_id };

/// What a rule does to the answer.
struct rule_action {
    std::optional<unsigned> status; ///< an answer of this status instead; without a body Graph's error body
    std::optional<retry_after_hint> retry_after;
    std::vector<field_change> fields; ///< done last
    std::optional<std::string> body;
    encoding content = encoding::none; ///< of the body; `fields` may name it otherwise
    std::optional<std::string> raw;    ///< these bytes instead of an answer
    std::chrono::microseconds delay{};
    std::optional<double> bytes_per_second;
    std::optional<std::uint64_t> close_after_bytes; ///< of the answer with its head, before encryption
    bool reset = false;      ///< end with a TCP reset: before the answer, or after `close_after_bytes`
    bool half_close = false; ///< close the sending direction only, and leave what else arrives unanswered
    bool truncate_close_notify = false; ///< end the connection without TLS's close_notify
    item_answer item = item_answer::once;

    /// Whether it does what only an answer of its own can have. Such rules do not see items of batches.
    bool is_of_connection() const noexcept {
        return raw || bytes_per_second || close_after_bytes || reset || half_close || truncate_close_notify ||
               content != encoding::none;
    }
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
    unit_costs costs;
    throttle_hints hints;
    latency_params answers_after;
    answer_shape shape = answer_shape::value;
    page_params pages;
    compressed gzip = compressed::pages;
    std::chrono::seconds token_lifetime{3599};
    std::chrono::seconds token_lifetime_spread{}; ///< tokens live up to so much longer, drawn by the seed
    std::optional<std::chrono::seconds> token_refresh_in; ///< `refresh_in` of answers; none without
    /// Which requests to Graph, from 1 and ascending, find that all tokens have just been revoked. Clients
    /// that declared the capability cp1 get a claims challenge.
    std::vector<std::uint64_t> revoke_tokens_at;
};

/// Reads a script:
///
///     {"rules": [{"match": {"path": REGEX, "nth": [1, 5], "every": 10, "probability": 0.01,
///                           "after_s": 2, "for_s": 5, "item": true},
///                 "do": {"status": 503, "headers": {"X": "2"}, "retry_after": 2.5 or
///                        {"seconds": 2.5, "form": FORM}, "body": TEXT or OBJECT, "body_file": FILE,
///                        "encode": CODING, "delay_ms": 100, "drip_bytes_per_s": 50,
///                        "close_after_bytes": 80, "reset": true, "half_close": true,
///                        "truncate_close_notify": true, "raw": TEXT,
///                        "item_answer": "missing", "doubled" or "unknown_id"}}],
///      "throttle": {"per_second": 400 or "tenant": "S", "M" or "L", "burst": 400 or "burst_s": 10,
///                   "retry_after": 5, "retry_after_form": FORM or [FORM, ...], "grace_ms": 250,
///                   "cost": {"get": 1, "list": 1, "batch": 0, "select": -1, "expand": 1, "top": -1,
///                            "refused": 0},
///                   "changes": [{"after_s": 20, "per_second": 120, "burst" or "burst_s" as above}],
///                   "limit_percentage": true, "rate_limit": false},
///      "latency_ms": 20 or {"base": 20, "jitter": 5, "loaded": 400, "from": 0.5},
///      "shape": "value" or "bare", "pages": {"size": 100, "empty": true, "next_link": "first" or "last"},
///      "gzip": "none", "pages" or "all", "token_lifetime_s": 3599 or [3600, 5400],
///      "token_refresh_in_s": 1800, "revoke_tokens_at": [100]}
///
/// Regular expressions are ECMAScript's. A header's value is a text, a number, a list of texts (one field
/// each) or null (the field is left out). Each character of `raw` is one byte, U+0000 to U+00FF. `body_file`
/// is relative to `folder`. CODING is an enumerator of `encoding`, for whatever was asked; `gzip` is about
/// answers that no rule encodes. FORM is an enumerator of `retry_after_form`. Without `burst` a bucket holds
/// a second of its rate, that of a named tenant the documented ten; in a change it keeps the proportion.
/// Of a name that an object has twice the last one counts, as for Boost.JSON; `allot simulate` refuses it.
/// Errors: `errc::invalid_params`; the message names the JSON path, what was expected and what was there.
result<script> parse_script(std::string_view json, std::string const& folder = ".");

/// The same for what stands in a file, which the message names too.
result<script> parse_script_file(std::string_view json, std::string const& file);

}
