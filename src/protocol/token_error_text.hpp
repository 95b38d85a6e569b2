#pragma once

#include "json/decode.hpp"

#include <string>

namespace allot {

/// What a token endpoint said, in one line of printable ASCII, a kilobyte at most: error, description, then
/// in parentheses the codes, ids and the time that the description does not have in its text. Entra repeats
/// the last three at the end of its descriptions: each is shown once.
std::string to_text(token_error const& said);

/// The codes, or, where the endpoint gave no list, the number behind "AADSTS" in the description.
token_error with_codes(token_error said);

}
