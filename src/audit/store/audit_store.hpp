#pragma once

#include "audit/input.hpp"
#include "audit/store/audit_reader.hpp"
#include "audit/store/stored_id.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace allot {

/// A row to be stored. It owns its texts; the allotment is one that was stored before.
struct stored_row {
    std::uint64_t position = 0;
    audit_outcome outcome = audit_outcome::failed;
    std::optional<std::int64_t> allotment_key;
    std::string error_code;
    std::string error_message;
    std::string error_reason;
    int http_status = 0;
    std::uint32_t attempts = 0;
    stored_id request_id;
    stored_id client_request_id;
    std::chrono::microseconds duration{};
};

enum class input_kind {
    file,
    list, ///< of a tenant's, user's or group's assignments
};

/// The state of record of one audit: its input, its rows and its runs. What a member has done is on the disk
/// when it returns, but for allotments, and the entries of an input, which `commit_input` and `end_input`
/// keep. At most one `audit_store` of a store exists at a time, in all processes. Thread safety: distinct
/// objects: safe; shared: unsafe. Errors of all members: `store_error`; what was done before is kept.
class audit_store {
public:
    virtual ~audit_store() = default;

    /// Reads through the same connection. Lifetimes: this object's.
    virtual audit_reader& reader() = 0;

    /// Begins to read the input. Preconditions: no audit was begun, or its phase is `reading`; what was read
    /// then is dropped.
    virtual void begin(audit_identity const& identity, input_kind kind) = 0;

    /// Goes on with a list where an earlier run has left it. Preconditions: the phase is `reading`.
    virtual void continue_list() = 0;

    /// Adds the next entry. An invalid one gets its row at once. Returns its position.
    virtual std::uint64_t add(input_entry const& entry) = 0;

    /// Stores the row of an entry that was added since the last commit.
    virtual void add_row(stored_row const& row) = 0;

    /// What was added is on the disk when this returns; with it, for a list, where to go on.
    virtual void commit_input(std::string_view next_link) = 0;

    /// The input is complete: finds what repeats. In a file a reference may stand several times, and each has
    /// its row; what a list gave twice is dropped. `digest` may be empty.
    virtual void end_input(std::string_view digest) = 0;

    /// The key of an allotment, by its JSON. It is on the disk with the rows or the part of a list that are
    /// written next; until then only further allotments may be stored.
    virtual std::int64_t store_allotment(std::string_view json) = 0;

    /// Stores rows, all or none, with the allotments stored since the last ones. Preconditions: none of the
    /// positions has a row.
    virtual void write(std::span<stored_row const> rows) = 0;

    /// Drops the error rows of entries that can be sent: they are pending again. Returns how many positions
    /// that are.
    virtual std::uint64_t drop_error_rows() = 0;

    /// Drops the rows that have this error: they are pending again.
    virtual void drop_rows_with(std::string_view error_code) = 0;

    /// Begins a run. Returns its number.
    virtual std::uint64_t begin_run() = 0;

    virtual void add_sample(run_sample const& sample) = 0;

    virtual void
    end_run(std::uint64_t run, std::string_view how, std::optional<stored_run::time_point> resume_at) = 0;
};

}
