#pragma once

#include "simulator/draws.hpp"
#include "simulator/script.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace allot::simulation {

/// Finds the rule of a script that a request falls under, and keeps the counts and the draws of the rules.
/// Lifetimes: the rules outlive it. Thread safety: unsafe.
class fault_rules {
public:
    enum class endpoint {
        graph,
        item,  ///< of a batch to Graph: rules that do something to the connection are not for it
        token, ///< only rules with a path are for it
    };

    fault_rules(std::vector<rule> const& rules, std::uint64_t seed);

    /// The position of the first rule that matches. `elapsed`: since the simulator's start.
    std::optional<std::size_t> match(endpoint of, std::string_view path, std::chrono::nanoseconds elapsed);

private:
    bool matches(std::size_t at, endpoint of, std::string_view path, std::chrono::nanoseconds elapsed);

    std::vector<rule> const& rules_;
    std::vector<std::uint64_t> seen_;
    std::vector<draws> draws_; ///< one stream per rule: a rule added behind changes no draw before it
};

}
