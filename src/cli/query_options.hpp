#pragma once

#include <allot/query.hpp>

#include <CLI/App.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace allot {

/// What --help says of --select and --expand.
struct query_help {
    char const* select = "members of the allotment to ask for (default: all)";
    char const* expand = "navigations to include: assignments, waitingMembers";
};

/// Adds --select and --expand. Lifetimes: `target` outlives the parse.
void add_query_options(CLI::App& app, query& target, query_help const& help = {});

/// Cuts a list at its commas, those within parentheses left out: "a,b($select=c,d)" is two.
std::vector<std::string_view> split_list(std::string_view text);

}
