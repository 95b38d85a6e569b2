#pragma once

#include "protocol/retry_state.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace allot {

/// Waits between the attempts at an endpoint of managed identities. Source: Entra's page
/// "how-to-use-vm-token", "Retry guidance": five attempts, with 0, 2, 6, 14 and 30 s before them, and none
/// longer than 60 s.
struct imds_retry_params {
    using milliseconds = std::chrono::milliseconds;

    /// Before the second attempt and those after it; at least one.
    std::vector<milliseconds> delays{
        milliseconds(2'000), milliseconds(6'000), milliseconds(14'000), milliseconds(30'000)};
    milliseconds max_delay{60'000};         ///< a longer Retry-After is not waited for
    milliseconds server_error_delay{1'000}; ///< the least after 5xx
    milliseconds update_time{70'000};       ///< after a 410 the service is back within this time
};

/// Decides after each attempt whether and when to ask again. 404, 429, 5xx and failures of the transport can
/// pass; 410 says that the service is being updated: it is asked until it must be back, beyond the five
/// attempts if need be. Everything else is final. Retry-After is a floor.
class imds_retry_state {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// No wait ends later than `deadline`.
    explicit imds_retry_state(imds_retry_params params, time_point deadline = time_point::max());

    /// Not to be called again after `done` or `give_up`. Steps: `done`, `wait`, and `give_up`, whose reason
    /// is always `attempts`.
    retry_action on_attempt(time_point now, attempt_report const& report);

    std::uint32_t attempts() const noexcept { return attempts_; }

private:
    imds_retry_params params_;
    time_point deadline_;
    std::uint32_t attempts_ = 0;
    std::optional<time_point> back_by_; ///< when an update under way must be over
};

}
