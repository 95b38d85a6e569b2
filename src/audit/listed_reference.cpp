#include "audit/listed_reference.hpp"

#include <string>

namespace allot {

assignment_ref listed_reference(list_scope const& scope, assignment const& listed) {
    auto id = listed.id.value_or(std::string());
    switch (scope.scope()) {
    case assignment_scope::admin:
        break;
    case assignment_scope::user:
        return assignment_ref::user(scope.principal_id(), std::move(id));
    case assignment_scope::group:
        return assignment_ref::group(scope.principal_id(), std::move(id));
    }
    return assignment_ref::admin(std::move(id));
}

}
