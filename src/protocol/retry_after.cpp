#include "protocol/retry_after.hpp"

#include "protocol/http_date.hpp"

#include <algorithm>
#include <cstdint>

namespace allot {
namespace {

using namespace std::chrono;
using std::string_view;

constexpr std::size_t most_digits = 10;

string_view trim(string_view text) {
    auto const first = text.find_first_not_of(" \t");
    if (first == string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_digits(string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == string_view::npos;
}

std::optional<seconds> number_of_seconds(string_view text) {
    auto const point = text.find('.');
    auto const whole = text.substr(0, point);
    if (!is_digits(whole) || whole.size() > most_digits)
        return std::nullopt;
    std::int64_t value = 0;
    for (char const c : whole)
        value = value * 10 + (c - '0');
    if (point != string_view::npos) {
        auto const fraction = text.substr(point + 1);
        if (!is_digits(fraction))
            return std::nullopt;
        if (fraction.find_first_not_of('0') != string_view::npos)
            ++value;
    }
    return seconds{value};
}

/// A proxy may make one line of several (RFC 9110 section 5.3).
std::optional<seconds> longest_of_list(string_view text) {
    std::optional<seconds> longest;
    for (auto rest = text; !rest.empty();) {
        auto const comma = std::min(rest.find(','), rest.size());
        auto const one = number_of_seconds(trim(rest.substr(0, comma)));
        if (!one)
            return std::nullopt;
        longest = std::max(longest, one);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return longest;
}

}

std::optional<milliseconds>
parse_retry_after(std::span<string_view const> values, std::optional<string_view> date, sys_seconds now) {
    std::optional<seconds> longest;
    for (auto const value : values) {
        auto const text = trim(value);
        auto wait = longest_of_list(text);
        if (!wait) {
            if (auto const until = parse_http_date(text, now)) {
                auto const sent = date ? parse_http_date(trim(*date), now) : std::nullopt;
                wait = std::max(*until - sent.value_or(now), seconds{0});
            }
        }
        longest = std::max(longest, wait);
    }
    if (!longest)
        return std::nullopt;
    return std::min<seconds>(*longest, longest_retry_after);
}

}
