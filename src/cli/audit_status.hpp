#pragma once

#include "audit/store/audit_reader.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace allot {

/// How far a stored audit is.
struct audit_status {
    std::string store; ///< its path
    bool in_use = false;
    audit_identity identity;
    std::string input_digest;
    audit_phase phase = audit_phase::reading;
    audit_counts counts;
    std::vector<stored_run> runs;
    std::map<std::uint64_t, stored_run::time_point> last_seen; ///< of each run that left a sample
};

/// Errors: `store_error`. Preconditions: the process has no connection to the store.
audit_status read_status(std::string const& store);

/// When the audit may go on: set while it is unfinished and its last run was parked.
std::optional<stored_run::time_point> parked_until(audit_status const& status);

/// The command line that goes on with the audit, asks again for its error rows, or exports it; without what
/// a store does not keep (credentials, hosts of tests). Empty while a process works on it, and where it
/// cannot be written for a shell and a terminal both.
std::string next_command(audit_status const& status);

/// For people; no control characters but line ends.
std::string status_text(audit_status const& status, std::chrono::system_clock::time_point now);

/// One JSON object, without a line end.
std::string status_json(audit_status const& status);

}
