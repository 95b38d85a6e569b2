#include "io/local_time.hpp"

#include <algorithm>
#include <ctime>
#include <optional>

namespace allot {
namespace {

std::optional<std::time_t> time_of(std::tm fields, int summer_time) {
    fields.tm_isdst = summer_time;
    auto const time = std::mktime(&fields);
    // Where the zone had no such time, another one comes back.
    if (fields.tm_isdst != summer_time && summer_time != -1)
        return std::nullopt;
    return time;
}

}

std::chrono::sys_seconds to_utc(std::chrono::local_seconds local) {
    auto const day = std::chrono::floor<std::chrono::days>(local);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const time(local - day);
    std::tm fields{};
    fields.tm_year = int(date.year()) - 1900;
    fields.tm_mon = static_cast<int>(unsigned(date.month())) - 1;
    fields.tm_mday = static_cast<int>(unsigned(date.day()));
    fields.tm_hour = static_cast<int>(time.hours().count());
    fields.tm_min = static_cast<int>(time.minutes().count());
    fields.tm_sec = static_cast<int>(time.seconds().count());
    auto const winter = time_of(fields, 0);
    auto const summer = time_of(fields, 1);
    auto const out = winter && summer ? std::min(*winter, *summer)
                     : winter         ? *winter
                     : summer         ? *summer
                                      : *time_of(fields, -1);
    return std::chrono::sys_seconds(std::chrono::seconds(out));
}

}
