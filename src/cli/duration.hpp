#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// "500ms", "30s", "5m", "2h" or "1d": a whole number and a unit; nothing for any other text.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// For messages, in the form that `parse_duration` takes: "90s", "10m", "1500ms".
std::string duration_text(std::chrono::milliseconds value);

/// For people, rounded up to seconds: "17s", "3m20s", "2h05m", "1d03h".
std::string short_duration(std::chrono::milliseconds value);

/// A point in time as "2026-11-23T15:18:43Z", for people and logs.
std::string utc_text(std::chrono::system_clock::time_point value);

}
