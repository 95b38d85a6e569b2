#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// Bytes as base64url without padding (RFC 4648 section 5; RFC 7515 section 2).
std::string base64url_encode(std::string_view bytes);

/// Bytes as base64 with padding (RFC 4648 section 4). No other copy of them is left.
std::string base64_encode(std::string_view bytes);

/// The bytes of base64 or base64url text, padded or not. Nothing for any other character, mixed alphabets, a
/// length that cannot be, or bits left over that are not zero (RFC 4648 section 3.5): one text for each
/// value. The caller wipes a result that is a secret; no other copy is left.
std::optional<std::string> base64_decode(std::string_view text);

}
