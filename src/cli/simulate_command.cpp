#include "cli/simulate_command.hpp"

#include "cli/exit_code.hpp"
#include "cli/option_checks.hpp"
#include "cli/simulate_help.hpp"
#include "cli/usage_error.hpp"
#include "simulator/files.hpp"
#include "simulator/listen_address.hpp"
#include "simulator/simulator.hpp"

#include <CLI/Option.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace allot {
namespace {

struct simulate_options {
    simulator_params params;
    std::string script;
    std::vector<std::string> client_certificates; ///< names of files, as the next
    std::vector<std::string> federated_tokens;
    std::optional<std::uint64_t> assignments;
    std::optional<std::uint64_t> seed;
};

std::optional<std::string> take_listen(simulator_params& params, std::string const& value) {
    auto parsed = simulation::parse_listen_address(value);
    if (!parsed)
        return "must be ADDRESS:PORT, like 127.0.0.1:8443, [::1]:8443 or 127.0.0.1:0 for a free port";
    params.address = std::move(parsed->address);
    params.port = parsed->port;
    return std::nullopt;
}

/// One line that says how to point `allot` at it.
std::string greeting(simulator const& served) {
    auto const& info = served.info();
    return "allot: simulating " + std::to_string(served.tenant().assignments().size()) + " assignments on " +
           info.graph_url + "; use: --graph-url " + info.graph_url + " --token-url " + info.token_url +
           " --ca-file " + info.ca_file + " --tenant " + info.tenant + " --client-id " + info.client_id +
           " --client-secret-file " + info.client_secret_file;
}

/// The content of the files that an option names.
std::vector<std::string> read_files(std::vector<std::string> const& files, std::string const& option) {
    std::vector<std::string> out;
    for (auto const& file : files) {
        try {
            out.push_back(simulation::read_file(file));
        } catch (std::runtime_error const& problem) {
            throw usage_error(option + ": " + problem.what());
        }
    }
    return out;
}

int simulate(simulate_options const& options) {
    auto params = options.params;
    params.client_certificates = read_files(options.client_certificates, "--client-certificate");
    params.federated_tokens = read_files(options.federated_tokens, "--federated-token-file");
    // What stands in such a file often ends with the end of a line, which no client sends.
    for (auto& token : params.federated_tokens)
        token.erase(token.find_last_not_of(" \t\r\n") + 1);
    if (!options.script.empty()) {
        auto script = simulation::read_script(options.script);
        if (!script)
            throw usage_error("--script " + script.error().message);
        params.script = std::move(*script);
    }
    params.assignments = options.assignments.value_or(params.assignments);
    params.seed = options.seed.value_or(params.seed);
    boost::asio::io_context context{1};
    // Before the ready file is there: who waits for that may send the signal at once.
    boost::asio::signal_set signals(context, SIGINT, SIGTERM);
    auto served = simulator::start(std::move(params));
    if (!served) {
        std::cerr << "allot: error: " << served.error().message << '\n';
        return exit_local_io;
    }
    std::cerr << greeting(**served) << std::endl;
    signals.async_wait([](auto const&, int) {});
    context.run();
    (*served)->stop();
    if (auto const lost = (*served)->stats().journal_lines_lost; lost != 0) {
        std::cerr << "allot: error: " << lost << " lines of the journal " << options.params.journal_file
                  << " could not be written\n";
        return exit_local_io;
    }
    return exit_good;
}

}

void add_simulate_command(CLI::App& root, std::function<int()>& run) {
    auto const options = std::make_shared<simulate_options>();
    auto* const command =
        root.add_subcommand("simulate", "serve a made-up tenant: Graph and its token endpoint");
    add_checked(
        *command, "--listen", "ADDRESS:PORT",
        [options](auto const& value) { return take_listen(options->params, value); },
        "where to listen; port 0 takes a free one (default 127.0.0.1:0)");
    add_number(
        *command, "--assignments", options->assignments, 1, 10'000'000,
        "how many assignments the tenant has (default 10000)");
    add_number(
        *command, "--seed", options->seed, 0, UINT64_MAX,
        "the same seed gives the same tenant and the same faults (default 1)");
    command->add_option("--script", options->script, "how to misbehave, see below")->type_name("FILE");
    command->add_option("--journal", options->params.journal_file, "one JSON line for each request")
        ->type_name("FILE");
    command
        ->add_option("--ready-file", options->params.ready_file, "how to reach it, written once it listens")
        ->type_name("FILE");
    command
        ->add_option("--ids-file", options->params.ids_file, "the tenant's assignment references, one a line")
        ->type_name("FILE");
    command
        ->add_option(
            "--client-certificate", options->client_certificates,
            "whose key may sign the client's assertions; may be repeated")
        ->type_name("PEM")
        ->take_all()
        ->allow_extra_args(false);
    command
        ->add_option(
            "--federated-token-file", options->federated_tokens,
            "another issuer's token that proves the client; may be repeated")
        ->type_name("FILE")
        ->take_all()
        ->allow_extra_args(false);
    command->footer(simulate_help());
    command->callback([options, &run] { run = [options] { return simulate(*options); }; });
}

}
