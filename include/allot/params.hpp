#pragma once

#include <allot/credential.hpp>
#include <allot/observer.hpp>
#include <allot/transport.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace allot {

/// When to try again, and when to stop.
struct retry_params {
    std::uint32_t max_attempts = 16;          ///< requests per result, at least 1
    std::chrono::milliseconds base_delay{50}; ///< first backoff after a failure; doubles, full jitter
    /// First hold when Graph throttles without a hint; doubles with each block in a row, 5 minutes at most.
    std::chrono::milliseconds throttled_delay{1'000};
    std::chrono::milliseconds max_delay{20'000}; ///< largest backoff; a longer Retry-After is still kept to
    /// A hold longer than this is not waited for: `errc::parked` with `failure::retry_at`; 0: no hold is. Nor
    /// is a longer outage of the credential.
    std::chrono::milliseconds max_wait{600'000};
};

/// How urgent the requests are to Graph when it sheds load (`x-ms-throttle-priority`); limits stay the same.
enum class throttle_priority { unset, low, normal, high };

/// What a `client` is made from.
struct client_params {
    /// The Graph host: https, without the API version. A path before the version is kept.
    std::string graph_url = "https://graph.microsoft.com";
    /// Where tokens come from. Required.
    std::shared_ptr<token_credential> credential;
    transport_params transport;

    std::size_t connections = 64; ///< most connections open at once, 1 to 4096
    /// One attempt, from the first byte sent to the last byte of the answer.
    std::chrono::milliseconds request_timeout{30'000};
    /// One result with all its attempts and waits; none by default.
    std::optional<std::chrono::milliseconds> deadline;
    /// An idle connection is closed after this time.
    std::chrono::milliseconds idle_timeout{60'000};
    /// Most requests per second, over all operations of the client; none by default.
    std::optional<double> max_rate;
    throttle_priority priority = throttle_priority::unset;
    /// Declares to the token endpoint that this client answers claims challenges (capability "cp1"). Tokens
    /// then live up to 28 hours, and Graph refuses them at once when access is revoked. Managed identities
    /// do not take part. Source: Graph's page "claims-challenge".
    bool continuous_access_evaluation = false;
    /// Lets Graph compress pages of lists with gzip: 3 to 17 times fewer bytes, for 1 to 6 ms of CPU per
    /// megabyte of JSON. Single allotments are never asked for that way: nearly all fit into a few packets,
    /// and a request would take a quarter to a third more CPU.
    bool accept_gzip = true;
    retry_params retry;
    /// Sent before "allot/VERSION" in User-Agent, e.g. "license-sync/2.1". Empty for none.
    std::string application;
    /// Sees what the client does; none by default, at no cost.
    std::shared_ptr<allot::observer> observer;
};

}
