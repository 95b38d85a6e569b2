#pragma once

#include "json/reference.hpp"

#include <allot/assignment_ref.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace allot {

/// An entry that names no assignment, with as much of it as was understood.
struct broken_reference {
    assignment_scope scope = assignment_scope::admin;
    std::string principal_id;
    std::string assignment_id;
    std::string problem; ///< the rule it breaks, as a sentence
};

/// A reference that can be sent, or what is wrong.
using checked_reference = std::variant<assignment_ref, broken_reference>;

/// Checks the fields of a CSV record or NDJSON object.
checked_reference check_reference(reference_fields fields);

/// Checks a line: ASSIGNMENT_ID, users/USER_ID/ASSIGNMENT_ID or groups/GROUP_ID/ASSIGNMENT_ID.
checked_reference check_reference(std::string_view line);

}
