#pragma once

#include "json/decode.hpp"
#include "json/document_parser.hpp"

#include <boost/json/fwd.hpp>

#include <string>
#include <string_view>

namespace allot {

/// What a JSON value is, for a message: `the string "abc"`, `the number 1.5`, `null`, `an object`. The value
/// takes at most 64 bytes, all of them printable ASCII.
std::string found_value(boost::json::value const& value);

/// The same without the content, for values that may be secret: `a string of 3 bytes`, `a number`, `an
/// object`.
std::string found_kind(boost::json::value const& value);

/// What is wrong with a text that is no document: its beginning and where it ceases to be JSON, or the name
/// that is doubled.
decode_error refused(std::string_view text, document_problem const& why);

}
