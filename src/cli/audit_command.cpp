#include "audit/input_file.hpp"
#include "audit/memory_ledger.hpp"
#include "cli/audit_options.hpp"
#include "cli/audit_session.hpp"
#include "cli/commands.hpp"
#include "cli/metrics_server.hpp"
#include "cli/option_checks.hpp"
#include "cli/scope_options.hpp"
#include "cli/shown_input.hpp"
#include "cli/usage_error.hpp"

#include <CLI/Option.hpp>

#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>

namespace allot {
namespace {

constexpr std::uint64_t most_threads = 256;

std::optional<std::string> take_strategy(audit_options& options, std::string const& value) {
    if (value == "auto")
        options.strategy = audit_strategy::automatic;
    else if (value == "get")
        options.strategy = audit_strategy::get;
    else if (value == "batch")
        options.strategy = audit_strategy::batch;
    else if (value == "list")
        options.strategy = audit_strategy::list;
    else
        return "must be auto, get, batch or list";
    return std::nullopt;
}

int audit_in_memory(audit_options const& options) {
    auto const input_path = options.all ? std::string() : input_argument(options);
    console terminal(options.client.seeing);
    auto job = make_audit_job(options, terminal);
    auto const server = serve_metrics(options.metrics_listen, job.metrics, terminal);
    auto const output_path = options.output.value_or("-");
    bool const rows_on_terminal = output_path == "-" && ::isatty(STDOUT_FILENO) == 1;
    if (job.list) {
        tell_strategy(options, terminal);
        row_output output(output_path);
        memory_ledger ledger(options.format, output, watch_rows(job, terminal));
        return run_audit(std::move(job), ledger, rows_on_terminal, terminal).exit_code;
    }
    input_file const file(input_path);
    if (output_path != "-" && file.is_same_file(output_path))
        throw usage_error("--output " + output_path + " is the input; give another file");
    kept_input input;
    read_shown_entries(
        file, file.source(), options.input, terminal, rows_on_terminal,
        [&input](input_entry entry) { input.add(std::move(entry)); });
    if (options.strict) {
        strict_check strict;
        for (auto const& entry : input.invalid())
            strict.add(entry);
        strict.finish(file.name(), input.size());
    }
    row_output output(output_path);
    memory_ledger ledger(std::move(input), options.format, output, watch_rows(job, terminal));
    return run_audit(std::move(job), ledger, rows_on_terminal, terminal).exit_code;
}

/// What --all, --user and --group say together.
struct list_choice {
    bool all = false;
    scope_options scope;
};

std::optional<list_scope> scope_of(list_choice const& choice) {
    if (choice.all)
        return scope_of(choice.scope);
    if (choice.scope.given())
        throw usage_error("--user and --group need --all: they say whose assignments are listed");
    return std::nullopt;
}

int audit(audit_options options, list_choice const& choice) {
    options.all = scope_of(choice);
    if (options.all && options.file)
        throw usage_error("--all lists the assignments itself; leave " + *options.file + " away, or --all");
    if (!options.all && options.strategy == audit_strategy::list)
        throw usage_error("--strategy list needs --all: a list has all assignments, not those of an input");
    if (options.store)
        return audit_into_store(options);
    if (options.retry_failed)
        throw usage_error("--retry-failed needs --store: it repeats the error rows of a stored audit");
    return audit_in_memory(options);
}

std::string audit_help() {
    return "Input: one assignment per line (ASSIGNMENT_ID, users/USER_ID/ASSIGNMENT_ID or\n"
           "groups/GROUP_ID/ASSIGNMENT_ID; blank lines and # comments are skipped), CSV with a header "
           "(assignmentId,\n"
           "userId, groupId), or NDJSON with the same names. Rows of an audit are an input again.\n"
           "Rows: one per input, with its position, in completion order; with --store in the order of the "
           "input, "
           "once all\n"
           "are there. The outcomes ok, none and not_found are good; forbidden, invalid_input, bad_body and "
           "failed are\n"
           "errors. error.code is one of the library's error names (throttled, connection_lost, ...); "
           "Graph's "
           "own code\n"
           "stands in error.message.\n"
           "\n" +
           client_help();
}

}

void add_audit_command(CLI::App& root, std::function<int()>& run) {
    auto const options = std::make_shared<audit_options>();
    auto* const command = root.add_subcommand(
        "audit", "read the allotment of every assignment in the input; one row per input");
    command->add_option("FILE", options->file, "file of assignments, or - for standard input")->type_name("");
    auto const choice = std::make_shared<list_choice>();
    command
        ->add_flag(
            "--all", choice->all,
            "no input: audit all assignments of the tenant, or of --user or --group, found by listing them")
        ->group("Input and output");
    add_scope_options(*command, choice->scope, "with --all: ", "Input and output");
    add_checked(
        *command, "--strategy", "S", [options](auto const& value) { return take_strategy(*options, value); },
        "get: a request for each assignment; batch: up to 20 of them in one $batch call, which Graph counts "
        "as "
        "20; list: with --all, pages of assignments with their allotments, then requests for what is "
        "missing; "
        "auto (default): list with --all, else get, or batch where answers take too long for as many as "
        "Graph "
        "grants")
        ->group("How fast");
    add_number(
        *command, "--page-size", options->page_size, 1, most_on_a_page,
        "with --all: assignments to a page (default: as Graph likes)")
        ->group("How fast");
    add_number(
        *command, "--threads", options->threads, 1, most_threads,
        "threads that send requests, each with its part of the connections and of --rate (default 1: enough "
        "for thousands of requests a second, more than Graph grants a tenant)")
        ->group("How fast");
    add_checked(
        *command, "--input-format", "FORMAT",
        [options](auto const& value) { return take_input_format(options->input, value); },
        "auto (default), lines, csv or ndjson")
        ->group("Input and output");
    command->add_flag("--strict", options->strict, "with an invalid entry stop before the first request")
        ->group("Input and output");
    command
        ->add_option(
            "-o,--output", options->output,
            "file for the rows, or - for standard output (default); a file is complete or keeps the name "
            "FILE.partial")
        ->type_name("FILE")
        ->group("Input and output");
    command
        ->add_option(
            "--store", options->store,
            "SQLite file that keeps the audit: made where there is none, taken up again where it is "
            "unfinished")
        ->type_name("DB")
        ->group("Input and output");
    command
        ->add_flag("--retry-failed", options->retry_failed, "with --store: ask again for its error rows too")
        ->group("Input and output");
    add_checked(
        *command, "--format", "FORMAT",
        [options](auto const& value) { return take_row_format(options->format, value); },
        "ndjson (default) or csv")
        ->group("Input and output");
    add_client_options(*command, options->client);
    add_metrics_option(*command, options->metrics_listen);
    command->footer(audit_help());
    command->callback(
        [options, choice, &run] { run = [options, choice] { return audit(*options, *choice); }; });
}

}
