#include "cli/pace_options.hpp"

#include "cli/duration.hpp"
#include "cli/option_checks.hpp"

#include <CLI/Option.hpp>

#include <algorithm>
#include <charconv>
#include <string>

namespace allot {
namespace {

using namespace std::chrono_literals;

constexpr char const* speed_group = "How fast";
constexpr char const* time_group = "How long";
constexpr double least_rate = 0.001;
constexpr double most_rate = 1'000'000;

std::optional<std::string> take_rate(std::optional<double>& target, std::string const& value) {
    double rate = 0;
    auto const* const end = value.data() + value.size();
    auto const [rest, error] = std::from_chars(value.data(), end, rate, std::chars_format::fixed);
    if (error != std::errc() || rest != end || !(rate >= least_rate && rate <= most_rate))
        return "must be a number of requests per second from 0.001 to 1000000";
    target = rate;
    return std::nullopt;
}

std::optional<std::string> take_priority(pace_options& options, std::string const& value) {
    if (value == "low")
        options.priority = throttle_priority::low;
    else if (value == "normal")
        options.priority = throttle_priority::normal;
    else if (value == "high")
        options.priority = throttle_priority::high;
    else
        return "must be low, normal or high";
    return std::nullopt;
}

std::string by_default(std::chrono::milliseconds value) {
    return " (default " + duration_text(value) + ")";
}

}

void add_pace_options(CLI::App& app, pace_options& options) {
    client_params const defaults;
    auto const connections = std::to_string(defaults.connections);
    add_number(
        app, "--concurrency", options.concurrency, 1, 4'096,
        "assignments under way at once (default: as many as connections, 20 times as many in batches)")
        ->group(speed_group);
    add_number(
        app, "--connections", options.connections, 1, 4'096,
        "most connections to Graph (default " + connections + ")")
        ->group(speed_group);
    add_checked(
        app, "--rate", "R", [&options](auto const& value) { return take_rate(options.rate, value); },
        "most requests per second (default: no limit but Graph's)")
        ->group(speed_group);
    add_checked(
        app, "--priority", "P", [&options](auto const& value) { return take_priority(options, value); },
        "low, normal or high: what Graph sheds first when it throttles")
        ->group(speed_group);
    add_duration(
        app, "--request-timeout", options.request_timeout, 1ms, 24h,
        "one attempt" + by_default(defaults.request_timeout) + "; its answer begins within " +
            short_duration(defaults.transport.header_timeout) + ", or within TIME if that is longer")
        ->group(time_group);
    add_duration(
        app, "--deadline", options.deadline, 1ms, 30 * 24h,
        "one assignment with all its attempts and waits (default: none)")
        ->group(time_group);
    add_duration(
        app, "--max-wait", options.max_wait, 0ms, 30 * 24h,
        "longest wait that Graph may ask for; beyond it the command ends with 75" +
            by_default(defaults.retry.max_wait))
        ->group(time_group);
    add_number(
        app, "--max-attempts", options.max_attempts, 1, 1'000,
        "requests for one assignment (default " + std::to_string(defaults.retry.max_attempts) + ")")
        ->group(time_group);
}

void apply(pace_options const& options, client_params& params) {
    params.connections = options.connections.value_or(params.connections);
    params.max_rate = options.rate;
    params.priority = options.priority;
    params.request_timeout = options.request_timeout.value_or(params.request_timeout);
    // Whoever gives an attempt more time knows of answers that begin late.
    if (options.request_timeout)
        params.transport.header_timeout = std::max(params.transport.header_timeout, *options.request_timeout);
    params.deadline = options.deadline;
    params.retry.max_wait = options.max_wait.value_or(params.retry.max_wait);
    params.retry.max_attempts =
        static_cast<std::uint32_t>(options.max_attempts.value_or(params.retry.max_attempts));
}

batch_params batch_pace(pace_options const& options) {
    batch_params params;
    if (options.concurrency)
        params.concurrency(*options.concurrency);
    return params;
}

}
