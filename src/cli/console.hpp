#pragma once

#include <CLI/App.hpp>

#include <string>
#include <string_view>

namespace allot {

enum class log_level { error, warning, info, debug };
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
/// here. Failing to write is not an error.
/// Thread safety: shared: unsafe.
class console {
public:
    explicit console(console_options const& options, int descriptor = 2);

    console_options const& options() const noexcept { return options_; }
    bool is_terminal() const noexcept { return is_terminal_; }

    /// Columns of the terminal; 80 where that is not known.
    std::size_t width() const;

    /// One line, when the log level lets it through.
    void log(log_level level, std::string_view message);

    bool logs(log_level level) const noexcept { return level <= options_.level; }

    /// One line in the form of a log line, whatever the level. `json` goes with it as a member named as the
    /// message where the format is JSON.
    void note(std::string_view message, std::string_view json = {});

    /// Lines that no level holds back. They hold no control characters but line ends.
    void print(std::string_view lines);

    /// Puts `line` in the place of the last progress line. Preconditions: a terminal; `line` fits its width.
    void show_progress(std::string_view line);

    /// Takes the progress line away.
    void clear_progress();

private:
    void write(std::string_view text);

    console_options options_;
    int descriptor_;
    bool is_terminal_;
    std::size_t shown_ = 0; // characters of the progress line
};

}
