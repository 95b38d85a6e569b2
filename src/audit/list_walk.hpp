#pragma once

#include "audit/ledger.hpp"
#include "audit/run_state.hpp"

#include <allot/assignment_list.hpp>
#include <allot/client.hpp>
#include <allot/query.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>

namespace allot {

/// A walk through a list of assignments, which is the input of an audit.
struct listing {
    list_scope scope = list_scope::admin();
    bool with_allotments = false; ///< one request for a page of them
    query select;                 ///< members of the allotment
    std::uint32_t page_size = 0;  ///< 0: as Graph likes
};

/// Gives the ledger all pages of the list, from where it stands. A link of an earlier run that Graph does not
/// know any more makes the walk begin again. Returns why it stopped, or nothing when it came to its end.
/// Lifetimes: the arguments until the end. Cancellation: all types; then ends as by a signal, whose number
/// the caller knows. Errors: those of the ledger.
boost::asio::awaitable<std::optional<run_end>>
walk_list(client& from, listing const& what, audit_ledger& ledger);

}
