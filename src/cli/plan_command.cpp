#include "audit/input_file.hpp"
#include "audit/row_output.hpp"
#include "audit/store/open.hpp"
#include "audit/text.hpp"
#include "cli/client_options.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/exit_code.hpp"
#include "cli/list_session.hpp"
#include "cli/option_checks.hpp"
#include "cli/plan_report.hpp"
#include "cli/scope_options.hpp"
#include "cli/secret_environment.hpp"
#include "cli/shown_input.hpp"
#include "cli/temporary_folder.hpp"
#include "cli/usage_error.hpp"

#include <CLI/Option.hpp>

#include <memory>
#include <optional>
#include <string>
#include <unistd.h>

namespace allot {
namespace {

constexpr std::uint64_t entries_per_commit = 20'000;
constexpr std::uint64_t most_assignments = 1'000'000'000;

struct plan_options {
    std::optional<std::string> file;
    input_format input = input_format::automatic;
    std::optional<std::uint64_t> count;
    bool all = false;
    scope_options scope;
    client_options client; ///< of --all; also what is asked for and how fast
    std::optional<std::uint64_t> batch_size;
    std::optional<std::uint64_t> page_size;
    std::optional<std::string> store;
    bool json = false;
};

std::string input_of(plan_options const& options) {
    if (options.file)
        return *options.file;
    if (::isatty(STDIN_FILENO) == 1)
        throw usage_error(
            "there is no input: name a file of assignment ids, pipe them in, or give --all or --count N");
    return "-";
}

/// Counts the input as an audit would, in a store that is thrown away: exact, in bounded memory.
void count_input(plan_options const& options, plan_report& report) {
    input_file const file(input_of(options));
    temporary_folder const folder;
    auto const store = open_store((folder.path() / "plan.db").string());
    console terminal(options.client.seeing);
    store->begin({file.name(), {}}, input_kind::file);
    std::uint64_t entries = 0;
    read_shown_entries(file, file.source(), options.input, terminal, false, [&](input_entry const& entry) {
        store->add(entry);
        if (++entries % entries_per_commit == 0)
            store->commit_input({});
    });
    store->end_input({});
    auto const counts = store->reader().counts();
    report.input = file.name();
    report.entries = counts.inputs;
    report.distinct = counts.distinct;
    report.invalid = counts.of(audit_outcome::invalid_input);
    report.job.references = report.distinct - report.invalid;
}

/// Lists the assignments and counts them. The answer is the exit code.
int count_list(plan_options const& options, plan_report& report) {
    list_job job;
    job.scope = scope_of(options.scope);
    console terminal(options.client.seeing);
    job.client = make_client_params(options.client, secret_environment(), terminal);
    job.pages.page_size(static_cast<std::uint32_t>(options.page_size.value_or(0)));
    auto const end = run_list(std::move(job), nullptr, terminal);
    report.job.references = end.listed;
    report.job.whole_tenant = true;
    return end.exit_code;
}

void learn(std::string const& store, plan_report& report) {
    auto const reader = open_stored_audit(store);
    report.learned = learn_rate(reader->runs(), reader->samples());
    if (!report.learned)
        console{console_options()}.log(
            log_level::warning,
            "the store " + store + " has no run that was long enough to learn a rate from");
}

int show_plan(plan_options const& options) {
    if (options.count && options.file)
        throw usage_error("--count is for what has no input; leave " + *options.file + " away, or --count");
    if (options.all && (options.file || options.count))
        throw usage_error("--all counts the assignments itself; leave the input and --count away, or --all");
    if (!options.all && options.scope.given())
        throw usage_error("--user and --group need --all: they say whose assignments are listed");
    auto const& wanted = options.client.select_and_expand;
    if (auto const problem = wanted.problem())
        throw usage_error(*problem);
    plan_report report;
    report.rate = options.client.pace.rate;
    report.connections = options.client.pace.connections.value_or(report.connections);
    report.job.select = !wanted.selected().empty();
    report.job.expand = !wanted.expanded().empty();
    report.job.batch_size = options.batch_size.value_or(report.job.batch_size);
    report.job.page_size = options.page_size.value_or(report.job.page_size);
    if (options.store)
        learn(*options.store, report);
    if (options.all) {
        if (auto const code = count_list(options, report); code != exit_good)
            return code;
    } else if (options.count) {
        report.job.references = *options.count;
        report.job.whole_tenant = true;
    } else {
        count_input(options, report);
    }
    row_output output("-");
    output.append(options.json ? plan_json(report) + '\n' : plan_text(report));
    output.finish();
    return exit_good;
}

constexpr char const* plan_help =
    "No allotment is asked for; --all lists the assignments, else no request is sent. Strategies: get, a "
    "request for each assignment; batch, the same as items of $batch "
    "calls;\n"
    "list, pages of all assignments with their allotments (with --all and --count: a list has no input).\n"
    "\n"
    "The model: Microsoft publishes no limit for this API. For identity and access, the nearest family, an "
    "app "
    "may\n"
    "use 3,500, 5,000 or 8,000 resource units per 10 s in a tenant of size S (below 50 users), M (50 to 500) "
    "or "
    "L.\n"
    "A GET costs 1, --select 1 less, --expand 1 more, never below 1. Each item of a batch counts on its own. "
    "A "
    "page\n"
    "of assignments with their allotments costs 2 (1 below 20 to a page). Retries are not counted.\n"
    "\n"
    "The learned rate of --store: all requests of its runs over their time from start to last sample, "
    "without\n"
    "(learned) and with (learnedWithHolds) the time in which throttling held them. A page takes longer than "
    "one\n"
    "allotment, so that the learned rate flatters a list.\n"
    "\n"
    "--json gives one object: input, entries, distinct, invalid (null with --all and --count), assignments, "
    "rate, "
    "learned\n"
    "(requestsPerSecond, requestsPerSecondWithHolds, requests, elapsedMs, heldMs; or null), strategies "
    "(strategy,\n"
    "calls, requests, resourceUnits, seconds by S, M, L, rate, learned, learnedWithHolds), cheapest "
    "(fewest "
    "units,\n"
    "then fewest calls) and auto (what an audit takes by itself; null where the time of the first answers "
    "decides).\n"
    "\n"
    "Exit codes: 0 planned; 2 usage, or an input that is not usable; 3 authentication or permission; 4 "
    "local\n"
    "input or output.\n";

}

void add_plan_command(CLI::App& root, std::function<int()>& run) {
    auto const options = std::make_shared<plan_options>();
    auto* const command = root.add_subcommand(
        "plan",
        "what an audit costs: calls, resource units and time of each strategy; asks for no allotment");
    command->add_option("FILE", options->file, "file of assignments, or - for standard input")->type_name("");
    add_checked(
        *command, "--input-format", "FORMAT",
        [options](auto const& value) { return take_input_format(options->input, value); },
        "auto (default), lines, csv or ndjson");
    add_number(
        *command, "--count", options->count, 0, most_assignments, "assume N assignments instead of an input");
    command->add_flag(
        "--all", options->all,
        "count the assignments of the tenant, or of --user or --group, by listing them");
    add_scope_options(*command, options->scope, "with --all: ", "Whose");
    add_number(*command, "--batch-size", options->batch_size, 1, 20, "items to a $batch call (default 20)");
    add_number(
        *command, "--page-size", options->page_size, 1, most_on_a_page,
        "assignments to a page of a list (default 100)");
    command->add_option("--store", options->store, "also the time at the rate that this store's runs reached")
        ->type_name("DB");
    command->add_flag("--json", options->json, "one JSON object for programs, see below");
    add_client_options(*command, options->client);
    command->footer(plan_help);
    command->callback([options, &run] { run = [options] { return show_plan(*options); }; });
}

}
