#include "cli/app.hpp"

#include "audit/input.hpp"
#include "audit/io_error.hpp"
#include "audit/store/store_error.hpp"
#include "audit/text.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/exit_code.hpp"
#include "cli/first_steps.hpp"
#include "cli/interruption.hpp"
#include "cli/secret_environment.hpp"
#include "cli/simulate_command.hpp"
#include "cli/usage_error.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <exception>
#include <functional>
#include <iostream>
#include <string>

namespace allot {
namespace {

void complain(std::string const& text) {
    std::cerr << "allot: error: " << terminal_safe(text) << '\n';
}

/// Whether lines of JSON are asked for.
bool logs_json(CLI::App const& root) {
    auto const commands = root.get_subcommands();
    auto const* const format =
        commands.empty() ? nullptr : commands.front()->get_option_no_throw("--log-format");
    return format != nullptr && !format->results().empty() && format->results().back() == "json";
}

/// What ended a command, in the form that its log has.
void complain(CLI::App const& root, std::string const& text) {
    if (!logs_json(root))
        return complain(text);
    console_options as_json;
    as_json.format = log_format::json;
    console(as_json).log(log_level::error, text);
}

std::string command_name(CLI::App const& root) {
    std::string name = root.get_name();
    for (auto const* const command : root.get_subcommands())
        name += ' ' + command->get_name();
    return name;
}

/// Whether the command asks Graph, as who the options say.
bool has_login(CLI::App const& root) {
    auto const commands = root.get_subcommands();
    return !commands.empty() && commands.front()->get_option_no_throw("--auth") != nullptr;
}

int refuse_usage(CLI::App const& root, std::string text, std::string const& examples = {}) {
    for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n'))
        text[at] = ' ';
    complain(root, text);
    if (logs_json(root))
        return exit_usage;
    std::cerr << examples << "try '" << command_name(root) << " --help'\n";
    return exit_usage;
}

int execute(CLI::App const& root, std::function<int()> const& run) {
    try {
        return run();
    } catch (usage_error const& error) {
        return refuse_usage(root, error.what(), error.examples());
    } catch (input_error const& error) {
        complain(root, error.what());
        return exit_usage;
    } catch (io_error const& error) {
        if (!error.broken_pipe())
            complain(root, error.what());
        return exit_local_io;
    } catch (store_error const& error) {
        complain(root, error.what());
        return exit_local_io;
    } catch (interrupted const& error) {
        complain(root, error.what());
        return 128 + error.signal();
    } catch (std::exception const& error) {
        complain(root, std::string("unexpected: ") + error.what());
        return exit_error_rows;
    }
}

}

int run_command_line(int argc, char const* const* argv) {
    CLI::App root(
        "Reads the license allotments that assignments draw from (Microsoft Graph, cloudLicensing).",
        "allot");
    root.option_defaults()->always_capture_default(false);
    std::function<int()> run;
    add_version_options(root, run);
    add_get_command(root, run);
    add_list_command(root, run);
    add_audit_command(root, run);
    add_plan_command(root, run);
    add_export_command(root, run);
    add_report_command(root, run);
    add_status_command(root, run);
    add_diff_command(root, run);
    add_whoami_command(root, run);
    add_simulate_command(root, run);
    add_demo_command(root, run);
    try {
        root.parse(argc, argv);
    } catch (CLI::Success const& help) {
        return root.exit(help);
    } catch (CLI::ParseError const& error) {
        return refuse_usage(root, error.what());
    }
    if (!run)
        return refuse_usage(root, "there is no command", first_steps());
    if (!has_login(root))
        forget_secret_variables();
    return execute(root, run);
}

}
