#include "cli/simulate_command.hpp"

#include "cli/exit_code.hpp"
#include "cli/option_checks.hpp"
#include "cli/simulate_help.hpp"
#include "cli/usage_error.hpp"
#include "json/doubled_name.hpp"
#include "model/printable.hpp"
#include "simulator/client_assertion.hpp"
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

std::string read_named_file(std::string const& file, std::string const& option) {
    try {
        return simulation::read_file(file);
    } catch (std::runtime_error const& problem) {
        throw usage_error(option + ": " + problem.what());
    }
}

std::string read_client_certificate(std::string const& file) {
    constexpr auto option = "--client-certificate";
    auto out = read_named_file(file, option);
    try {
        simulation::assertion_checker const only_to_see({out}, {});
    } catch (std::runtime_error const& problem) {
        throw usage_error(std::string(option) + ' ' + file + ": " + problem.what());
    }
    return out;
}

std::string read_federated_token(std::string const& file) {
    constexpr auto option = "--federated-token-file";
    auto out = read_named_file(file, option);
    // What stands in such a file often ends with the end of a line, which no client sends.
    out.erase(out.find_last_not_of(" \t\r\n") + 1);
    if (out.empty())
        throw usage_error(
            std::string(option) + ' ' + file +
            ": is empty; it must hold the token that the client will send");
    return out;
}

simulation::script read_script(std::string const& file) {
    auto const text = read_named_file(file, "--script");
    auto out = simulation::parse_script_file(text, file);
    if (!out)
        throw usage_error("--script " + out.error().message);
    if (auto const name = doubled_name(text))
        throw usage_error(
            "--script " + file + ": script: the member " + printable(*name) +
            " comes twice in one object, and only the last would count; leave one of them");
    return *std::move(out);
}

int simulate(simulate_options const& options) {
    auto params = options.params;
    for (auto const& file : options.client_certificates)
        params.client_certificates.push_back(read_client_certificate(file));
    for (auto const& file : options.federated_tokens)
        params.federated_tokens.push_back(read_federated_token(file));
    if (!options.script.empty())
        params.script = read_script(options.script);
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
