#include "cli/client_options.hpp"
#include "cli/commands.hpp"
#include "cli/list_session.hpp"
#include "cli/metrics_server.hpp"
#include "cli/option_checks.hpp"
#include "cli/scope_options.hpp"
#include "cli/secret_environment.hpp"
#include "cli/trace_environment.hpp"

#include <CLI/Option.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace allot {
namespace {

constexpr char const* output_group = "Output";

struct list_options {
    scope_options scope;
    std::string output = "-";
    std::optional<std::uint64_t> page_size;
    std::optional<std::string> metrics_listen;
    client_options client;
};

int list(list_options const& options) {
    list_job job;
    job.scope = scope_of(options.scope);
    console terminal(options.client.seeing);
    auto const lookup = secret_environment();
    job.client = make_client_params(options.client, lookup, terminal);
    job.select_and_expand = options.client.select_and_expand;
    take_trace(job.select_and_expand, lookup, terminal);
    if (options.metrics_listen)
        job.metrics = watch_with_metrics(job.client);
    auto const server = serve_metrics(options.metrics_listen, job.metrics, terminal);
    job.pages.page_size(static_cast<std::uint32_t>(options.page_size.value_or(0)));
    row_output output(options.output);
    return run_list(std::move(job), &output, terminal).exit_code;
}

std::string list_help() {
    return "Rows: NDJSON, one object for each assignment, with assignmentId and, below a user or group, "
           "userId\n"
           "or groupId: an input of allot audit, as in  allot list | allot audit -\n"
           "With --select or --expand each row also has Graph's assignment as its member assignment. An id "
           "that\n"
           "breaks the rules of ids is listed too; the audit then has the row invalid_input for it.\n"
           "Where the list could not be read to its end, the exit code is not 0.\n"
           "\n" +
           client_help();
}

}

void add_list_command(CLI::App& root, std::function<int()>& run) {
    auto const options = std::make_shared<list_options>();
    auto* const command =
        root.add_subcommand("list", "the assignments of the tenant, a user or a group, as input of audit");
    add_scope_options(*command, options->scope, "", "Whose");
    command
        ->add_option(
            "-o,--output", options->output,
            "file for the rows, or - for standard output (default); a file is complete or keeps the name "
            "FILE.partial")
        ->type_name("FILE")
        ->group(output_group);
    add_number(
        *command, "--page-size", options->page_size, 1, most_on_a_page,
        "assignments to a request (default: as Graph likes)")
        ->group("How fast");
    add_client_options(
        *command, options->client,
        {"members of the assignment to ask for (default: the id alone)",
         "navigations to include: allotment, assignedTo"});
    add_metrics_option(*command, options->metrics_listen);
    command->footer(list_help());
    command->callback([options, &run] { run = [options] { return list(*options); }; });
}

}
