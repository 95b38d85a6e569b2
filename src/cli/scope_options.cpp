#include "cli/scope_options.hpp"

#include "cli/usage_error.hpp"

#include <CLI/Option.hpp>

namespace allot {

void add_scope_options(CLI::App& app, scope_options& options, std::string const& before, char const* group) {
    auto* const user =
        app.add_option("--user", options.user_id, before + "those of this user (id or principal name)")
            ->type_name("ID")
            ->group(group);
    app.add_option("--group", options.group_id, before + "those of this group")
        ->type_name("ID")
        ->excludes(user)
        ->group(group);
}

list_scope scope_of(scope_options const& options) {
    auto scope = options.user_id    ? list_scope::user(*options.user_id)
                 : options.group_id ? list_scope::group(*options.group_id)
                                    : list_scope::admin();
    if (auto const problem = scope.problem())
        throw usage_error(*problem);
    return scope;
}

}
