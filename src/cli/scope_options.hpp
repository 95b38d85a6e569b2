#pragma once

#include <allot/assignment_list.hpp>

#include <CLI/App.hpp>

#include <optional>
#include <string>

namespace allot {

/// Whose assignments are listed.
struct scope_options {
    std::optional<std::string> user_id;
    std::optional<std::string> group_id;

    bool given() const noexcept { return user_id || group_id; }
};

/// Adds --user and --group. `before` begins their descriptions. Lifetimes: `options` outlives the parse.
void add_scope_options(CLI::App& app, scope_options& options, std::string const& before, char const* group);

/// The tenant where neither is given. Errors: `usage_error` for an id that cannot be sent.
list_scope scope_of(scope_options const& options);

}
