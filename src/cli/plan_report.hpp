#pragma once

#include "audit/plan.hpp"

#include <allot/params.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace allot {

/// What `allot plan` found out.
struct plan_report {
    std::optional<std::string> input; ///< its name; not set where the number was given
    std::uint64_t entries = 0;
    std::uint64_t distinct = 0; ///< without repeats of earlier ones
    std::uint64_t invalid = 0;
    plan_job job;
    std::optional<double> rate; ///< as given, in requests per second
    std::optional<learned_rate> learned;
    std::size_t connections = client_params().connections;
};

/// For people; no control characters but line ends.
std::string plan_text(plan_report const& report);

/// One JSON object, without a line end.
std::string plan_json(plan_report const& report);

}
