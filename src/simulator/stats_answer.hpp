#pragma once

#include "simulator/journal.hpp"
#include "simulator/message.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace allot::simulation {

/// Where the simulator tells what it has seen; no token is asked for.
inline constexpr std::string_view stats_path = "/stats";

/// The truth as JSON, by the names of `simulator_stats`; the numbers of its seconds as lists in `per_second`.
std::string to_json(simulator_stats const& seen, std::chrono::microseconds elapsed);

/// The answer to GET `stats_path`; others are refused. `elapsed`: since the simulator's start.
reply stats_answer(
    request const& what, exchange const& of, simulator_stats const& seen, std::chrono::microseconds elapsed);

}
