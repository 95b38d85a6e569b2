#pragma once

#include <allot/model.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// OData's primitive values as text (OData 4.01 ABNF), both ways.
namespace allot {

/// Edm.Guid: hex digits of either case in groups of 8-4-4-4-12, nothing around them.
std::optional<guid> parse_guid(std::string_view text) noexcept;

/// Edm.Date with four digits for the year. Also the form of Edm.DateTimeOffset, which Graph's examples show
/// for dates: the date as written counts, the time must be a valid one.
std::optional<std::chrono::year_month_day> parse_date(std::string_view text) noexcept;

/// Edm.DateTimeOffset with `Z` or an offset; seconds may be missing. 1 to 12 fraction digits; those beyond
/// the seventh are cut off.
std::optional<date_time> parse_date_time(std::string_view text) noexcept;

/// Lower case, 8-4-4-4-12.
void append_guid(std::string& out, guid const& value);

/// "2025-09-30". Precondition: a calendar date of the years 0 to 9999.
void append_date(std::string& out, std::chrono::year_month_day value);

/// In UTC with seven fraction digits: "2024-11-22T17:11:10.6635939Z". Precondition: years 0 to 9999.
void append_date_time(std::string& out, date_time value);

void append_integer(std::string& out, std::int64_t value);
void append_integer(std::string& out, std::uint64_t value);

/// The shortest decimal that reads back as the same double; where an integer would be read as one, with a
/// point or an exponent. Infinity, which is what Boost.JSON reads beyond the range of a double, becomes
/// 1e999.
void append_double(std::string& out, double value);

}
