#pragma once

#include "audit/result_sink.hpp"
#include "audit/row_output.hpp"

#include <memory>
#include <string>

namespace allot {

enum class row_format { ndjson, csv };

/// Adds the row as one JSON object with a line end. Members always stand in the same order; `httpStatus` is 0
/// and an id empty where there was no answer.
void append_ndjson(std::string& out, audit_row const& row);

/// The names of the CSV columns, ended with CR LF as RFC 4180 wants it.
std::string csv_header();

/// Adds the row as one CSV record. The allotment's scalar members are columns; what may be missing is empty.
/// Text that a spreadsheet would run as a formula (it begins with = + - @ tab or CR) gets ' in front.
void append_csv(std::string& out, audit_row const& row);

/// Writes rows to `output`, for CSV the header first. Lifetimes: `output` outlives the sink.
std::unique_ptr<result_sink> make_row_writer(row_format format, row_output& output);

}
