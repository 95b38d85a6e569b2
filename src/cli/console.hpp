#pragma once

#include "cli/log_members.hpp"
#include "cli/terminal_look.hpp"

#include <CLI/App.hpp>

#include <mutex>
#include <string>
#include <string_view>

namespace allot {

enum class log_level { off, error, warning, info, debug };
enum class log_format { text, json };
enum class progress_mode { automatic, always, never };

/// What the user wants to see of a run on standard error.
struct console_options {
    log_level level = log_level::warning;
    log_format format = log_format::text;
    progress_mode progress = progress_mode::automatic;
};

/// Adds --progress, --log-level and --log-format. Lifetimes: `options` outlives the parse.
void add_console_options(CLI::App& app, console_options& options);

/// Standard error: log lines, and on a terminal one progress line below them. Text from outside is made safe
/// here. What belongs together is one write, so that no half of it is seen. Failing to write is not an error.
/// Thread safety: shared: safe.
class console {
public:
    /// With the look of the process environment.
    explicit console(console_options const& options, int descriptor = 2);
    console(console_options const& options, int descriptor, terminal_look const& look);

    console_options const& options() const noexcept { return options_; }
    terminal_look const& look() const noexcept { return look_; }

    /// Columns of the terminal at this moment; 80 where that is not known.
    std::size_t width() const;

    /// One line, when the log level lets it through. `members` go with it where the format is JSON.
    void log(log_level level, std::string_view message, log_members const& members = {});

    /// The same for something that programs look for: in JSON `name` is the member `event`.
    void event(log_level level, std::string_view name, std::string_view message, log_members const& members);

    bool logs(log_level level) const noexcept { return level <= options_.level; }

    /// One line in the form of a log line, whatever the level. `json` goes with it as a member named as the
    /// message where the format is JSON.
    void note(std::string_view message, std::string_view json = {});
    void note(std::string_view message, log_members const& members);

    /// Lines that no level holds back; a progress line moves below them. They hold no control characters but
    /// line ends and colours.
    void print(std::string_view lines);

    /// Puts `line` in the place of the last progress line. Nothing is drawn when that changes nothing, by a
    /// process in the background, and while the terminal takes nothing (Ctrl-S): the run goes on without it.
    /// Preconditions: the look redraws; `line` leaves a column free and holds no control characters but
    /// colours.
    void show_progress(std::string_view line);

    /// Puts `line` in the place of the last progress line, to stay there: what comes next goes below.
    void end_progress(std::string_view line);

    /// The progress line, if there is one, stays as it is.
    void keep_progress();

    /// Takes the progress line away.
    void clear_progress();

private:
    void forget_in_background();
    bool has_room() const;
    void write(std::string_view text);

    std::mutex mutex_; // of what is written
    console_options options_;
    int descriptor_;
    terminal_look look_;
    std::string progress_;        // what stands on the terminal
    std::size_t drawn_width_ = 0; // of the terminal, at that time
};

}
