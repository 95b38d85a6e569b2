#include "json/expiry_date.hpp"

#include "json/scalars.hpp"
#include "json/text_scanner.hpp"

namespace allot {
namespace {

using namespace std::chrono;

bool scan_date_from_month(text_scanner& in, year_month_day& out) noexcept {
    int m = 0;
    int d = 0;
    int y = 0;
    if (!in.short_number(12, m) || !in.take('/') || !in.short_number(31, d) || !in.take('/') ||
        !in.number(4, 9999, y))
        return false;
    out = year(y) / month(static_cast<unsigned>(m)) / day(static_cast<unsigned>(d));
    return out.ok();
}

// "AM " or "PM ", where there is one: the hour becomes one of 24.
bool scan_half_of_day(text_scanner& in, int& hour) noexcept {
    bool const before_noon = in.take('A');
    if (!before_noon && !in.take('P'))
        return true;
    if (!in.take('M') || !in.take(' '))
        return false;
    if (before_noon && hour == 12)
        hour = 0;
    else if (!before_noon && hour < 12)
        hour += 12;
    return !before_noon || hour < 12;
}

bool scan_time_of_day(text_scanner& in, seconds& out) noexcept {
    int h = 0;
    int m = 0;
    int s = 0;
    if (!in.short_number(23, h) || !in.take(':') || !in.short_number(59, m) || !in.take(':') ||
        !in.short_number(59, s) || !in.take(' ') || !scan_half_of_day(in, h))
        return false;
    out = hours(h) + minutes(m) + seconds(s);
    return true;
}

}

std::optional<sys_seconds> parse_expiry_date(std::string_view text) noexcept {
    if (auto const iso = parse_date_time(text))
        return floor<seconds>(*iso);
    text_scanner in(text);
    year_month_day date;
    seconds time{};
    minutes offset{};
    if (!scan_date_from_month(in, date) || !in.take(' ') || !scan_time_of_day(in, time) ||
        !in.offset(offset) || !in.done())
        return std::nullopt;
    return sys_days(date) + time - offset;
}

}
