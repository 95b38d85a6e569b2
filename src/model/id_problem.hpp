#pragma once

#include <allot/assignment_ref.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace allot {

/// What rule of `assignment_ref` an id breaks, as a sentence. `name` says which id it is: "assignment id".
std::optional<std::string> id_problem(std::string_view name, std::string_view id);

/// The same for the id of the user or group below which something is addressed; admin has none to check.
std::optional<std::string> principal_problem(assignment_scope scope, std::string_view id);

}
