#pragma once

#include <CLI/App.hpp>

#include <functional>

/// The commands of `allot`. Each adds its subcommand and, when that is on the command line, sets `run` to
/// what it does; its answer is the exit code. Errors of `run`: `usage_error`, `input_error`, `io_error`.
namespace allot {

void add_get_command(CLI::App& root, std::function<int()>& run);
void add_list_command(CLI::App& root, std::function<int()>& run);
void add_audit_command(CLI::App& root, std::function<int()>& run);
void add_export_command(CLI::App& root, std::function<int()>& run);
void add_report_command(CLI::App& root, std::function<int()>& run);
void add_status_command(CLI::App& root, std::function<int()>& run);
void add_diff_command(CLI::App& root, std::function<int()>& run);
void add_plan_command(CLI::App& root, std::function<int()>& run);
void add_whoami_command(CLI::App& root, std::function<int()>& run);
void add_demo_command(CLI::App& root, std::function<int()>& run);

/// --version and --json of the command itself.
void add_version_options(CLI::App& root, std::function<int()>& run);

}
