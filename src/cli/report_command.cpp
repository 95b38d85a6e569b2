#include "audit/report/write_report.hpp"
#include "audit/row_output.hpp"
#include "audit/store/open.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/store_argument.hpp"

#include <CLI/Option.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace allot {
namespace {

struct report_options {
    std::string store;
    std::string output;
};

// The store is closed before the page is written, which may wait for a slow reader.
report_data read(std::string const& store) {
    return read_report_data(*open_stored_audit(store));
}

int report(report_options const& options) {
    refuse_store_as_output(options.store, options.output);
    report_params params;
    params.store_name = options.store;
    params.version = ALLOT_VERSION;
    params.generated_at = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    auto const data = read(options.store);
    row_output output(options.output);
    try {
        write_report(data, params, [&](std::string_view piece) { output.append(piece); });
        output.finish();
    } catch (...) {
        output.discard(); // half a page is of no use
        throw;
    }
    return exit_good;
}

std::string report_footer() {
    return "The page is complete in itself: it loads nothing, and works from a file and in print. It says "
           "which "
           "SKUs\n"
           "are exhausted or nearly, which allotments are hardly used, which assignments have none, were not "
           "found or\n"
           "failed and why, and how the runs went. Of more than 200,000 rows its table holds those that ask "
           "for\n"
           "attention first; allot export has them all. An audit that runs can be reported on too.\n"
           "\n"
           "Exit codes: 0 written; 2 usage; 4 the store cannot be read or the page cannot be written.\n";
}

}

void add_report_command(CLI::App& root, std::function<int()>& run) {
    auto const options = std::make_shared<report_options>();
    auto* const command = root.add_subcommand("report", "a stored audit as one HTML page");
    command->add_option("DB", options->store, "the store of the audit")->type_name("")->required();
    command->add_option("-o,--output", options->output, "the page, or - for standard output")
        ->type_name("FILE")
        ->required();
    command->footer(report_footer());
    command->callback([options, &run] { run = [options] { return report(*options); }; });
}

}
