#include "audit/input_file.hpp"
#include "audit/text.hpp"
#include "cli/audit_session.hpp"
#include "cli/client_options.hpp"
#include "cli/commands.hpp"
#include "cli/first_steps.hpp"
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

constexpr std::size_t most_problems_shown = 10;

struct audit_options {
    std::string file;
    input_format input = input_format::automatic;
    bool strict = false;
    std::string output = "-";
    row_format format = row_format::ndjson;
    client_options client;
};

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

std::string file_argument(audit_options const& options) {
    if (!options.file.empty())
        return options.file;
    if (::isatty(STDIN_FILENO) == 1)
        throw usage_error(
            "there is no input: name a file of assignment ids, pipe them in, or give - to type them here",
            audit_examples());
    return "-";
}

void refuse_invalid(audit_input const& input, std::string const& name) {
    if (input.invalid.empty())
        return;
    std::string text = name + ": " + with_separators(input.invalid.size()) + " of " +
                       with_separators(input.size()) + " entries are invalid";
    for (std::size_t at = 0; at != input.invalid.size() && at != most_problems_shown; ++at)
        text += "; " + input.invalid[at].problem;
    if (input.invalid.size() > most_problems_shown)
        text += "; ...";
    throw input_error(text);
}

int audit(audit_options const& options) {
    input_file const file(file_argument(options));
    if (options.output != "-" && file.is_same_file(options.output))
        throw usage_error("--output " + options.output + " is the input; give another file");
    audit_job job;
    console terminal(options.client.seeing);
    bool const rows_on_terminal = options.output == "-" && ::isatty(STDOUT_FILENO) == 1;
    job.input = read_shown_input(file, options.input, terminal, rows_on_terminal);
    if (options.strict)
        refuse_invalid(job.input, file.name());
    job.client = make_client_params(options.client, process_environment());
    job.select_and_expand = options.client.select_and_expand;
    job.pace = batch_pace(options.client.pace);
    job.format = options.format;

    if (auto const warning = cloud_warning(options.client.connection))
        terminal.log(log_level::warning, *warning);
    row_output output(options.output);
    return run_audit(std::move(job), output, terminal).exit_code;
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
    add_checked(
        *command, "--format", "FORMAT", [options](auto const& value) { return take_format(*options, value); },
        "ndjson (default) or csv")
        ->group("Input and output");
    add_client_options(*command, options->client);
    command->footer(footer());
    command->callback([options, &run] { run = [options] { return audit(*options); }; });
}

}
