#pragma once

#include "cli/console.hpp"

#include <allot/assignment_ref.hpp>
#include <allot/failure.hpp>

namespace allot {

/// Says on the console why an operation below `scope` failed and what to do; the answer is the exit code.
int report_failure(failure const& why, assignment_scope scope, console& terminal);

}
