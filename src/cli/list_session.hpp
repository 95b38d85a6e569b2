#pragma once

#include "audit/row_output.hpp"
#include "cli/client_metrics.hpp"
#include "cli/console.hpp"

#include <allot/assignment_list.hpp>
#include <allot/params.hpp>
#include <allot/query.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace allot {

/// What is to be listed.
struct list_job {
    client_params client;
    list_scope scope = list_scope::admin();
    query select_and_expand; ///< without options the rows have ids alone
    list_params pages;
    std::shared_ptr<client_metrics> metrics; ///< null for none
};

/// Adds one line of NDJSON that an audit takes as input: assignmentId, below a user or group userId or
/// groupId, and where `with_members` Graph's assignment as `assignment`, where no name of it can be taken for
/// one of those.
void append_list_row(std::string& out, list_scope const& scope, assignment const& value, bool with_members);

/// What became of a list.
struct list_end {
    int exit_code = 0; ///< not 0: it was not read to its end
    std::uint64_t listed = 0;
};

/// Writes a row for each assignment, page by page, with progress and signals: SIGINT and SIGTERM are taken
/// over while it runs. Without an output it only counts.
/// Errors: `usage_error` for parameters that the client refuses; `io_error` of the output.
list_end run_list(list_job job, row_output* output, console& terminal);

}
