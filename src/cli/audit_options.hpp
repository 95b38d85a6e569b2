#pragma once

#include "audit/input.hpp"
#include "audit/input_file.hpp"
#include "audit/row_writers.hpp"
#include "cli/audit_session.hpp"
#include "cli/client_options.hpp"

#include <allot/assignment_list.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace allot {

/// How the allotments are asked for.
enum class audit_strategy {
    automatic, ///< the cheapest
    get,       ///< one request for each assignment
    batch,     ///< the same in `$batch` calls
    list,      ///< pages of assignments with their allotments
};

/// What the command line of `allot audit` says.
struct audit_options {
    std::optional<std::string> file;
    input_format input = input_format::automatic;
    bool strict = false;
    std::optional<list_scope> all; ///< instead of an input: what this lists
    audit_strategy strategy = audit_strategy::automatic;
    std::optional<std::uint64_t> page_size;
    std::optional<std::uint64_t> threads;
    std::optional<std::string> store;
    bool retry_failed = false;
    std::optional<std::string> output;
    row_format format = row_format::ndjson;
    std::optional<std::string> metrics_listen;
    client_options client;
};

/// An input refused by --strict, when it has invalid entries: an `input_error` that shows the first ones.
class strict_check {
public:
    void add(invalid_entry const& entry);
    void finish(std::string const& input_name, std::uint64_t entries) const;

private:
    std::uint64_t count_ = 0;
    std::string problems_;
};

/// The client, the pace and, for --all, the list that the options ask for. Warns as `make_client_params`
/// does.
audit_job make_audit_job(audit_options const& options, console& terminal);

/// Says which strategy is taken, where the user left the choice.
void tell_strategy(audit_options const& options, console& terminal);

/// Where the input comes from: FILE, or standard input unless that is a terminal nobody spoke of.
/// Errors: `usage_error`.
std::string input_argument(audit_options const& options);

/// Audits into the store that --store names: begins the audit there, or takes it up again.
/// Returns the exit code. Errors: `usage_error` when the store was made for something else; `input_error`,
/// `io_error`, `store_error`.
int audit_into_store(audit_options const& options);

}
