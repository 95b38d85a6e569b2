#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace allot {

/// Reads an HTTP-date (RFC 9110 section 5.6.7) in any of its three forms: IMF-fixdate, RFC 850, asctime.
/// Strict: exact length, case and spacing, every number in its range, the date one of the calendar; only
/// whether the weekday fits the date is not checked. Second 60 is read as second 0 of the next minute.
/// `now` gives a two-digit year its century: the latest one that is at most 50 years ahead.
/// Nothing for any other text.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text, std::chrono::sys_seconds now);

}
