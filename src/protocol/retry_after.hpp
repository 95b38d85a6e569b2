#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

namespace allot {

/// The longest wait `parse_retry_after` returns; a longer one is cut to it. Ten years, so that adding it to
/// a time point cannot overflow.
inline constexpr std::chrono::hours longest_retry_after{24 * 3652};

/// How long an answer asks to wait (RFC 9110 section 10.2.3), in whole seconds and never shorter than asked.
/// `values` are the Retry-After field lines of the header section (not of trailers); of several the longest
/// wait counts, also where a proxy made "5, 10" of two lines with numbers. Each is a number of seconds, with
/// a fraction if need be (Graph sends "2.128"; rounded up), or an HTTP-date, measured from `date`, the
/// answer's Date field, so that a wrong clock here does no harm; from `now` when that is missing or
/// unreadable. A date in the past is a wait of 0. A value that is negative, empty, has an exponent or more
/// than 10 digits before the point, or is anything else counts as absent; nothing when none is left. `now` is
/// the wall clock, rounded down to the second.
std::optional<std::chrono::milliseconds> parse_retry_after(
    std::span<std::string_view const> values, std::optional<std::string_view> date,
    std::chrono::sys_seconds now);

}
