#include "audit/row_output.hpp"
#include "cli/audit_status.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/store_argument.hpp"

#include <CLI/Option.hpp>

#include <memory>
#include <string>

namespace allot {
namespace {

struct status_options {
    std::string store;
    bool json = false;
};

int show_status(status_options const& options) {
    auto const status = read_status(options.store);
    row_output output("-");
    output.append(
        options.json ? status_json(status) + '\n' : status_text(status, std::chrono::system_clock::now()));
    output.finish();
    return exit_good;
}

constexpr char const* status_help =
    "--json gives one object: store, state (reading: the input is not complete; unfinished: rows are "
    "missing;\n"
    "complete), inUse (a process works on it), input, inputSha256 (or null), options (those the rows depend "
    "on),\n"
    "inputs, distinct, rows, missing, errorRows, outcomes (a count for each), parkedUntil (or null), runs "
    "(number,\n"
    "started, ended or null, end, resumeAt or null, requests, retries, throttled, heldMs) and next (the "
    "command to\n"
    "go on with, or null). A run's end is complete, signal, parked, no_token, forbidden, untrusted, killed "
    "or "
    "running.\n"
    "Times are UTC. A store can be asked while an audit works on it.\n"
    "\n"
    "Exit codes: 0 the store was read, however far it is; 2 usage; 4 it cannot be read.\n";

}

void add_status_command(CLI::App& root, std::function<int()>& run) {
    auto const options = std::make_shared<status_options>();
    auto* const command = root.add_subcommand("status", "how far a stored audit is, and how it can go on");
    add_store_argument(*command, "DB", options->store);
    command->add_flag("--json", options->json, "one JSON object for programs, see below");
    command->footer(status_help);
    command->callback([options, &run] { run = [options] { return show_status(*options); }; });
}

}
