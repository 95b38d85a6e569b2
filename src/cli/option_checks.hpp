#pragma once

#include "audit/input.hpp"
#include "audit/row_writers.hpp"

#include <CLI/App.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

/// Options whose values are checked; a refused one is a `CLI::ValidationError` that names option, rule and
/// value. Lifetimes: the target outlives the parse.
namespace allot {

/// Graph's limit of `$top`.
inline constexpr std::uint64_t most_on_a_page = 999;

/// A whole number from `least` to `most`.
CLI::Option* add_number(
    CLI::App& app, std::string const& name, std::optional<std::uint64_t>& target, std::uint64_t least,
    std::uint64_t most, std::string const& description);

/// A duration ("30s") from `least` to `most`.
CLI::Option* add_duration(
    CLI::App& app, std::string const& name, std::optional<std::chrono::milliseconds>& target,
    std::chrono::milliseconds least, std::chrono::milliseconds most, std::string const& description);

/// Text that `take` understands; it answers with the rule when it does not.
CLI::Option* add_checked(
    CLI::App& app, std::string const& name, std::string const& type,
    std::function<std::optional<std::string>(std::string const&)> take, std::string const& description);

/// What --input-format takes: the rule, unless `value` is "auto", "lines", "csv" or "ndjson".
std::optional<std::string> take_input_format(input_format& target, std::string const& value);

/// What --format takes: the rule, unless `value` is "ndjson" or "csv".
std::optional<std::string> take_row_format(row_format& target, std::string const& value);

}
