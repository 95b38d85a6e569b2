#pragma once

#include "audit/ledger.hpp"
#include "audit/list_walk.hpp"
#include "audit/plan.hpp"
#include "cli/client_metrics.hpp"
#include "cli/console.hpp"

#include <allot/batch.hpp>
#include <allot/params.hpp>
#include <allot/query.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace allot {

/// What an audit is to do.
struct audit_job {
    client_params client;
    query select_and_expand;
    batch_params pace;
    std::size_t threads = 1;     ///< for requests; the pace and the client's bounds are those of all together
    std::optional<listing> list; ///< where the input is a list
    /// Until when an earlier run was asked to wait.
    std::optional<std::chrono::system_clock::time_point> not_before;
    std::shared_ptr<client_metrics> metrics; ///< null for none
};

/// What became of it.
struct audit_report {
    int exit_code = 0;
    std::uint64_t rows = 0;
    std::uint64_t error_rows = 0;
};

/// Says how the allotments are asked for, and why.
void tell(plan_choice const& choice, console& terminal);

/// Runs an audit with progress, signals and summary: SIGINT and SIGTERM are taken over while it runs.
/// `rows_on_terminal`: rows are written to a terminal, where progress would stand in their way.
/// Errors: `usage_error` for parameters that the client refuses; those of the ledger.
audit_report run_audit(audit_job job, audit_ledger& ledger, bool rows_on_terminal, console& terminal);

/// Sees rows for the log, a line for each that is no good at level debug, and for the metrics of the job.
/// Lifetimes: `terminal` outlives it.
row_observer watch_rows(audit_job const& job, console& terminal);

}
