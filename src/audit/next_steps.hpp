#pragma once

#include "audit/summary.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace allot {

/// What is left to do about the error rows of an audit, for people; empty when there are none. `repeat` is
/// what to type to ask again, and stands in a line of its own so that it can be copied; it may be empty.
std::string next_steps(audit_summary const& summary, std::string_view repeat, std::size_t width);

/// A line for a shell that asks again for the error rows in the NDJSON file `rows`. Empty when `rows` is, or
/// when there is nothing that may end otherwise the next time.
std::string repeat_of_rows(audit_summary const& summary, std::string_view rows);

/// The same for the error rows in a store.
std::string repeat_of_store(std::string_view store);

}
