#include "audit/report/format_utc.hpp"

#include <array>
#include <cstdio>

namespace allot {

std::string format_utc(std::chrono::sys_seconds value) {
    auto const day = std::chrono::floor<std::chrono::days>(value);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const time(value - day);
    std::array<char, 64> text{};
    auto const length = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d UTC", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()));
    return {text.data(), static_cast<std::size_t>(length)};
}

}
