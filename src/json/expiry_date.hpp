#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace allot {

/// Reads when a token expires, in the forms that managed identity writes as a date, cut to the second:
/// - "9/14/2017 5:01:23 AM +00:00": App Service with api-version 2017-09-01 on Windows;
/// - "09/14/2017 17:01:23 +00:00": the same on Linux;
/// - "2017-09-14T17:01:23.0000000+00:00", "2017-09-14T17:01:23Z": ISO 8601, recorded since 2024.
/// The first two begin with the month; month, day, hour, minute and second have one or two digits. The
/// documentation's sample, "09/14/2017 00:00:00 PM +00:00", has a half of the day beside an hour that is no
/// clock's: PM adds twelve to hours below 12 and nothing to others; AM with an hour beyond 12 is refused.
/// Nothing for any other text, one without a distance from UTC too.
std::optional<std::chrono::sys_seconds> parse_expiry_date(std::string_view text) noexcept;

}
