#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Text that came from outside, made fit for files and terminals.
/// Thread safety: free functions without state.
namespace allot {

/// How many bytes at the front of `text` are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
std::size_t valid_utf8_prefix(std::string_view text) noexcept;

/// `text` with U+FFFD for each byte that is not part of well-formed UTF-8.
std::string to_valid_utf8(std::string_view text);

/// `text` for a terminal: control characters (C0, DEL, C1) and those that turn the direction of writing are
/// shown as "\x1b" or "\u202e" instead of sent; bytes that are not UTF-8 likewise.
std::string terminal_safe(std::string_view text);

/// At most `max_bytes` of `text`, cut between characters and marked with "..." when something is missing.
/// Preconditions: `max_bytes` is at least 3.
std::string shorten(std::string_view text, std::size_t max_bytes);

/// "1,234,567".
std::string with_separators(unsigned long long value);

/// "-1,234,567".
std::string signed_number(std::int64_t value);

/// Milliseconds with three decimals: "12.345".
void append_milliseconds(std::string& out, std::chrono::nanoseconds value);

}
