#pragma once

#include "audit/input.hpp"
#include "audit/input_file.hpp"
#include "cli/console.hpp"

#include <chrono>
#include <functional>

namespace allot {

/// Reads all entries as `read_input` does, and shows how far it is; somebody who is to type them is told so.
/// `rows_on_terminal`: as for `progress_display`. `now` is the clock. Errors: as `read_input`.
audit_input read_shown_input(
    input_file const& file, input_format format, console& terminal, bool rows_on_terminal,
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now);

}
