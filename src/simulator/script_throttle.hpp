#pragma once

#include "simulator/latency.hpp"
#include "simulator/retry_after.hpp"
#include "simulator/script.hpp"
#include "simulator/script_node.hpp"

namespace allot::simulation {

/// The member `throttle` of a script: fills `throttle`, `costs` and `hints`.
void read_throttle(script_node const& from, script& out);

/// The member `latency_ms`.
latency_params read_latency(script_node const& from);

retry_after_form read_retry_after_form(script_node const& from);

}
