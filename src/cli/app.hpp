#pragma once

namespace allot {

/// Runs the `allot` command: parses, runs, prints what went wrong. The answer is the exit code (cli contract:
/// `exit_code`).
int run_command_line(int argc, char const* const* argv);

}
