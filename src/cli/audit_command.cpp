#include "audit/input_file.hpp"
#include "audit/memory_ledger.hpp"
#include "cli/audit_options.hpp"
#include "cli/audit_session.hpp"
#include "cli/commands.hpp"
#include "cli/option_checks.hpp"
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

std::optional<std::string> take_input_format(audit_options& options, std::string const& value) {
    if (value == "auto")
        options.input = input_format::automatic;
    else if (value == "lines")
        options.input = input_format::lines;
    else if (value == "csv")
        options.input = input_format::csv;
    else if (value == "ndjson")
        options.input = input_format::ndjson;
    else
        return "must be auto, lines, csv or ndjson";
    return std::nullopt;
}

std::optional<std::string> take_format(audit_options& options, std::string const& value) {
    if (value != "ndjson" && value != "csv")
        return "must be ndjson or csv";
    options.format = value == "csv" ? row_format::csv : row_format::ndjson;
    return std::nullopt;
}

int audit_in_memory(audit_options const& options) {
    input_file const file(input_argument(options));
    auto const output_path = options.output.value_or("-");
    if (output_path != "-" && file.is_same_file(output_path))
        throw usage_error("--output " + output_path + " is the input; give another file");
    console terminal(options.client.seeing);
    bool const rows_on_terminal = output_path == "-" && ::isatty(STDOUT_FILENO) == 1;
    auto input = read_shown_input(file, options.input, terminal, rows_on_terminal);
    if (options.strict) {
        strict_check strict;
        for (auto const& entry : input.invalid)
            strict.add(entry);
        strict.finish(file.name(), input.size());
    }
    audit_job job;
    job.client = make_client_params(options.client, process_environment());
    job.select_and_expand = options.client.select_and_expand;
    job.pace = batch_pace(options.client.pace);

    if (auto const warning = cloud_warning(options.client.connection))
        terminal.log(log_level::warning, *warning);
    row_output output(output_path);
    memory_ledger ledger(std::move(input), options.format, output, log_error_rows(terminal));
    return run_audit(std::move(job), ledger, rows_on_terminal, terminal).exit_code;
}

int audit(audit_options const& options) {
    if (options.store)
        return audit_into_store(options);
    if (options.retry_failed)
        throw usage_error("--retry-failed needs --store: it repeats the error rows of a stored audit");
    return audit_in_memory(options);
}

std::string footer() {
    return "Input: one assignment per line (ASSIGNMENT_ID, users/USER_ID/ASSIGNMENT_ID or\n"
           "groups/GROUP_ID/ASSIGNMENT_ID; blank lines and # comments are skipped), CSV with a header "
           "(assignmentId,\n"
           "userId, groupId), or NDJSON with the same names. Rows of an audit are an input again.\n"
           "Rows: one per input, in completion order, with its position. The outcomes ok, none and not_found "
           "are\n"
           "good; forbidden, invalid_input, bad_body and failed are errors. error.code is one of the "
           "library's error\n"
           "names (throttled, connection_lost, ...); Graph's own code stands in error.message.\n"
           "\n" +
           client_help();
}

}

void add_audit_command(CLI::App& root, std::function<int()>& run) {
    auto const options = std::make_shared<audit_options>();
    auto* const command = root.add_subcommand(
        "audit", "read the allotment of every assignment in the input; one row per input");
    command->add_option("FILE", options->file, "file of assignments, or - for standard input")->type_name("");
    add_checked(
        *command, "--input-format", "FORMAT",
        [options](auto const& value) { return take_input_format(*options, value); },
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
        ->add_flag(
            "--retry-failed", options->retry_failed, "with a finished store: ask again for its error rows")
        ->group("Input and output");
    add_checked(
        *command, "--format", "FORMAT", [options](auto const& value) { return take_format(*options, value); },
        "ndjson (default) or csv")
        ->group("Input and output");
    add_client_options(*command, options->client);
    command->footer(footer());
    command->callback([options, &run] { run = [options] { return audit(*options); }; });
}

}
