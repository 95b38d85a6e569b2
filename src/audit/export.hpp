#pragma once

#include "audit/row_output.hpp"
#include "audit/row_writers.hpp"
#include "audit/store/audit_reader.hpp"

#include <cstdint>

namespace allot {

/// Writes all rows of a stored audit in input order, and finishes the output. Returns how many there were.
/// Errors: `store_error`, `io_error`.
std::uint64_t export_rows(audit_reader& from, row_format format, row_output& output);

}
