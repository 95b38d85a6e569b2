#pragma once

#include <CLI/App.hpp>

#include <string>

namespace allot {

/// Adds a store as a positional argument.
void add_store_argument(CLI::App& app, std::string const& name, std::string& target);

/// Refuses an output that would overwrite the store or what SQLite keeps beside it, be it by the file that
/// becomes FILE at the end. Errors: `usage_error`.
void refuse_store_as_output(std::string const& store, std::string const& output);

}
