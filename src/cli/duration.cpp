#include "cli/duration.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <ctime>

namespace allot {
namespace {

struct unit {
    std::string_view name;
    std::int64_t milliseconds;
};

constexpr std::array<unit, 5> units{
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

std::string two_digits(std::int64_t value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    std::int32_t number = 0; // more cannot overflow the result
    auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number < 0)
        return std::nullopt;
    std::string_view const name(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
    for (auto const& unit : units)
        if (unit.name == name)
            return std::chrono::milliseconds(number * unit.milliseconds);
    return std::nullopt;
}

std::string duration_text(std::chrono::milliseconds value) {
    auto best = units.front();
    for (auto const& unit : units)
        if (value.count() != 0 && value.count() % unit.milliseconds == 0)
            best = unit;
    return std::to_string(value.count() / best.milliseconds) + std::string(best.name);
}

std::string short_duration(std::chrono::milliseconds value) {
    auto const seconds = std::chrono::ceil<std::chrono::seconds>(value).count();
    if (seconds < 60)
        return std::to_string(seconds) + "s";
    auto const minutes = seconds / 60;
    if (minutes < 60)
        return std::to_string(minutes) + "m" + two_digits(seconds % 60) + "s";
    auto const hours = minutes / 60;
    if (hours < 24)
        return std::to_string(hours) + "h" + two_digits(minutes % 60) + "m";
    return std::to_string(hours / 24) + "d" + two_digits(hours % 24) + "h";
}

std::string utc_text(std::chrono::system_clock::time_point value) {
    auto const seconds = std::chrono::system_clock::to_time_t(value);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}
