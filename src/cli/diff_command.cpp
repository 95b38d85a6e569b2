#include "audit/diff/change_ndjson.hpp"
#include "audit/diff/change_text.hpp"
#include "audit/diff/compare.hpp"
#include "audit/store/open.hpp"
#include "audit/text.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/exit_code.hpp"
#include "cli/option_checks.hpp"
#include "cli/store_argument.hpp"

#include <CLI/Option.hpp>

#include <memory>
#include <optional>
#include <string>

namespace allot {
namespace {

struct diff_options {
    std::string before;
    std::string after;
    bool ndjson = false;
};

std::optional<std::string> take_format(diff_options& options, std::string const& value) {
    if (value != "text" && value != "ndjson")
        return "must be text or ndjson";
    options.ndjson = value == "ndjson";
    return std::nullopt;
}

diff_totals write_changes(audit_reader& before, audit_reader& after, bool ndjson) {
    row_output output("-");
    diff_totals totals;
    if (ndjson) {
        change_ndjson changes(output);
        totals = compare_audits(before, after, changes);
    } else {
        change_text changes;
        totals = compare_audits(before, after, changes);
        output.append(changes.text(totals));
    }
    output.finish();
    return totals;
}

int compare(diff_options const& options) {
    auto const before = open_stored_audit(options.before);
    auto const after = open_stored_audit(options.after);
    console terminal{console_options()};
    for (auto const& doubt : doubts(*before, options.before, *after, options.after))
        terminal.log(log_level::warning, doubt);
    auto const totals = write_changes(*before, *after, options.ndjson);
    if (auto const count = totals.of_assignments.not_comparable; count != 0)
        terminal.log(
            log_level::warning,
            with_separators(count) +
                " assignments are not comparable: in one of the stores they have an error "
                "row, an allotment without id, or no row yet");
    return totals.different() ? exit_different : exit_good;
}

constexpr char const* diff_help =
    "An assignment is the same one where scope, principal and id are; a reference that an input repeats "
    "counts "
    "once.\n"
    "  added  there now (outcome ok or none), before not_found or not in the input\n"
    "  gone   the reverse\n"
    "  moved  to an allotment with another id, to none, or from none\n"
    "  not comparable, and never added, gone or moved: an error row in either store, an allotment without "
    "id\n"
    "         (--select left it out), or in an unfinished store no row\n"
    "An allotment has the units of its last row in the order of the input; its change is reported where both "
    "stores\n"
    "saw it, else that it appeared or disappeared (seen through comparable assignments). A SKU has the sums "
    "of "
    "its\n"
    "allotments, and is exhausted when consumed >= allotted.\n"
    "\n"
    "--format ndjson gives one object for each change, nothing where there is none, by kind:\n"
    "  assignment_added, assignment_gone, assignment_moved: scope, principalId (or null), assignmentId, and "
    "as\n"
    "      before and after {outcome (ok, none, not_found, not_in_input), allotmentId, sku (or null)}\n"
    "  allotment_changed, allotment_appeared, allotment_disappeared: allotmentId, sku, and as before and "
    "after\n"
    "      {allotted, consumed} or null\n"
    "  sku_changed, and where it crossed exhaustion also sku_exhausted or sku_available: sku, and as before "
    "and\n"
    "      after {allotments, allotted, consumed} or null\n"
    "\n"
    "Exit codes: 0 the same; 1 different; 2 usage; 4 a store cannot be read or the output cannot be "
    "written.\n";

}

void add_diff_command(CLI::App& root, std::function<int()>& run) {
    auto const options = std::make_shared<diff_options>();
    auto* const command = root.add_subcommand("diff", "what changed between two stored audits");
    add_store_argument(*command, "OLD", options->before);
    add_store_argument(*command, "NEW", options->after);
    add_checked(
        *command, "--format", "FORMAT", [options](auto const& value) { return take_format(*options, value); },
        "text (default), for people, or ndjson, for programs");
    command->footer(diff_help);
    command->callback([options, &run] { run = [options] { return compare(*options); }; });
}

}
