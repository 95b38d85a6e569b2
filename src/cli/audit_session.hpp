#pragma once

#include "audit/input.hpp"
#include "audit/row_output.hpp"
#include "audit/row_writers.hpp"
#include "cli/console.hpp"

#include <allot/batch.hpp>
#include <allot/params.hpp>
#include <allot/query.hpp>

#include <cstdint>

namespace allot {

/// What an audit is to do.
struct audit_job {
    audit_input input;
    client_params client;
    query select_and_expand;
    batch_params pace;
    row_format format = row_format::ndjson;
};

/// What became of it.
struct audit_report {
    int exit_code = 0;
    std::uint64_t rows = 0;
    std::uint64_t error_rows = 0;
};

/// Runs an audit with progress, signals and summary: SIGINT and SIGTERM are taken over while it runs.
/// Errors: `usage_error` for parameters that the client refuses; `io_error` of the output.
audit_report run_audit(audit_job job, row_output& output, console& terminal);

}
