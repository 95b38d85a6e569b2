#include "io/answer.hpp"
#include "json/ascii.hpp"

#include <charconv>
#include <optional>

namespace allot {
namespace {

/// A decimal number from `least` to `most`.
std::optional<double> number_within(std::string_view text, double least, double most) noexcept {
    double value = 0;
    auto const end = text.data() + text.size();
    auto const [stop, problem] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
    if (problem != std::errc() || stop != end || !(value >= least && value <= most))
        return std::nullopt;
    return value;
}

template <class Answer>
void load_in(Answer const& answer, std::chrono::nanoseconds latency, departure& how) {
    // Far beyond what Graph documents (5; 1.8): a value that is none of its own must not decide for hours.
    constexpr double most_units = 100;
    constexpr double most_load = 10;
    constexpr double most_seconds = 86'400;
    how.latency = latency;
    std::optional<double> remaining;
    std::optional<double> reset;
    // One pass, and the length first: every answer comes through here.
    answer.visit_fields([&](std::string_view name, std::string_view value) {
        auto const is = [name](std::string_view other) { return same_name(name, other); };
        switch (name.size()) {
        case 15:
            if (is("RateLimit-Reset"))
                reset = number_within(value, 0, most_seconds);
            break;
        case 18:
            if (is("x-ms-resource-unit"))
                how.units = number_within(value, 0, most_units);
            break;
        case 19:
            if (is("RateLimit-Remaining"))
                remaining = number_within(value, 0, 1e12);
            break;
        case 30:
            if (is("x-ms-throttle-limit-percentage"))
                how.load = number_within(value, 0, most_load);
            break;
        default:
            break;
        }
    });
    if (remaining && reset)
        how.remaining = remaining_budget{
            *remaining, std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(*reset))};
}

}

void read_load(response_reader const& answer, std::chrono::nanoseconds latency, departure& how) {
    load_in(answer, latency, how);
}

void read_load(part_answer const& answer, std::chrono::nanoseconds latency, departure& how) {
    load_in(answer, latency, how);
}

}
