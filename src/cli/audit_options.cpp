#include "cli/audit_options.hpp"

#include "audit/text.hpp"
#include "cli/first_steps.hpp"
#include "cli/secret_environment.hpp"
#include "cli/trace_environment.hpp"
#include "cli/usage_error.hpp"

#include <unistd.h>

namespace allot {
namespace {

constexpr std::uint64_t most_problems_shown = 10;

/// How what is not listed is asked for.
batch_strategy fetching(audit_strategy wanted) {
    switch (wanted) {
    case audit_strategy::get:
        return batch_strategy::get;
    case audit_strategy::batch:
        return batch_strategy::batch;
    case audit_strategy::automatic:
    case audit_strategy::list:
        break;
    }
    return batch_strategy::automatic;
}

}

void strict_check::add(invalid_entry const& entry) {
    if (++count_ <= most_problems_shown)
        problems_ += "; " + entry.problem;
}

void strict_check::finish(std::string const& input_name, std::uint64_t entries) const {
    if (count_ != 0)
        throw input_error(
            input_name + ": " + with_separators(count_) + " of " + with_separators(entries) +
            " entries are invalid" + problems_ + (count_ > most_problems_shown ? "; ..." : ""));
}

audit_job make_audit_job(audit_options const& options, console& terminal) {
    audit_job job;
    auto const lookup = secret_environment();
    job.client = make_client_params(options.client, lookup, terminal);
    job.select_and_expand = options.client.select_and_expand;
    take_trace(job.select_and_expand, lookup, terminal);
    job.pace = batch_pace(options.client.pace).strategy(fetching(options.strategy));
    job.threads = options.threads.value_or(1);
    if (options.metrics_listen)
        job.metrics = watch_with_metrics(job.client);
    if (!options.all)
        return job;
    if (options.strategy == audit_strategy::list && !job.select_and_expand.expanded().empty())
        throw usage_error("--strategy list cannot --expand: a list gives allotments as they are; use "
                          "--strategy batch or get");
    job.list.emplace();
    job.list->scope = *options.all;
    job.list->with_allotments =
        (options.strategy == audit_strategy::automatic || options.strategy == audit_strategy::list) &&
        job.select_and_expand.expanded().empty();
    job.list->select = job.select_and_expand;
    job.list->page_size = static_cast<std::uint32_t>(options.page_size.value_or(0));
    return job;
}

void tell_strategy(audit_options const& options, console& terminal) {
    if (!options.all || options.strategy != audit_strategy::automatic)
        return;
    plan_job job;
    job.whole_tenant = true;
    job.expand = !options.client.select_and_expand.expanded().empty();
    // Else the first answers decide.
    if (auto const choice = choose(job, {}))
        tell(*choice, terminal);
}

std::string input_argument(audit_options const& options) {
    if (options.file)
        return *options.file;
    if (::isatty(STDIN_FILENO) == 1)
        throw usage_error(
            "there is no input: name a file of assignment ids, pipe them in, or give - to type them here",
            audit_examples());
    return "-";
}

}
