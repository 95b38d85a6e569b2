#pragma once

#include "io/token_refusals.hpp"
#include "protocol/envelope.hpp"
#include "protocol/retry_state.hpp"

#include <allot/assignment_ref.hpp>
#include <allot/failure.hpp>
#include <allot/model.hpp>
#include <allot/observer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace allot {

/// An allotment that is asked for in envelopes, from the first of them to its result.
/// Thread safety: one strand.
struct envelope_item {
    using time_point = std::chrono::steady_clock::time_point;

    std::uint64_t id = 0; ///< in envelopes; not 0
    assignment_ref const* reference = nullptr;
    time_point started{};
    std::optional<time_point> deadline{};
    retry_state retry;
    token_refusals refusals{};
    exchange_info info{};
    std::string target{};    ///< for an observer only
    observed_request seen{}; ///< likewise

    // What the last envelope left.
    attempt_report report{};
    std::optional<allotment> found{};
    std::optional<failure> failed{};
    bool ended = false; ///< `found` or `failed` is the result; else it has to be sent again:
    time_point again_at{};
    bool on_budget = false; ///< it takes a retry from the budget
    bool fresh_connection = false;
    std::size_t most = most_in_envelope; ///< in an envelope no larger than this; 1: by itself

    result<allotment> take_result() {
        if (found)
            return std::move(*found);
        return std::move(*failed);
    }
};

}
