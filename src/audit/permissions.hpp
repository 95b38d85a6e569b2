#pragma once

#include <allot/assignment_ref.hpp>

#include <string>

namespace allot {

/// The least permissions that read allotments below a scope, as a sentence for people (Graph: "Get allotment
/// for assignment", Permissions).
std::string needed_permission(assignment_scope scope);

}
