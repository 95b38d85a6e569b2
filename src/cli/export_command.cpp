#include "audit/export.hpp"
#include "audit/store/open.hpp"
#include "audit/text.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/exit_code.hpp"
#include "cli/option_checks.hpp"
#include "cli/store_argument.hpp"

#include <CLI/Option.hpp>

#include <memory>
#include <string>

namespace allot {
namespace {

struct export_options {
    std::string store;
    std::string output = "-";
    row_format format = row_format::ndjson;
};

void warn_of_missing_rows(audit_reader& reader, std::string const& name) {
    console terminal{console_options()};
    if (reader.phase() == audit_phase::reading) {
        terminal.log(
            log_level::warning,
            name + " is not finished: its input was not read to the end; the same allot audit goes on");
        return;
    }
    auto const counts = reader.counts();
    if (counts.rows() < counts.inputs)
        terminal.log(
            log_level::warning, name + " is not finished: " + with_separators(counts.inputs - counts.rows()) +
                                    " of " + with_separators(counts.inputs) +
                                    " rows are missing; `allot status` says how to go on");
}

int export_store(export_options const& options) {
    refuse_store_as_output(options.store, options.output);
    auto const reader = open_stored_audit(options.store);
    warn_of_missing_rows(*reader, options.store);
    row_output output(options.output);
    try {
        export_rows(*reader, options.format, output);
    } catch (...) {
        output.discard();
        throw;
    }
    return exit_good;
}

constexpr char const* export_help =
    "Rows come in the order of the input, one for each of its entries, as allot audit writes them. An audit "
    "that is\n"
    "not finished is exported as far as it is, with a warning that says how many rows are missing.\n"
    "FILE is written as FILE.partial, which takes its name when it is complete and on the disk; until then, "
    "and when\n"
    "anything goes wrong, an older FILE stays as it was.\n"
    "CSV follows RFC 4180; cells that a spreadsheet would run as a formula begin with '.\n"
    "\n"
    "Exit codes: 0 exported, also with rows missing; 2 usage; 4 the store cannot be read or the rows cannot "
    "be\n"
    "written (without a message when the reader of a pipe has gone).\n";

}

void add_export_command(CLI::App& root, std::function<int()>& run) {
    auto const options = std::make_shared<export_options>();
    auto* const command = root.add_subcommand("export", "write the rows of a store, in input order");
    add_store_argument(*command, "DB", options->store);
    add_checked(
        *command, "--format", "FORMAT",
        [options](auto const& value) { return take_row_format(options->format, value); },
        "ndjson (default) or csv");
    command
        ->add_option("-o,--output", options->output, "file for the rows, or - for standard output (default)")
        ->type_name("FILE");
    command->footer(export_help);
    command->callback([options, &run] { run = [options] { return export_store(*options); }; });
}

}
