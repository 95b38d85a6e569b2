#pragma once

#include "io/envelope_item.hpp"
#include "io/graph_exchange.hpp"

#include <span>

namespace allot {

/// One request of a result: what it is sent with, and what came of it.
struct graph_exchange::attempt {
    std::string_view target; ///< of whoever made the attempt
    request_template const& requests;
    std::size_t body_limit;
    exchange_info& info;
    std::string_view traceparent{};
    std::optional<time_point> deadline{};
    bool fresh_connection = false;
    token_refusals refusals{};
    cached_token token{}; ///< in use

    std::optional<throttle_gate::pass> pass{};     ///< kept with the answer to an envelope
    std::optional<connection_pool::lease> lease{}; ///< that the request goes out on
    time_point sent_at{};
    time_point ended_at{};
    std::chrono::nanoseconds latency{0};

    attempt_report report{};
    bool final = false; ///< nothing was sent, and trying again is not for this loop to decide
    std::optional<failure> failed{};
    std::optional<connection_pool::lease> answered{}; ///< holds an answer 200 or 204

    // For the observer alone.
    observed_request seen{};
    std::size_t bytes = 0;

    // Of an envelope.
    std::span<envelope_item* const> items{};
    std::string_view encoded_query{};

    /// As Graph counts them.
    std::uint32_t calls() const noexcept {
        return items.empty() ? 1 : static_cast<std::uint32_t>(items.size());
    }
    /// What the observer knows it by.
    observed_request& first_seen() noexcept { return items.empty() ? seen : items.front()->seen; }
};

}
