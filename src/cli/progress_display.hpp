#pragma once

#include "cli/console.hpp"
#include "cli/progress.hpp"

#include <allot/client.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace allot {

/// Shows how far an audit or a list is: on a terminal one line that is redrawn, elsewhere (only with
/// --progress always) a line now and then. Tells the log when Graph holds the requests. Thread safety:
/// shared: unsafe.
class progress_display {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `rows_on_terminal`: the rows go to a terminal, where a progress line would stand in their way.
    /// `total` is how many rows there will be, where that is known.
    progress_display(console& terminal, bool rows_on_terminal, std::optional<std::uint64_t> total);

    progress_display(progress_display const&) = delete;
    progress_display& operator=(progress_display const&) = delete;
    ~progress_display();

    void update(time_point now, std::uint64_t done, client_stats const& stats);

private:
    void log_hold(time_point now, client_stats const& stats);

    console& terminal_;
    bool shown_;
    std::optional<std::uint64_t> total_;
    progress_meter meter_;
    bool held_ = false;
    std::optional<time_point> last_line_;
};

}
