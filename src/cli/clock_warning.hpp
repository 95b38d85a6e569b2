#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace allot {

/// What to warn of when the clock of the token endpoint is so far ahead of this machine's (negative: behind):
/// from five minutes on client assertions are refused, and times in rows and logs mislead.
/// Nothing where it is not known.
std::optional<std::string> clock_warning(std::optional<std::chrono::seconds> offset);

}
