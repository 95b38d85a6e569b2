#pragma once

#include "json/decode.hpp"

#include <allot/error.hpp>

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace allot {

/// What a JSON value is, for a message: `the string "abc"`, `the number 1.5`, `null`, `an object`. The value
/// takes at most 64 bytes, all of them printable ASCII.
std::string found_value(boost::json::value const& value);

/// The same without the content, for values that may be secret: `a string of 3 bytes`, `a number`, `an
/// object`.
std::string found_kind(boost::json::value const& value);

/// What a document is that does not parse: its beginning, and where what is wrong.
decode_error not_json(std::string_view document, error_code const& why, std::size_t offset);

}
