#pragma once

#include <allot/query.hpp>

#include <CLI/App.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace allot {

/// Adds --select and --expand. Lifetimes: `target` outlives the parse.
void add_query_options(CLI::App& app, query& target);

/// Cuts a list at its commas, those within parentheses left out: "a,b($select=c,d)" is two.
std::vector<std::string_view> split_list(std::string_view text);

}
