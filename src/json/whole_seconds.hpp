#pragma once

#include <boost/json/fwd.hpp>

#include <chrono>
#include <optional>

namespace allot {

/// The longest duration, and the last time since 1970, that a clock in nanoseconds can hold.
inline constexpr std::chrono::seconds most_seconds =
    std::chrono::floor<std::chrono::seconds>(std::chrono::nanoseconds::max());

/// Seconds from 0 to `most_seconds`: a JSON integer, a number without a fraction (3599.0), or digits in a
/// string. Nothing for any other value.
std::optional<std::chrono::seconds> whole_seconds(boost::json::value const& value) noexcept;

}
