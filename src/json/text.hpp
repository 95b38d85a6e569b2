#pragma once

#include <boost/json/fwd.hpp>

#include <string>
#include <string_view>

/// JSON written straight to the end of a string.
namespace allot {

/// The text as a JSON string. Any bytes give valid JSON: each ill-formed piece of UTF-8 becomes U+FFFD (one
/// per maximal subpart, Unicode 15 section 3.9), control characters, those of U+007F to U+009F too, become
/// escapes.
void append_json_string(std::string& out, std::string_view text);

/// The same without the quotes around it.
void append_json_escaped(std::string& out, std::string_view text);

/// Any JSON value without white space. Doubles are written as `append_double` does.
void append_json(std::string& out, boost::json::value const& value);

}
