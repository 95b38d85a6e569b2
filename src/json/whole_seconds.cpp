#include "json/whole_seconds.hpp"

#include <boost/json/value.hpp>

#include <charconv>
#include <cmath>
#include <string_view>

namespace allot {
namespace {

std::optional<std::int64_t> whole_number(double value) noexcept {
    // Beyond, doubles are not exact.
    constexpr double exact = 0x1p53;
    if (!(std::abs(value) <= exact) || value != std::trunc(value))
        return std::nullopt;
    return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> whole_number(std::string_view text) noexcept {
    std::int64_t out = 0;
    auto const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, out);
    return error == std::errc() && stop == end && text[0] != '-' ? std::optional(out) : std::nullopt;
}

}

std::optional<std::chrono::seconds> whole_seconds(boost::json::value const& value) noexcept {
    std::optional<std::int64_t> number;
    if (auto const* const integer = value.if_int64())
        number = *integer;
    else if (auto const* const real = value.if_double())
        number = whole_number(*real);
    else if (auto const* const text = value.if_string())
        number = whole_number(std::string_view(*text));
    if (!number || *number < 0 || *number > most_seconds.count())
        return std::nullopt;
    return std::chrono::seconds(*number);
}

}
