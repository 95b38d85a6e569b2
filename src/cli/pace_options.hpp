#pragma once

#include <allot/batch.hpp>
#include <allot/params.hpp>

#include <CLI/App.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace allot {

/// How fast, and how long. What is not set keeps the library's default.
struct pace_options {
    std::optional<std::uint64_t> concurrency;
    std::optional<std::uint64_t> connections;
    std::optional<double> rate;
    throttle_priority priority = throttle_priority::unset;
    std::optional<std::chrono::milliseconds> request_timeout;
    std::optional<std::chrono::milliseconds> deadline;
    std::optional<std::chrono::milliseconds> max_wait;
    std::optional<std::uint64_t> max_attempts;
};

/// Adds --concurrency, --connections, --rate, --priority, --request-timeout, --deadline, --max-wait and
/// --max-attempts. Lifetimes: `options` outlives the parse.
void add_pace_options(CLI::App& app, pace_options& options);

void apply(pace_options const& options, client_params& params);

/// How far an audit runs ahead: --concurrency, else as many as there are connections.
batch_params batch_pace(pace_options const& options);

}
