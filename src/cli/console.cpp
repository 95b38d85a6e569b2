#include "cli/console.hpp"

#include "audit/text.hpp"
#include "cli/duration.hpp"
#include "cli/option_checks.hpp"
#include "json/text.hpp"

#include <allot/credential_settings.hpp>

#include <CLI/Option.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace allot {
namespace {

constexpr char const* seeing_group = "Seeing";

constexpr std::array<std::pair<char const*, log_level>, 5> levels{{
    {"off", log_level::off},
    {"error", log_level::error},
    {"warning", log_level::warning},
    {"info", log_level::info},
    {"debug", log_level::debug},
}};

constexpr std::array<std::pair<char const*, log_format>, 2> formats{
    {{"text", log_format::text}, {"json", log_format::json}}};

constexpr std::array<std::pair<char const*, progress_mode>, 3> modes{
    {{"auto", progress_mode::automatic}, {"always", progress_mode::always}, {"never", progress_mode::never}}};

template <class E, std::size_t N>
void add_choice(
    CLI::App& app, std::string const& name, std::array<std::pair<char const*, E>, N> const& choices,
    E& target, std::string const& description) {
    auto take = [&choices, &target](std::string const& value) -> std::optional<std::string> {
        std::string rule = "must be";
        for (auto const& [text, choice] : choices) {
            if (value == text) {
                target = choice;
                return std::nullopt;
            }
            rule += text == choices.front().first ? " " : text == choices.back().first ? " or " : ", ";
            rule += text;
        }
        return rule;
    };
    add_checked(app, name, "WHAT", std::move(take), description)->group(seeing_group);
}

/// "2026-11-23T15:18:43.123Z"
std::string log_time(std::chrono::system_clock::time_point value) {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(value);
    auto const rest = std::chrono::floor<std::chrono::milliseconds>(value - seconds).count();
    auto text = utc_text(seconds);
    text.insert(text.size() - 1, "." + std::to_string(1000 + rest).substr(1));
    return text;
}

std::string line_of(
    log_format format, log_level level, std::string_view message, log_members const& members = {},
    std::string_view event = {}) {
    auto const* const name = levels[static_cast<std::size_t>(level)].first;
    std::string out;
    if (format == log_format::text) {
        out = level == log_level::info ? "allot: " : std::string("allot: ") + name + ": ";
        out += terminal_safe(message);
    } else {
        out = R"({"time":")" + log_time(std::chrono::system_clock::now()) + R"(","level":")" + name + '"';
        if (!event.empty())
            out.append(R"(,"event":")").append(event) += '"';
        out += R"(,"message":)";
        append_json_string(out, message);
        out += members.text();
        out += '}';
    }
    out += '\n';
    return out;
}

/// True also where the descriptor is not the terminal that this process is controlled from.
bool is_in_foreground(int descriptor) {
    auto const group_in_front = ::tcgetpgrp(descriptor);
    return group_in_front == -1 || group_in_front == ::getpgrp();
}

}

void add_console_options(CLI::App& app, console_options& options) {
    add_choice(
        app, "--progress", modes, options.progress,
        "auto (default: when standard error is a terminal and the rows go elsewhere), always or never");
    add_choice(app, "--log-level", levels, options.level, "off, error, warning (default), info or debug");
    add_choice(app, "--log-format", formats, options.format, "text (default) or json");
}

console::console(console_options const& options, int descriptor) :
    console(options, descriptor, look_of(::isatty(descriptor) == 1, process_environment())) {}

console::console(console_options const& options, int descriptor, terminal_look const& look) :
    options_(options),
    descriptor_(descriptor),
    look_(look) {}

std::size_t console::width() const {
    winsize size{};
    if (::ioctl(descriptor_, TIOCGWINSZ, &size) == 0 && size.ws_col != 0)
        return size.ws_col;
    return 80;
}

void console::log(log_level level, std::string_view message, log_members const& members) {
    if (logs(level))
        print(line_of(options_.format, level, message, members));
}

void console::event(
    log_level level, std::string_view name, std::string_view message, log_members const& members) {
    if (logs(level))
        print(line_of(options_.format, level, message, members, name));
}

void console::note(std::string_view message, std::string_view json) {
    log_members members;
    if (!json.empty())
        members.add_json(message, json);
    note(message, members);
}

void console::note(std::string_view message, log_members const& members) {
    print(line_of(options_.format, log_level::info, message, members));
}

void console::print(std::string_view lines) {
    std::lock_guard const lock(mutex_);
    forget_in_background();
    if (progress_.empty()) {
        write(lines);
        return;
    }
    // Lines of their own, also when they are shorter than the progress line they take the place of.
    std::string text("\r\x1b[K");
    text += lines;
    // In a terminal that has become narrower it would wrap.
    if (width() < drawn_width_)
        progress_.clear();
    write(text + progress_);
}

void console::show_progress(std::string_view line) {
    std::lock_guard const lock(mutex_);
    forget_in_background();
    if (line == progress_ || !is_in_foreground(descriptor_) || !has_room())
        return;
    // The new text goes over the old one before the rest is erased: no empty line is ever seen.
    std::string text("\r");
    text += line;
    write(text + "\x1b[K");
    progress_ = line;
    drawn_width_ = width();
}

void console::end_progress(std::string_view line) {
    std::lock_guard const lock(mutex_);
    forget_in_background();
    std::string text(progress_.empty() ? "" : "\r");
    text += line;
    write(text + (progress_.empty() ? "\n" : "\x1b[K\n"));
    progress_.clear();
}

void console::keep_progress() {
    std::lock_guard const lock(mutex_);
    forget_in_background();
    if (!progress_.empty())
        write("\n");
    progress_.clear();
}

void console::clear_progress() {
    std::lock_guard const lock(mutex_);
    forget_in_background();
    if (!progress_.empty())
        write("\r\x1b[K");
    progress_.clear();
}

void console::forget_in_background() {
    // What stands in the line now is a shell's.
    if (!progress_.empty() && !is_in_foreground(descriptor_))
        progress_.clear();
}

bool console::has_room() const {
    pollfd room{descriptor_, POLLOUT, 0};
    return ::poll(&room, 1, 0) != 0;
}

void console::write(std::string_view text) {
    while (!text.empty()) {
        auto const wrote = ::write(descriptor_, text.data(), text.size());
        if (wrote < 0 && errno != EINTR)
            return;
        if (wrote > 0)
            text.remove_prefix(static_cast<std::size_t>(wrote));
    }
}

}
