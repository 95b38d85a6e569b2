#include "audit/permissions.hpp"

namespace allot {

std::string needed_permission(assignment_scope scope) {
    switch (scope) {
    case assignment_scope::admin:
        return "/admin needs the application permission CloudLicensing.Read.All (delegated: "
               "CloudLicensing.Read)";
    case assignment_scope::user:
        return "/users needs the application permission User-CloudLicensing.Read.All (delegated: "
               "User-CloudLicensing.Read)";
    case assignment_scope::group:
        break;
    }
    return "/groups needs the application permission Group-CloudLicensing.Read.All (delegated: "
           "Group-CloudLicensing.Read)";
}

}
