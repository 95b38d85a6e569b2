#pragma once

#include "audit/row.hpp"
#include "audit/run_state.hpp"
#include "audit/summary.hpp"

#include <allot/assignment_list.hpp>
#include <allot/batch.hpp>
#include <allot/client.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace allot {

/// Sees each row as it is known.
using row_observer = std::function<void(audit_row const&)>;

/// What an audit works from: where its references come from and where its rows go.
/// Thread safety: shared: unsafe. Errors of all members: `io_error`, `store_error`.
class audit_ledger {
public:
    virtual ~audit_ledger() = default;

    /// Entries of the input, invalid ones and repeats included; while it is listed, those so far.
    virtual std::uint64_t inputs() const = 0;

    /// Whether the whole input is known, and every entry has its row.
    virtual bool is_complete() const = 0;

    /// Where the walk through the list of assignments stands, which is the input: the link of its next page,
    /// empty for the first. Nothing when there is no such walk, or it has come to its end.
    virtual std::optional<std::string> walk() const = 0;

    /// Takes the next page of the walk, `exchange` and all. Assignments that came before are dropped; an
    /// assignment whose allotment, or the lack of one, stands in the page gets its row.
    virtual void take(assignment_page const& page, list_scope const& scope) = 0;

    /// The walk begins again: what came of it is dropped.
    virtual void restart_walk() = 0;

    /// The references that have no row yet. Called once, behind the walk. The source may be asked by any
    /// thread, by one at a time, while the other members are called. Lifetimes: this object outlives the
    /// source.
    virtual reference_source references() = 0;

    /// Takes the row of the reference that the source gave as number `item.position`.
    virtual void write(batch_item const& item) = 0;

    /// False while rows wait for a slow reader or disk: better none is written now.
    virtual bool has_room() = 0;

    /// To be called about ten times a second.
    virtual void tick(client_stats const& stats) = 0;

    /// The run has ended; nothing is written any more. On return the rows are where they belong.
    virtual void end(run_end const& how, client_stats const& stats) = 0;

    /// Of all rows, those of earlier runs included.
    virtual audit_summary const& summary() const = 0;

    /// Where the rows of an audit are that has not come to its end, as a clause for people; may be empty.
    virtual std::string whereabouts() const = 0;

    /// Shell commands that ask again for what failed; empty where there are none.
    virtual std::string repeat_command() const = 0;
};

}
