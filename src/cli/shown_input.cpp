#include "cli/shown_input.hpp"

#include "cli/progress_display.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace allot {
namespace {

using clock_function = std::function<std::chrono::steady_clock::time_point()>;

/// Counts the lines that pass.
chunk_source counted(chunk_source source, progress_display& display, clock_function now) {
    return [source = std::move(source), &display, now = std::move(now),
            lines = std::uint64_t{0}](std::span<char> space) mutable {
        auto const got = source(space);
        auto const chunk = space.first(got);
        lines += static_cast<std::uint64_t>(std::count(chunk.begin(), chunk.end(), '\n'));
        display.counting(now(), "reading input", lines, "lines");
        return got;
    };
}

}

audit_input read_shown_input(
    input_file const& file, input_format format, console& terminal, bool rows_on_terminal,
    clock_function now) {
    if (file.is_terminal()) {
        terminal.note("reads assignments from the terminal, one a line; Ctrl-D ends them");
        return read_input(file.source(), file.name(), format);
    }
    progress_display display(terminal, rows_on_terminal);
    auto input = read_input(counted(file.source(), display, std::move(now)), file.name(), format);
    display.clear();
    return input;
}

}
