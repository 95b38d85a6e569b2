#pragma once

#include <CLI/App.hpp>

#include <functional>

namespace allot {

/// `allot simulate`: the embedded Graph until SIGINT or SIGTERM. When it is on the command line, `run` is set
/// to what it does. Errors of `run`: `usage_error` for a bad script; an address or a file that cannot be used
/// is said on standard error, and the answer is 4.
void add_simulate_command(CLI::App& root, std::function<int()>& run);

}
