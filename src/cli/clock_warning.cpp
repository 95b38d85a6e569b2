#include "cli/clock_warning.hpp"

#include "cli/duration.hpp"

namespace allot {

std::optional<std::string> clock_warning(std::optional<std::chrono::seconds> offset) {
    if (!offset)
        return std::nullopt;
    auto const off = std::chrono::abs(*offset);
    if (off <= std::chrono::minutes(5))
        return std::nullopt;
    return "this machine's clock is " + short_duration(off) +
           (offset->count() > 0 ? " behind" : " ahead of") + " that of the token endpoint: set it";
}

}
