#pragma once

#include "cli/console.hpp"

#include <allot/environment.hpp>
#include <allot/query.hpp>

namespace allot {

/// Puts the trace context of TRACEPARENT, as tools of OpenTelemetry leave it to the commands that they start,
/// on what is asked for. One that breaks the W3C rules is left out with a warning: a trace is no reason to
/// fail.
void take_trace(query& wanted, environment const& lookup, console& terminal);

}
