#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Text and numbers made fit for an HTML page. Thread safety: free functions without state.
namespace allot {

constexpr std::size_t most_id_bytes = 256; // an id that can be sent has no more
constexpr std::size_t most_name_bytes = 100;
constexpr std::size_t most_message_bytes = 400;

/// Text from outside for people: cut to `max_bytes`; control characters and those that turn the direction of
/// writing are shown, not acted upon. Not yet escaped.
std::string page_text(std::string_view text, std::size_t max_bytes);

/// What a row's error message says beside the request, which the row names anyway: "GET https://...: no" is
/// "no".
std::string_view without_request(std::string_view message) noexcept;

/// Escaped for element content and quoted attributes.
void append_html(std::string& out, std::string_view text);

/// A JSON string for a script element: no byte of it can end the element or begin a comment in it.
void append_script_string(std::string& out, std::string_view text);

/// "1,234", "−56" (with a minus sign).
std::string with_separators_signed(std::int64_t value);

/// "1 unit", "1,234 units"; `many` where it is not `one` with an s.
std::string counted(std::uint64_t value, std::string_view one, std::string_view many = {});

/// A share as percent without hiding what matters: only all is "100 %", a rest stays a rest ("99.9 %", "<0.1
/// %").
std::string percent(double share);

/// "0.4 s", "12 s", "3 min 20 s", "2 h 05 min".
std::string time_span(std::int64_t milliseconds);

}
