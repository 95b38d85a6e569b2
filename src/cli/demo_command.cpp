#include "audit/input_file.hpp"
#include "audit/memory_ledger.hpp"
#include "audit/text.hpp"
#include "cli/audit_session.hpp"
#include "cli/client_options.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/option_checks.hpp"
#include "cli/temporary_folder.hpp"
#include "cli/usage_error.hpp"
#include "simulator/simulator.hpp"

#include <CLI/Option.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace allot {
namespace {

constexpr std::uint64_t default_assignments = 10'000;

std::unique_ptr<simulator> start_simulator(std::uint64_t assignments, std::string ids_file) {
    simulator_params params;
    params.assignments = assignments;
    params.ids_file = std::move(ids_file);
    auto started = simulator::start(std::move(params));
    if (!started)
        throw usage_error(started.error().message);
    return std::move(*started);
}

/// What a user would put on the command line to reach the simulator.
client_options options_for(ready_info const& info) {
    client_options options;
    options.connection.graph_url = info.graph_url;
    options.connection.token_url = info.token_url;
    options.connection.transport.ca_file = info.ca_file;
    options.credential.kind = credential_kind::client_secret;
    options.credential.client_id = info.client_id;
    options.credential.client_secret_file = info.client_secret_file;
    return options;
}

audit_report audit(std::string const& ids_file, client_options const& options, row_output& output) {
    input_file const file(ids_file);
    audit_job job;
    console terminal(options.seeing);
    job.client = make_client_params(
        options, [](char const*) { return std::nullopt; }, terminal);
    memory_ledger ledger(
        keep_input(file.source(), file.name(), input_format::automatic), row_format::ndjson, output,
        watch_rows(job, terminal));
    return run_audit(std::move(job), ledger, false, terminal);
}

std::uint64_t count_lines(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    return static_cast<std::uint64_t>(
        std::count(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>(), '\n'));
}

std::string the_same_by_hand(std::uint64_t assignments) {
    return "\nThe same by hand (jq reads what the simulator says about itself):\n"
           "  allot simulate --assignments " +
           std::to_string(assignments) +
           " --ready-file sim.json --ids-file ids.txt &\n"
           "  allot audit ids.txt --output rows.ndjson \\\n"
           "      --graph-url \"$(jq -r .graph_url sim.json)\" --token-url \"$(jq -r .token_url sim.json)\" "
           "\\\n"
           "      --ca-file \"$(jq -r .ca_file sim.json)\" --client-id \"$(jq -r .client_id sim.json)\" \\\n"
           "      --client-secret-file \"$(jq -r .client_secret_file sim.json)\"\n";
}

int demo(std::uint64_t assignments) {
    temporary_folder const folder;
    auto const ids_file = (folder.path() / "ids.txt").string();
    auto const rows_file = (folder.path() / "rows.ndjson").string();
    auto const graph = start_simulator(assignments, ids_file);
    std::cout << "Auditing " << with_separators(assignments)
              << " assignments against the embedded simulator at " << graph->info().graph_url << '\n'
              << std::flush;
    row_output output(rows_file);
    auto const report = audit(ids_file, options_for(graph->info()), output);
    if (report.exit_code != exit_good)
        return report.exit_code;
    auto const rows = count_lines(rows_file);
    if (rows != assignments || report.rows != assignments) {
        std::cerr << "allot: error: " << rows << " rows for " << assignments << " assignments\n";
        return exit_error_rows;
    }
    std::cout << the_same_by_hand(assignments) << std::flush;
    return exit_good;
}

}

void add_demo_command(CLI::App& root, std::function<int()>& run) {
    auto const assignments = std::make_shared<std::optional<std::uint64_t>>();
    auto* const command = root.add_subcommand(
        "demo", "start the simulator inside, audit it through real TLS, and show how to do the same by hand");
    add_number(
        *command, "--assignments", *assignments, 1, 10'000'000,
        "assignments in the simulated tenant (default " + std::to_string(default_assignments) + ")");
    command->callback([assignments, &run] {
        run = [assignments] { return demo(assignments->value_or(default_assignments)); };
    });
}

}
