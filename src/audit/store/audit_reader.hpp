#pragma once

#include "audit/row.hpp"

#include <allot/assignment_ref.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace allot {

/// What tells an audit from another. A store takes up again only the one it was made for.
struct audit_identity {
    std::string input_name; ///< for people: the file, "standard input", "all assignments of the tenant"
    /// What the rows depend on, by the option's name without its dashes: "select", "graph-url", "tenant", ...
    std::map<std::string, std::string> options;
};

/// How far an audit is.
enum class audit_phase {
    reading,  ///< its input is not complete in the store
    fetching, ///< rows are missing
    complete, ///< every input has its row
};

/// How many inputs there are, and what became of them. A reference that stands in the input several times is
/// fetched once and counts as often as it stands there.
struct audit_counts {
    std::uint64_t inputs = 0;
    std::uint64_t distinct = 0; ///< inputs without repeats of earlier ones
    std::array<std::uint64_t, 7> outcomes{};

    std::uint64_t of(audit_outcome value) const noexcept { return outcomes[static_cast<std::size_t>(value)]; }
    std::uint64_t rows() const noexcept;
    std::uint64_t error_rows() const noexcept;
};

/// One run of the command over a store. An audit that was stopped and taken up again has several.
struct stored_run {
    using time_point = std::chrono::sys_time<std::chrono::milliseconds>;

    std::uint64_t number = 0; ///< from 1
    time_point started;
    std::optional<time_point> ended;     ///< not set: it runs, or was killed
    std::string end;                     ///< "complete", "signal", "parked", ...; empty as `ended`
    std::optional<time_point> resume_at; ///< until when Graph last asked for no requests
    std::uint64_t requests = 0;          ///< as of its last sample
    std::uint64_t retries = 0;
    std::uint64_t throttled = 0;
    std::chrono::milliseconds held{}; ///< time in which the throttle gate was closed
};

/// Where a run stood at a moment; taken about once a second while rows are committed.
struct run_sample {
    std::uint64_t run = 0; ///< its number
    stored_run::time_point at;
    std::uint64_t rows = 0; ///< of the whole audit, error rows included
    std::uint64_t requests = 0;
    std::uint64_t retries = 0;
    std::uint64_t throttled = 0;
    std::chrono::milliseconds held{};
    std::uint64_t in_flight = 0;
    std::optional<stored_run::time_point> held_until; ///< of a throttle hold; kept as the run's `resume_at`
};

/// A reference that has no row yet.
struct pending_reference {
    std::uint64_t position = 0;
    std::uint64_t repeats = 0; ///< how often it stands in the input again
    assignment_ref reference;
};

/// The order in which rows are read.
enum class row_order {
    input,     ///< by position
    reference, ///< by scope, principal, assignment id (as bytes), then position
};

/// Rows one after the other. Thread safety: shared: unsafe, with its reader. Errors: `store_error`.
class row_cursor {
public:
    virtual ~row_cursor() = default;

    /// The next row; null behind the last. Lifetimes: the row and what it points to, until the next call.
    virtual audit_row const* next() = 0;
};

/// Reads a stored audit. A row is there once it is committed; those of one call are of one moment.
/// Thread safety: distinct objects: safe; shared: unsafe. Errors of all members: `store_error`.
class audit_reader {
public:
    virtual ~audit_reader() = default;

    /// Nothing while no audit was begun in the store.
    virtual std::optional<audit_identity> identity() = 0;

    virtual audit_phase phase() = 0;

    /// Of an input that is the list of a tenant's assignments: the link of the page to read next, empty for
    /// the first. Nothing when the input is a file.
    virtual std::optional<std::string> walk() = 0;

    /// SHA-256 of the input's bytes, in hexadecimal; empty while it is read and where there was no file.
    virtual std::string input_digest() = 0;

    virtual audit_counts counts() = 0;

    /// By number.
    virtual std::vector<stored_run> runs() = 0;

    /// By time.
    virtual std::vector<run_sample> samples() = 0;

    /// The next references without a row behind a position, at most so many. Empty at the end.
    virtual std::vector<pending_reference> pending(std::uint64_t after, std::size_t most) = 0;

    /// Reads the rows, in bounded memory. Lifetimes: this object outlives what it returns.
    virtual std::unique_ptr<row_cursor> read_rows(row_order order) = 0;

    /// Calls `use` for each row. Lifetimes: the row and what it points to, for the call.
    void for_each_row(row_order order, std::function<void(audit_row const&)> const& use);
};

}
