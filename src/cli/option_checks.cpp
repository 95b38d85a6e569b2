#include "cli/option_checks.hpp"

#include "audit/text.hpp"
#include "cli/duration.hpp"

#include <CLI/Error.hpp>
#include <CLI/Option.hpp>

#include <charconv>
#include <utility>

namespace allot {

CLI::Option* add_checked(
    CLI::App& app, std::string const& name, std::string const& type,
    std::function<std::optional<std::string>(std::string const&)> take, std::string const& description) {
    auto check = [name, take = std::move(take)](std::string const& value) {
        if (auto const rule = take(value))
            throw CLI::ValidationError(name, *rule + ", not \"" + shorten(terminal_safe(value), 64) + "\"");
    };
    std::function<void(std::string const&)> callback(std::move(check));
    return app.add_option_function<std::string>(name, callback, description)->type_name(type);
}

CLI::Option* add_number(
    CLI::App& app, std::string const& name, std::optional<std::uint64_t>& target, std::uint64_t least,
    std::uint64_t most, std::string const& description) {
    auto take = [&target, least, most](std::string const& value) -> std::optional<std::string> {
        std::uint64_t number = 0;
        auto const* const end = value.data() + value.size();
        auto const [rest, error] = std::from_chars(value.data(), end, number);
        if (error != std::errc() || rest != end || number < least || number > most)
            return "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most);
        target = number;
        return std::nullopt;
    };
    return add_checked(app, name, "N", std::move(take), description);
}

CLI::Option* add_duration(
    CLI::App& app, std::string const& name, std::optional<std::chrono::milliseconds>& target,
    std::chrono::milliseconds least, std::chrono::milliseconds most, std::string const& description) {
    auto take = [&target, least, most](std::string const& value) -> std::optional<std::string> {
        auto const duration = parse_duration(value);
        if (!duration || *duration < least || *duration > most)
            return "must be a duration from " + duration_text(least) + " to " + duration_text(most) +
                   " like 500ms, 30s, 5m or 2h";
        target = duration;
        return std::nullopt;
    };
    return add_checked(app, name, "TIME", std::move(take), description);
}

std::optional<std::string> take_input_format(input_format& target, std::string const& value) {
    if (value == "auto")
        target = input_format::automatic;
    else if (value == "lines")
        target = input_format::lines;
    else if (value == "csv")
        target = input_format::csv;
    else if (value == "ndjson")
        target = input_format::ndjson;
    else
        return "must be auto, lines, csv or ndjson";
    return std::nullopt;
}

std::optional<std::string> take_row_format(row_format& target, std::string const& value) {
    if (value != "ndjson" && value != "csv")
        return "must be ndjson or csv";
    target = value == "csv" ? row_format::csv : row_format::ndjson;
    return std::nullopt;
}

}
