#pragma once

#include <allot/assignment_list.hpp>
#include <allot/assignment_ref.hpp>
#include <allot/model.hpp>

namespace allot {

/// What a list of `scope` calls an assignment.
assignment_ref listed_reference(list_scope const& scope, assignment const& listed);

}
