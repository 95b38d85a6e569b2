#include "cli/trace_environment.hpp"

#include <optional>
#include <string>

namespace allot {

void take_trace(query& wanted, environment const& lookup, console& terminal) {
    auto const given = lookup("TRACEPARENT");
    if (!given || given->empty())
        return;
    if (auto const problem = query().traceparent(*given).problem())
        return terminal.log(
            log_level::warning, "TRACEPARENT in the environment is not passed on: " + *problem);
    wanted.traceparent(*given);
}

}
