#include "cli/audit_status.hpp"

#include "audit/shell_word.hpp"
#include "audit/store/open.hpp"
#include "audit/store/store_file.hpp"
#include "cli/connection_options.hpp"

#include <algorithm>

namespace allot {
namespace {

std::uint64_t rows_to_retry(audit_counts const& counts) {
    return counts.error_rows() - counts.of(audit_outcome::invalid_input);
}

/// The options that the audit was begun with, but for those that are as without them.
std::optional<std::string> options_of(audit_identity const& identity) {
    std::string out;
    for (auto const& [name, value] : identity.options) {
        if (value.empty() || name == "all" || (name == "graph-url" && value == graph_url({})) ||
            (name == "input-format" && value == "auto"))
            continue;
        auto const word = shell_word(value);
        if (word.empty())
            return std::nullopt;
        out += " --" + name + ' ' + word;
    }
    return out;
}

/// What names the input again, in front of the options; empty where it cannot be written.
std::string input_of(audit_identity const& identity) {
    auto const& name = identity.input_name;
    auto const all = identity.options.find("all");
    if (all == identity.options.end())
        return name == "standard input" ? "-" : shell_word(name);
    // "the tenant", "user ID" or "group ID"
    auto const blank = all->second.find(' ');
    auto const scope = all->second.substr(0, blank);
    if (scope != "user" && scope != "group")
        return "--all";
    auto const principal = shell_word(all->second.substr(blank + 1));
    return principal.empty() ? principal : "--all --" + scope + ' ' + principal;
}

}

audit_status read_status(std::string const& store) {
    audit_status out;
    out.store = store;
    out.in_use = store_is_in_use(store);
    auto const reader = open_stored_audit(store);
    out.identity = reader->identity().value_or(audit_identity());
    out.input_digest = reader->input_digest();
    out.phase = reader->phase();
    out.counts = reader->counts();
    out.runs = reader->runs();
    for (auto const& sample : reader->samples())
        out.last_seen[sample.run] = sample.at;
    return out;
}

std::optional<stored_run::time_point> parked_until(audit_status const& status) {
    if (status.runs.empty() || status.phase == audit_phase::complete || status.in_use)
        return std::nullopt;
    return status.runs.back().resume_at;
}

std::string next_command(audit_status const& status) {
    auto const store = shell_word(status.store);
    if (status.in_use || store.empty())
        return {};
    if (status.phase == audit_phase::complete && rows_to_retry(status.counts) == 0)
        return "allot export " + store + " -o rows.ndjson";
    auto const options = options_of(status.identity);
    if (!options)
        return {};
    if (status.phase == audit_phase::complete)
        return "allot audit --store " + store + " --retry-failed" + *options;
    if (status.phase == audit_phase::fetching)
        return "allot audit --store " + store + *options;
    auto const input = input_of(status.identity);
    return input.empty() ? input : "allot audit " + input + " --store " + store + *options;
}

}
