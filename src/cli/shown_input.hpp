#pragma once

#include "audit/input.hpp"
#include "audit/input_file.hpp"
#include "cli/console.hpp"

#include <chrono>
#include <functional>

namespace allot {

/// Reads all entries as `read_entries` does from the file's `source`, and shows how far it is; somebody who
/// is to type them is told so. `rows_on_terminal`: as for `progress_display`. `now` is the clock. Errors: as
/// `read_entries`.
void read_shown_entries(
    input_file const& file, chunk_source source, input_format format, console& terminal,
    bool rows_on_terminal, std::function<void(input_entry)> const& use,
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now);

}
