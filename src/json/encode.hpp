#pragma once

#include "json/text.hpp"

#include <allot/model.hpp>

#include <string>

/// The model as Graph's JSON, written straight to the end of a string.
namespace allot {

/// Absent members are left out, unknown ones follow the known; `unknown_member::json` is taken as it is.
/// Decoding the text gives an equal value. Precondition of both: dates lie in the years 0 to 9999.
void append_json(std::string& out, allotment const& value);
void append_json(std::string& out, assignment const& value);

}
