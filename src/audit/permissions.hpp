#pragma once

#include <allot/assignment_ref.hpp>

#include <span>
#include <string>

namespace allot {

/// The permissions that read allotments below one scope, least first (Graph: "Get allotment for assignment",
/// Permissions).
struct scope_permissions {
    assignment_scope scope;
    char const* path;                         ///< "/admin", "/users", "/groups"
    std::span<char const* const> application; ///< the first is the least
    std::span<char const* const> delegated;   ///< the same for a signed-in user
};

scope_permissions permissions_of(assignment_scope scope) noexcept;

/// The least permissions, as a sentence for people.
std::string needed_permission(assignment_scope scope);

}
