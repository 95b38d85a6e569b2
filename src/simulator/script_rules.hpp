#pragma once

#include "simulator/script.hpp"
#include "simulator/script_node.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace allot::simulation {

/// An element of a script's `rules`. Names of files are relative to `folder`.
rule read_rule(script_node const& from, std::string const& folder);

/// A list of numbers from 1, sorted.
std::vector<std::uint64_t> read_counts(script_node const& from);

}
